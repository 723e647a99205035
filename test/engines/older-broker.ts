// A broker that says that it takes older versions of some requests only, as one before an upgrade does.
import { createRequire } from 'node:module';

type Versions = Record<number, { minVersion: number; maxVersion: number } | undefined>;

/** Kafka's numbers of requests. */
export const FETCH = 1;
export const METADATA = 3;

/** Lets every broker that is connected to during some work, or until `upgrade`, take requests up to those versions only. */
export async function withOlderBroker<Result>(
  highest: Record<number, number>,
  work: (upgrade: () => void) => Promise<Result>,
): Promise<Result> {
  const load = createRequire(import.meta.url);
  const { prototype } = load('kafkajs/src/broker') as {
    prototype: { apiVersions(): Promise<Versions> };
  };
  const apiVersions = prototype.apiVersions;
  prototype.apiVersions = async function (this: unknown) {
    const versions = await apiVersions.call(this as typeof prototype);
    for (const [key, maxVersion] of Object.entries(highest)) {
      const known = versions[Number(key)];
      if (known !== undefined) known.maxVersion = Math.min(known.maxVersion, maxVersion);
    }
    return versions;
  };
  const upgrade = () => {
    prototype.apiVersions = apiVersions;
  };
  try {
    return await work(upgrade);
  } finally {
    upgrade();
  }
}
