// What becomes of a running Kafka source, on a real Kafka 4.4, while topics go, brokers go, and others hold the partitions.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createKafkaSource } from '../../src/adapters/source/kafka/kafka.ts';
import type { KafkaEvent, KafkaSourceOptions } from '../../src/adapters/source/kafka/options.ts';
import type { KnownStreams } from '../../src/ports/source.ts';
import { createRememberedStreams, takeAll } from '../contract/source.ts';
import { failureOf } from '../failure-of.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import { closing, follow, kafkaOptions, linesOf, untilTrue } from './kafka-reading.ts';

if (await hasKafka()) describe('a running Kafka source', tests).timeout(120_000);

function tests(): void {
  let kafka: KafkaServer;
  let numbers = 0;

  before(async () => {
    kafka = await startKafka();
  });
  after(() => kafka?.stop());

  async function newTopics(count: number): Promise<{ pattern: string; names: string[] }> {
    const mark = `changes-${++numbers}`;
    const names = Array.from({ length: count }, (_, i) => `${mark}-${i}`);
    for (const name of names) {
      await kafka.createTopic(name, 1);
      await kafka.produce(name, [{ value: `first of ${name}` }]);
    }
    return { pattern: `${mark}-*`, names };
  }

  function optionsOf(topics: string[], more: Partial<KafkaSourceOptions> = {}): KafkaSourceOptions {
    const of = { brokers: kafka.brokers, group: `group-${++numbers}`, topics };
    return kafkaOptions({ ...of, until: 'stopped' }, { sessionMs: 6_000, ...more });
  }

  it('leaves a topic of its pattern that was deleted, and reads the others on', async () => {
    const { pattern, names } = await newTopics(2);
    const [gone, kept] = names as [string, string];
    const known = createRememberedStreams();
    const told: KafkaEvent[] = [];
    const lines: string[] = [];
    let step = 0;
    const options = optionsOf([pattern], { known, onEvent: event => told.push(event) });
    await follow(options, known, async event => {
      lines.push(...linesOf(event));
      if (step === 0 && lines.length === 2) {
        step++;
        await kafka.deleteTopic(gone);
        await kafka.produce(kept, [{ value: 'second' }]);
      } else if (step === 1 && lines.length === 3) {
        step++;
        // What is read before the client hears of it is no proof.
        await untilTrue(() => told.filter(({ kind }) => kind === 'assigned').length === 2);
        await kafka.produce(kept, [{ value: 'third' }]);
      }
      return lines.length === 4;
    });
    expect(lines.slice(2)).to.deep.equal(['second', 'third']);
    const assigned = told.filter(event => event.kind === 'assigned').at(-1)!;
    expect(assigned.partitions).to.deep.equal([{ topic: kept, partition: 0 }]);
    expect(told.filter(event => event.kind === 'reconnecting').length).to.be.lessThan(5);
  });

  it('fails where a topic that it names was deleted', async () => {
    const { names } = await newTopics(2);
    const known = createRememberedStreams();
    let lines = 0;
    const reading = follow(optionsOf(names, { known }), known, async event => {
      lines += linesOf(event).length;
      if (lines === 2) await kafka.deleteTopic(names[0]!);
      return false;
    });
    expect((await failureOf(reading)).message).to.include(`Kafka has no topic ${names[0]}`);
  });

  it('begins partitions without waiting for those of a topic that cannot be asked about', async () => {
    const { names } = await newTopics(2);
    const remembered = createRememberedStreams();
    let isDeleted = false;
    // Asked after the group was joined, and before the places of the partitions are.
    const known: KnownStreams = {
      async streams(source, firstLine) {
        if (!isDeleted) {
          isDeleted = true;
          await kafka.deleteTopic(names[0]!);
        }
        return await remembered.streams(source, firstLine);
      },
      marks: id => remembered.marks(id),
    };
    const lines: string[] = [];
    await follow(optionsOf(names, { known }), remembered, async event => {
      lines.push(...linesOf(event));
      return lines.length === 1;
    });
    expect(lines).to.deep.equal([`first of ${names[1]}`]);
  });

  describe('whose partitions are another worker’s', () => {
    /** Whom the group gives the only partition is chance. */
    async function untilGivenNone(join: () => Promise<readonly KafkaEvent[]>): Promise<void> {
      for (let tries = 0; tries < 20; tries++) {
        const first = (await join()).find(event => event.kind === 'assigned')!;
        if (first.partitions.length === 0) return;
      }
      throw new Error('it was given the partition each time');
    }

    it('ends where it was only to read what is there', async () => {
      await untilGivenNone(async () => {
        const { names } = await newTopics(1);
        const group = `group-${++numbers}`;
        const told: KafkaEvent[] = [];
        const known = createRememberedStreams();
        await follow(optionsOf(names, { group, known }), known, async () => {
          if (told.length > 0) return true;
          const options = optionsOf(names, { group, until: 'end', onEvent: event => told.push(event) });
          expect((await takeAll(closing(createKafkaSource(options)))).ends).to.have.length(1);
          return true;
        });
        return told;
      });
    });

    it('begins them where it was asked for, once they are its own', async () => {
      await untilGivenNone(async () => {
        const { names } = await newTopics(1);
        const group = `group-${++numbers}`;
        const told: KafkaEvent[] = [];
        const lines: string[] = [];
        // Two stores, so that the second worker knows nothing of what the first one has read.
        const known = createRememberedStreams();
        const other = createRememberedStreams();
        let second: Promise<void> | null = null;
        await follow(optionsOf(names, { group, known: other }), other, async () => {
          const more: Partial<KafkaSourceOptions> = { start: 'latest', onEvent: event => told.push(event) };
          second ??= follow(optionsOf(names, { group, known, ...more }), known, async event => {
            if (event.kind === 'position') await kafka.produce(names[0]!, [{ value: 'after' }]);
            lines.push(...linesOf(event));
            return lines.length > 0;
          });
          await untilTrue(() => told.some(event => event.kind === 'assigned'));
          return true;
        });
        await second;
        expect(lines).to.deep.equal(['after']);
        return told;
      });
    });
  });

  describe('tells how far behind it is', () => {
    it('by the last answer of a broker that is away', async () => {
      const { names } = await newTopics(1);
      const [topic] = names as [string];
      const told: KafkaEvent[] = [];
      const options = optionsOf([topic], { onEvent: event => told.push(event) });
      const known = createRememberedStreams();
      await follow(options, known, async (event, source) => {
        if (event.kind !== 'lines') return false;
        await kafka.produce(topic, [{ value: 'unread' }, { value: 'unread' }]);
        const lag = [{ topic, partition: 0, endOffset: 3, readOffset: 1, storedOffset: null }];
        expect(await source.lag()).to.deep.equal(lag);
        await kafka.kill9();
        await untilTrue(() => told.some(({ kind }) => kind === 'reconnecting'));
        expect(await source.lag()).to.deep.equal(lag);
        // What a store that is there takes meanwhile is no longer behind.
        source.stored([event.state]);
        expect(await source.lag()).to.deep.equal([{ ...lag[0], storedOffset: 1 }]);
        await kafka.restart();
        return true;
      });
    });

    it('and holds no connection of a client that was left while it was asked', async () => {
      const { names } = await newTopics(1);
      const told: KafkaEvent[] = [];
      const known = createRememberedStreams();
      const openBefore = openSockets();
      const asked: Promise<unknown>[] = [];
      await follow(
        optionsOf(names, { known, onEvent: event => told.push(event) }),
        known,
        async (_, source) => {
          // Some of the questions are tried again until after the clients were made anew, and the broker is back.
          const asking = setInterval(() => asked.push(source.lag()), 400);
          await kafka.kill9();
          await untilTrue(() => told.some(({ kind }) => kind === 'reconnecting'));
          await kafka.restart();
          clearInterval(asking);
          await Promise.all(asked);
          return true;
        },
      );
      expect(asked.length).to.be.greaterThan(4);
      for (let tries = 0; openSockets() > openBefore && tries < 50; tries++) await pause(100);
      expect(openSockets()).to.be.at.most(openBefore);
    });

    it('only of partitions whose place is found', async () => {
      const { names } = await newTopics(1);
      const told: KafkaEvent[] = [];
      let answer = () => {};
      const answered = new Promise<void>(resolve => {
        answer = resolve;
      });
      const known: KnownStreams = {
        async streams() {
          await answered;
          return [];
        },
        marks: async () => [],
      };
      const source = createKafkaSource(optionsOf(names, { known, onEvent: event => told.push(event) }));
      const stop = new AbortController();
      const next = source.events(stop.signal)[Symbol.asyncIterator]().next();
      await untilTrue(() => told.some(({ kind }) => kind === 'assigned'));
      expect(await source.lag()).to.deep.equal([]);
      answer();
      await next;
      expect(await source.lag()).to.have.length(1);
      stop.abort();
      await source.close();
    });
  });
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'TCPSocketWrap').length;
}
