// What becomes of a topic that is deleted and made anew under its name, on a real Kafka 4.4: it is another stream.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKafkaSource } from '../../src/adapters/source/kafka/kafka.ts';
import type { KafkaSourceOptions } from '../../src/adapters/source/kafka/options.ts';
import { positionAt } from '../../src/adapters/source/kafka/position.ts';
import { createTopicIds } from '../../src/adapters/source/kafka/topic-ids.ts';
import { createRememberedStreams, type RememberedStreams, takeAll } from '../contract/source.ts';
import { failureOf } from '../failure-of.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import { closing, follow, kafkaOptions, linesOf } from './kafka-reading.ts';
import { FETCH, METADATA, withOlderBroker } from './older-broker.ts';

const LOGIN = { username: 'worker', password: 'hemligt' };

if (await hasKafka()) describe('a topic that is made anew', tests).timeout(120_000);

function tests(): void {
  let kafka: KafkaServer;
  let numbers = 0;

  before(async () => {
    kafka = await startKafka({ secured: LOGIN });
  });
  after(() => kafka?.stop());

  async function newTopic(values: readonly string[]): Promise<string> {
    const topic = `remade-${++numbers}`;
    await make(topic, values);
    return topic;
  }

  async function make(topic: string, values: readonly string[]): Promise<void> {
    await kafka.createTopic(topic, 1);
    if (values.length > 0) await produce(topic, values);
  }

  async function remake(topic: string, values: readonly string[]): Promise<void> {
    await kafka.deleteTopic(topic);
    await make(topic, values);
  }

  async function produce(topic: string, values: readonly string[]): Promise<void> {
    await kafka.produce(
      topic,
      values.map(value => ({ value })),
    );
  }

  function optionsOf(topic: string, more: Partial<KafkaSourceOptions> = {}): KafkaSourceOptions {
    const of = { brokers: kafka.brokers, group: `group-${++numbers}`, topics: [topic] };
    return kafkaOptions({ ...of, until: 'end' }, { sessionMs: 6_000, ...more });
  }

  interface Line {
    text: string;
    id: string;
    position: number;
  }

  /** Reads to the end and stores; each line with the stream that it is of and where its chunk begins. */
  async function read(
    topic: string,
    known: RememberedStreams,
    more: Partial<KafkaSourceOptions> = {},
  ): Promise<Line[]> {
    const options = optionsOf(topic, { known, ...more });
    const { events } = await takeAll(closing(createKafkaSource(options)));
    for (const event of events) known.store(event);
    return events.flatMap(({ state, offset, text }) =>
      text
        .split('\n')
        .slice(0, -1)
        .map(line => ({ text: line, id: state.id, position: offset })),
    );
  }

  describe('while nobody reads it', () => {
    for (const [length, values] of [
      ['shorter', ['new 0']],
      ['longer', ['new 0', 'new 1', 'new 2', 'new 3']],
    ] as const) {
      it(`§9.2 is read whole, under another id, where it is ${length} than what was read`, async () => {
        const topic = await newTopic(['old 0', 'old 1']);
        const known = createRememberedStreams();
        const old = await read(topic, known);
        await remake(topic, values);
        const anew = await read(topic, known);
        expect(anew.map(({ text }) => text)).to.deep.equal(values);
        expect(anew[0]!.position).to.equal(positionAt(0, 0));
        expect(anew[0]!.id).not.to.equal(old[0]!.id);
      });
    }

    it('is begun as the configuration says', async () => {
      const topic = await newTopic(['old 0', 'old 1']);
      const known = createRememberedStreams();
      await read(topic, known);
      await remake(topic, ['new 0', 'new 1', 'new 2']);
      expect(await read(topic, known, { start: 'latest' })).to.deep.equal([]);
      await produce(topic, ['new 3']);
      expect((await read(topic, known, { start: 'latest' })).map(({ text }) => text)).to.deep.equal([
        'new 3',
      ]);
    });
  });

  describe('whose stream was stored before the broker told ids', () => {
    const withoutIds = { [METADATA]: 9, [FETCH]: 11 };

    it('§9.2 is gone on with under the id that it has: an upgrade reads nothing twice', async () => {
      const topic = await newTopic(['old 0', 'old 1']);
      const known = createRememberedStreams();
      const before = await withOlderBroker(withoutIds, async () => await read(topic, known));
      expect(before).to.have.length(2);
      await produce(topic, ['after']);
      const after = await read(topic, known);
      expect(after.map(({ text }) => text)).to.deep.equal(['after']);
      expect(after[0]!.id).to.equal(before[0]!.id);
      expect(await read(topic, known)).to.deep.equal([]);
    });

    it('§9.2 is gone on with where the broker begins to tell ids while it is read', async () => {
      const topic = await newTopic(['old 0', 'old 1']);
      const known = createRememberedStreams();
      const lines: string[] = [];
      await withOlderBroker(withoutIds, async upgrade => {
        const options = optionsOf(topic, { known, until: 'stopped' });
        await follow(options, known, async event => {
          lines.push(...linesOf(event));
          if (event.kind === 'lines' && lines.length === 2) {
            upgrade();
            await kafka.kill9();
            await kafka.restart();
            await produce(topic, ['after']);
          }
          return lines.length > 2;
        });
      });
      expect(lines).to.deep.equal(['old 0', 'old 1', 'after']);
      expect(known.states.size).to.equal(1);
      expect(await read(topic, known)).to.deep.equal([]);
    });

    it('§9.2 is refused while it is shorter than what was read: which topic that was is not known', async () => {
      const topic = await newTopic(['old 0', 'old 1']);
      const known = createRememberedStreams();
      await withOlderBroker(withoutIds, async () => await read(topic, known));
      await remake(topic, ['new 0']);
      expect((await failureOf(read(topic, known))).message).to.include('made anew');
    });

    it('§9.2 is read whole where it is made anew while it is read', async () => {
      const topic = await newTopic(['old 0', 'old 1']);
      const known = createRememberedStreams();
      const [before] = await withOlderBroker(withoutIds, async () => await read(topic, known));
      await produce(topic, ['old 2']);
      const lines = await readWhileRemade(topic, ['new 0', 'new 1', 'new 2', 'new 3'], { known });
      expect(lines[0]).to.include({ text: 'old 2', id: before!.id });
      expect(newOnes(lines)).to.deep.equal(['new 0', 'new 1', 'new 2', 'new 3']);
    });
  });

  it('has the same id whatever the version in which the broker tells it, and over TLS', async () => {
    const topic = await newTopic(['a line']);
    const passwordFile = join(kafka.folder, 'password');
    writeFileSync(passwordFile, LOGIN.password);
    const idOf = async (more: Partial<KafkaSourceOptions> = {}) =>
      (await read(topic, createRememberedStreams(), more))[0]!.id;
    const id = await idOf();
    const secured = await idOf({
      brokers: kafka.securedBrokers,
      tls: { caFile: kafka.caFile, certFile: null, keyFile: null },
      sasl: { mechanism: 'scram-sha-256', username: LOGIN.username, passwordFile },
    });
    expect(secured).to.equal(id);
    for (const version of [10, 11]) {
      expect(await withOlderBroker({ [METADATA]: version }, async () => await idOf())).to.equal(id);
    }
    expect(await withOlderBroker({ [METADATA]: 9 }, async () => await idOf())).not.to.equal(id);
  });

  it('keeps the id that was told once where a broker tells none later', async () => {
    const topic = await newTopic([]);
    const ids = createTopicIds(kafka.client());
    const id = (await ids.find([topic])).get(topic);
    expect(id).to.match(/^[\w-]{22}$/);
    await ids.disconnect();
    await withOlderBroker({ [METADATA]: 9 }, async () => {
      expect((await ids.find([topic])).get(topic)).to.equal(id);
    });
    await ids.disconnect();
  });

  describe('while it is read', () => {
    const values = Array.from({ length: 8 }, (_, i) => `new ${i}`);

    it('§9.2 is read from its beginning whatever the start, and nothing of it under the id of the one before', async () => {
      const topic = await newTopic(['before']);
      const lines = await readWhileRemade(topic, values, { start: 'latest' }, async () => {
        await produce(topic, ['old 1', 'old 2']);
      });
      const old = lines.find(({ text }) => text.startsWith('old'))!;
      expect(lines.filter(({ id }) => id === old.id).every(({ text }) => text.startsWith('old'))).to.equal(
        true,
      );
      expect(newOnes(lines)).to.deep.equal(values);
    });

    it('is noticed by looking around where the broker gives messages by name alone', async () => {
      const topic = await newTopic(['old 0']);
      const lines = await withOlderBroker(
        { [FETCH]: 11 },
        async () => await readWhileRemade(topic, values, { topicsEveryMs: 200 }),
      );
      const last = lines.at(-1)!.id;
      expect(lines.filter(({ id }) => id === last).map(({ text }) => text)).to.deep.equal(values);
    });
  });

  /** Gives what was read of the last stream. */
  function newOnes(lines: readonly Line[]): string[] {
    const last = lines.at(-1)!.id;
    return lines.filter(({ id }) => id === last).map(({ text }) => text);
  }

  /**
   * Follows a topic and makes it anew while the reader is busy and, as its inbox is full, nothing is fetched: the client
   * sees the topic before and the topic after, and no time without one. Ends when all of the new values were read.
   */
  async function readWhileRemade(
    topic: string,
    values: readonly string[],
    more: Partial<KafkaSourceOptions> & { known?: RememberedStreams },
    onPosition?: () => Promise<void>,
  ): Promise<Line[]> {
    const known = more.known ?? createRememberedStreams();
    const lines: Line[] = [];
    let isRemade = false;
    const options = optionsOf(topic, { ...more, known, until: 'stopped', aheadBytes: 1 });
    await follow(options, known, async event => {
      if (event.kind === 'position') await onPosition?.();
      for (const text of linesOf(event)) {
        if (event.kind === 'lines') lines.push({ text, id: event.state.id, position: event.offset });
      }
      if (lines.length > 0 && !isRemade) {
        isRemade = true;
        // The inbox is filled by it; what is fetched is of the old topic still.
        await produce(topic, ['old and unread']);
        await new Promise(resolve => setTimeout(resolve, 1_000));
        await remake(topic, values);
      }
      const first = lines.find(({ text }) => text === values[0]);
      return first !== undefined && lines.at(-1)!.id === first.id && lines.at(-1)!.text === values.at(-1);
    });
    return lines;
  }
}
