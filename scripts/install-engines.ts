// Fetches the real servers of test/engines unless they are there: `node scripts/install-engines.ts`. The gate runs it
// before their tests. Nothing of the servers comes to lie in the checkout.
// Needs Maven (`mvn`), Java 17 or newer, and Java 21 or newer for Elasticsearch 9.
import { ELASTICSEARCH_VERSIONS, installElasticsearch } from '../test/engines/elasticsearch.ts';
import { installKafka } from '../test/engines/kafka.ts';

const ENGINES: readonly { name: string; install(): Promise<string> }[] = [
  { name: 'Kafka', install: installKafka },
  ...ELASTICSEARCH_VERSIONS.map(version => ({
    name: `Elasticsearch ${version}`,
    install: () => installElasticsearch(version),
  })),
];

for (const { name, install } of ENGINES) {
  try {
    console.log(`${name} is in ${await install()}`);
  } catch (error) {
    console.error(`${name} cannot be installed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
