// The Kafka source on a real Kafka 4.4: the contract of every source, and what only a broker can do to it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKafkaSource } from '../../src/adapters/source/kafka/kafka.ts';
import type { KafkaEvent, KafkaSourceOptions } from '../../src/adapters/source/kafka/options.ts';
import { MAX_LINES, offsetOf, positionAt } from '../../src/adapters/source/kafka/position.ts';
import { createPositionFinder } from '../../src/frame/position-finder.ts';
import type { LiveEvent } from '../../src/ports/source.ts';
import {
  createRememberedStreams,
  describeSource,
  splitLines,
  type Taken,
  takeAll,
} from '../contract/source.ts';
import { failureOf } from '../failure-of.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import { closing, follow, kafkaOptions, linesOf, untilTrue } from './kafka-reading.ts';

const LOGIN = { username: 'worker', password: 'hemligt och långt' };

if (await hasKafka()) describe('the Kafka source', tests).timeout(120_000);

function tests(): void {
  let kafka: KafkaServer;
  let numbers = 0;

  before(async () => {
    kafka = await startKafka({ secured: LOGIN });
  });
  after(() => kafka?.stop());

  async function newTopic(partitions = 1, settings: Record<string, string> = {}): Promise<string> {
    const topic = `topic-${++numbers}`;
    await kafka.createTopic(topic, partitions, settings);
    return topic;
  }

  function optionsOf(topics: string[], more: Partial<KafkaSourceOptions> = {}): KafkaSourceOptions {
    const of = { brokers: kafka.brokers, group: `group-${++numbers}`, topics };
    return kafkaOptions({ ...of, until: 'end' }, more);
  }

  /** Reads to the end and closes. */
  async function read(options: KafkaSourceOptions): Promise<Taken> {
    return await takeAll(closing(createKafkaSource(options)));
  }

  describeSource('Kafka', async () => {
    const topic = await newTopic();
    return {
      async append(lines) {
        // Messages of one, two and three lines.
        const messages: { value: string }[] = [];
        for (let i = 0, count = 1; i < lines.length; i += count, count = (count % 3) + 1) {
          messages.push({ value: lines.slice(i, i + count).join('\n') });
        }
        await kafka.produce(topic, messages);
      },
      open: known => closing(createKafkaSource(optionsOf([topic], { known, bufferBytes: 128 }))),
      dispose: async () => undefined,
    };
  });

  describe('reads what any producer packed', () => {
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      it(`with ${codec}`, async () => {
        const topic = await newTopic();
        const lines = Array.from({ length: 3_000 }, (_, i) => `${codec} ${i} ${'åäö abc '.repeat(i % 40)}`);
        await kafka.consoleProduce(topic, `${lines.join('\n')}\n`, codec);
        const { lines: found } = await read(optionsOf([topic]));
        expect(found.map(line => Buffer.from(line, 'latin1').toString('utf8'))).to.deep.equal(lines);
      });
    }
  });

  describe('signs in over TLS', () => {
    function secured(mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password: string) {
      const passwordFile = join(kafka.folder, `password-${++numbers}`);
      writeFileSync(passwordFile, `${password}\n`);
      return {
        brokers: kafka.securedBrokers,
        tls: { caFile: kafka.caFile, certFile: null, keyFile: null },
        sasl: { mechanism, username: LOGIN.username, passwordFile },
      };
    }

    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
      it(`with ${mechanism}`, async () => {
        const topic = await newTopic();
        await kafka.produce(topic, [{ value: 'one line' }]);
        const { lines } = await read(optionsOf([topic], secured(mechanism, LOGIN.password)));
        expect(lines).to.deep.equal(['one line']);
      });

      it(`and says that a wrong password is wrong (${mechanism})`, async () => {
        const options = optionsOf(['any'], secured(mechanism, 'wrong'));
        const error = await failureOf(read(options));
        expect(error.code).to.equal('SOURCE');
        expect(error.message).to.include('refused the user name or the password');
        expect(error.message + error.hint).not.to.include('wrong');
      });
    }

    it('and says that a certificate is not believed', async () => {
      const options = { ...optionsOf(['any'], secured('plain', LOGIN.password)) };
      const error = await failureOf(
        read({ ...options, tls: { caFile: null, certFile: null, keyFile: null } }),
      );
      expect(error.message).to.include('is not believed');
    });

    it('and says which file with a secret is missing', async () => {
      const { brokers, tls, sasl } = secured('plain', 'x');
      const options = optionsOf(['any'], {
        brokers,
        tls,
        sasl: { ...sasl, passwordFile: '/nowhere/password' },
      });
      expect((await failureOf(read(options))).code).to.equal('KEYS');
    });
  });

  it('says that no broker answers', async () => {
    const error = await failureOf(read(optionsOf(['any'], { brokers: ['127.0.0.1:1'] })));
    expect(error.message).to.include('no Kafka answers at 127.0.0.1:1');
  });

  it('says that a topic is missing, and makes none', async () => {
    expect((await failureOf(read(optionsOf(['missing'])))).message).to.include('no topic missing');
    expect((await failureOf(read(optionsOf(['missing'])))).message).to.include('no topic missing');
  });

  describe('reads topics by pattern', () => {
    it('and no others', async () => {
      const mark = `pattern-${++numbers}`;
      for (const name of ['squid-a', 'squid-b', 'other']) {
        await kafka.createTopic(`${mark}-${name}`, 1);
        await kafka.produce(`${mark}-${name}`, [{ value: name }]);
      }
      const { lines } = await read(optionsOf([`${mark}-squid-*`]));
      expect(lines.sort()).to.deep.equal(['squid-a', 'squid-b']);
    });

    it('and one that comes later from its beginning, though others are begun at their end', async () => {
      const mark = `later-${++numbers}`;
      await kafka.createTopic(`${mark}-1`, 1);
      await kafka.produce(`${mark}-1`, [{ value: 'before' }]);
      const lines: string[] = [];
      const known = createRememberedStreams();
      const options = optionsOf([`${mark}-*`], {
        start: 'latest',
        until: 'stopped',
        topicsEveryMs: 200,
        known,
      });
      await follow(options, known, async event => {
        if (event.kind === 'position') {
          await kafka.createTopic(`${mark}-2`, 1);
          await kafka.produce(`${mark}-2`, [{ value: 'in a new topic' }]);
          await kafka.produce(`${mark}-1`, [{ value: 'after' }]);
        }
        lines.push(...linesOf(event));
        return lines.length === 2;
      });
      expect(lines.sort()).to.deep.equal(['after', 'in a new topic']);
    });
  });

  it('gives each line of a message of many its own position, the same at every reading', async () => {
    const topic = await newTopic();
    const messages = [{ value: 'a\nb\nc' }, { value: 'd\n' }, { value: 'e\r\nf' }];
    await kafka.produce(topic, messages);
    const source = createKafkaSource(optionsOf([topic]));
    const found: [string, number][] = [];
    for await (const event of closing(source).events(new AbortController().signal)) {
      if (event.kind !== 'lines') continue;
      const positionOf = createPositionFinder(event.positions!, event.bytes);
      for (let at = event.start; at < event.end; ) {
        const feed = event.bytes.indexOf(10, at);
        found.push([Buffer.from(event.bytes.subarray(at, feed)).toString(), positionOf(at)]);
        at = feed + 1;
      }
    }
    expect(found).to.deep.equal([
      ['a', positionAt(0, 0)],
      ['b', positionAt(0, 1)],
      ['c', positionAt(0, 2)],
      ['d', positionAt(1, 0)],
      ['e\r', positionAt(2, 0)],
      ['f', positionAt(2, 1)],
    ]);
  });

  it('goes on in the middle of a message', async () => {
    const topic = await newTopic();
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i} of one message`);
    await kafka.produce(topic, [{ value: lines.join('\n') }, { value: 'the next' }]);
    const known = createRememberedStreams();
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) {
      const taken = await takeAll(
        closing(createKafkaSource(optionsOf([topic], { known, bufferBytes: 256 }))),
        events => events.length >= 1,
      );
      if (taken.events.length === 0) break;
      known.store(taken.events[0]!);
      seen.push(...splitLines(taken.events[0]!.text));
    }
    expect(seen).to.deep.equal([...lines, 'the next']);
  });

  it('names tenant, format and proxy by key and header', async () => {
    const topic = await newTopic();
    await kafka.produce(topic, [
      { value: 'a', key: 'proxy-1', headers: { tenant: 'nord', format: 'squid' } },
      { value: 'b', key: 'proxy-1', headers: { tenant: 'nord', format: 'squid' } },
      { value: 'c' },
    ]);
    const names = { tenant: 'header:tenant', format: 'header:format', proxy: 'key' } as const;
    const source = closing(createKafkaSource(optionsOf([topic], { names })));
    const found: unknown[] = [];
    for await (const event of source.events(new AbortController().signal)) {
      if (event.kind === 'lines') found.push([linesOf(event), event.origin]);
    }
    expect(found).to.deep.equal([
      [['a', 'b'], { tenant: 'nord', format: 'squid', proxy: 'proxy-1' }],
      [['c'], { tenant: null, format: null, proxy: null }],
    ]);
  });

  describe('is begun', () => {
    it('at a time', async () => {
      const topic = await newTopic();
      await kafka.produce(topic, [
        { value: 'old', timestamp: '1700000000000' },
        { value: 'new', timestamp: '1700000100000' },
      ]);
      const { lines } = await read(optionsOf([topic], { start: { atMs: 1_700_000_050_000 } }));
      expect(lines).to.deep.equal(['new']);
    });

    it('at its end, and knows that place again though no line came', async () => {
      const topic = await newTopic();
      const known = createRememberedStreams();
      await kafka.produce(topic, [{ value: 'before' }]);
      const first = await read(optionsOf([topic], { start: 'latest', known }));
      expect(first.events.map(event => event.kind)).to.deep.equal(['position']);
      known.store(first.events[0]!);
      await kafka.produce(topic, [{ value: 'while nobody read' }]);
      const second = await read(optionsOf([topic], { start: 'latest', known }));
      expect(second.lines).to.deep.equal(['while nobody read']);
    });
  });

  it('§9.1 goes to the place of the store, not to that of the broker, and the broker follows', async () => {
    const topic = await newTopic();
    const group = `group-${++numbers}`;
    const known = createRememberedStreams();
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    await kafka.produce(
      topic,
      lines.map(value => ({ value })),
    );
    // A broker's note that runs ahead of the store.
    const ahead = createKafkaSource(optionsOf([topic], { group }));
    const taken = await takeAll(ahead);
    ahead.stored(taken.events.map(event => event.state));
    await ahead.close();
    expect(await committedOffset(group, topic)).to.equal(20);

    const source = createKafkaSource(optionsOf([topic], { group, known, bufferBytes: 64 }));
    const again = await takeAll(source);
    expect(again.lines).to.deep.equal(lines);
    const half = again.events.find(event => offsetOf(event.state.position) >= 10)!;
    source.stored([half.state]);
    await source.close();
    expect(await committedOffset(group, topic)).to.equal(offsetOf(half.state.position));
  });

  describe('lives with whatever a message holds', () => {
    it('nothing, no value, bytes that are no text: each is one line', async () => {
      const topic = await newTopic();
      const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => (i === 10 ? 11 : i)));
      await kafka.produce(topic, [{ value: '' }, { value: null }, { value: binary }, { value: 'after' }]);
      const { lines } = await read(optionsOf([topic]));
      expect(lines).to.deep.equal(['', '', binary.toString('latin1'), 'after']);
    });

    it('a line that is longer than the buffer is one reject', async () => {
      const topic = await newTopic(1, { 'max.message.bytes': '10000000' });
      await kafka.produce(topic, [{ value: 'before' }, { value: Buffer.alloc(6_000_000, 'x') }]);
      await kafka.produce(topic, [
        { value: `short\n${'y'.repeat(5_000_000)}\nshort too` },
        { value: 'after' },
      ]);
      const { events, lines } = await read(optionsOf([topic]));
      expect(lines).to.deep.equal(['before', 'short', 'short too', 'after']);
      const overlong = events.filter(event => event.kind === 'overlong');
      expect(overlong.map(event => [event.text.length, event.offset])).to.deep.equal([
        [65_536, positionAt(1, 0)],
        [65_536, positionAt(2, 1)],
      ]);
    });

    it('too many lines: what is past the bound is one reject', async () => {
      const topic = await newTopic();
      await kafka.produce(topic, [{ value: 'a\n'.repeat(MAX_LINES + 5) }, { value: 'after' }]);
      const { events, lines } = await read(optionsOf([topic]));
      expect(lines).to.have.length(MAX_LINES);
      expect(lines.at(-1)).to.equal('after');
      expect(events.map(event => event.kind)).to.deep.equal(['lines', 'overlong', 'lines']);
    });

    it('marks of transactions, and messages that were taken back', async () => {
      const topic = await newTopic();
      const client = kafka.client();
      const producer = client.producer({
        transactionalId: `t-${numbers}`,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      for (const [value, isKept] of [
        ['a', true],
        ['b', false],
        ['c', true],
        ['d', false],
      ] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value }] });
        await (isKept ? transaction.commit() : transaction.abort());
      }
      await producer.disconnect();
      const { lines, ends } = await read(optionsOf([topic]));
      expect(lines).to.deep.equal(['a', 'c']);
      expect(ends).to.have.length(1);
    });
  });

  it('says what the broker deleted before it was read, and goes on', async () => {
    const topic = await newTopic();
    const known = createRememberedStreams();
    const events: KafkaEvent[] = [];
    const options = () =>
      optionsOf([topic], { known, bufferBytes: 64, onEvent: event => events.push(event) });
    await kafka.produce(
      topic,
      Array.from({ length: 30 }, (_, i) => ({ value: `line ${i}` })),
    );
    const first = await read(options());
    known.store(first.events[0]!);
    const stored = offsetOf(first.events[0]!.state.position);
    const admin = kafka.client().admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] });
    await admin.disconnect();
    const second = await read(options());
    expect(second.lines).to.deep.equal(Array.from({ length: 10 }, (_, i) => `line ${20 + i}`));
    expect(events.filter(event => event.kind === 'gap')).to.deep.equal([
      { kind: 'gap', topic, partition: 0, fromOffset: stored, toOffset: 20 },
    ]);
  });

  it('tells how far behind it is', async () => {
    const topic = await newTopic();
    await kafka.produce(
      topic,
      Array.from({ length: 10 }, (_, i) => ({ value: `line ${i}` })),
    );
    const source = createKafkaSource(optionsOf([topic], { bufferBytes: 32 }));
    const taken = await takeAll(source);
    source.stored([taken.events[0]!.state]);
    const stored = offsetOf(taken.events[0]!.state.position);
    expect(await source.lag()).to.deep.equal([
      { topic, partition: 0, endOffset: 10, readOffset: 10, storedOffset: stored },
    ]);
    await source.close();
  });

  it('§9.1 lets a start be stored before the first line, and says that it knew of nothing', async () => {
    const topic = await newTopic();
    await kafka.produce(topic, [{ value: 'one' }, { value: 'two' }]);
    const told: unknown[] = [];
    const options = optionsOf([topic], { start: { atMs: 0 } });
    for await (const event of closing(createKafkaSource(options)).events(new AbortController().signal)) {
      told.push(event.kind === 'position' ? [event.kind, event.from, event.state.position] : event.kind);
    }
    expect(told).to.deep.equal([['position', null, 0], 'settle', 'lines', 'end']);
  });

  it('joins no group once it was closed, however far its opening had come', async () => {
    const topic = await newTopic();
    for (const waitMs of [0, 5, 10, 15, 20, 30, 40, 60, 90]) {
      const options = optionsOf([topic], { until: 'stopped' });
      const source = createKafkaSource(options);
      const stop = new AbortController();
      const next = source.events(stop.signal)[Symbol.asyncIterator]().next();
      await new Promise(resolve => setTimeout(resolve, waitMs));
      stop.abort();
      await source.close();
      await next.catch(() => undefined);
      const admin = kafka.client().admin();
      await admin.connect();
      const { groups } = await admin.describeGroups([options.group]);
      await admin.disconnect();
      expect(groups[0]!.members, `closed after ${waitMs} ms`).to.have.length(0);
    }
  });

  it('stays in the group while the reader is slow, and fetches no more than it may', async () => {
    const topic = await newTopic();
    const value = 'x'.repeat(1_000);
    const some = Array.from({ length: 500 }, () => ({ value }));
    for (let i = 0; i < 20; i++) await kafka.produce(topic, some);
    const events: KafkaEvent[] = [];
    const options = optionsOf([topic], {
      sessionMs: 6_000,
      aheadBytes: 1 << 20,
      onEvent: event => events.push(event),
    });
    let lines = 0;
    let isFirst = true;
    for await (const event of closing(createKafkaSource(options)).events(new AbortController().signal)) {
      lines += linesOf(event).length;
      if (event.kind === 'lines' && isFirst) {
        isFirst = false;
        // Longer than the session: a worker that did not beat would have lost its partitions.
        await new Promise(resolve => setTimeout(resolve, 9_000));
      }
    }
    expect(lines).to.equal(10_000);
    expect(events.filter(event => event.kind === 'assigned')).to.have.length(1);
    expect(events.filter(event => event.kind === 'rebalancing')).to.have.length(0);
  });

  it('shares partitions with another worker: each line once in the store, whoever comes and goes', async () => {
    const topic = await newTopic(4);
    const group = `group-${++numbers}`;
    const known = createRememberedStreams();
    const total = 4_000;
    const lines = new Map<string, number>();
    const options = () =>
      optionsOf([topic], { group, known, until: 'stopped', bufferBytes: 1_024, sessionMs: 6_000 });
    const stopFirst = new AbortController();
    const stopSecond = new AbortController();
    const owners = { first: 0, second: 0 };
    const lost: string[] = [];
    const early = produceSlowly(topic, total / 2);
    const first = work('first', stopFirst.signal);
    await untilTrue(() => owners.first > total / 10);
    const second = work('second', stopSecond.signal);
    await untilTrue(() => lost.length > 0);
    await early;
    await produceSlowly(topic, total / 4, total / 2);
    await untilTrue(() => owners.second > 0);
    stopFirst.abort();
    await first;
    await produceSlowly(topic, total / 4, (total * 3) / 4);
    await untilTrue(() => lines.size === total);
    stopSecond.abort();
    await second;

    expect(lines.size).to.equal(total);
    expect([...lines.values()].every(times => times === 1)).to.equal(true);
    expect(lost).to.have.length(2);

    /** A worker whose store refuses what does not follow, as the fence of a real one does (§9.5). */
    async function work(name: 'first' | 'second', signal: AbortSignal): Promise<void> {
      const source = createKafkaSource(options());
      let batch: ReturnType<typeof copyOf>[] = [];
      const flush = () => {
        for (const event of batch) {
          const { id } = event.state;
          if ((known.states.get(id)?.position ?? 0) !== event.offset) {
            source.reread();
            break;
          }
          known.store(event);
          for (const line of splitLines(event.text)) {
            lines.set(line, (lines.get(line) ?? 0) + 1);
            owners[name]++;
          }
          source.stored([event.state]);
        }
        batch = [];
      };
      // What waits for more is stored all the same, as an idle window is (§9.4).
      const beat = setInterval(flush, 50);
      for await (const event of source.events(signal)) {
        if (event.kind === 'rebalance') {
          if (name === 'first') lost.push(...event.lost);
          batch = batch.filter(({ state }) => !event.lost.includes(state.id));
          flush();
        }
        if (event.kind === 'lines') batch.push(copyOf(event));
        if (batch.length >= 3) flush();
      }
      clearInterval(beat);
      flush();
      await source.close();
    }
  });

  it('loses and doubles nothing when the broker is killed and comes back', async () => {
    const topic = await newTopic(2);
    const known = createRememberedStreams();
    const total = 3_000;
    const lines = new Map<string, number>();
    const events: KafkaEvent[] = [];
    await produceSlowly(topic, total / 2);
    const options = optionsOf([topic], {
      known,
      until: 'stopped',
      bufferBytes: 4_096,
      sessionMs: 6_000,
      onEvent: event => events.push(event),
    });
    let isKilled = false;
    await follow(options, known, async event => {
      for (const line of linesOf(event)) lines.set(line, (lines.get(line) ?? 0) + 1);
      if (!isKilled && lines.size > total / 4) {
        isKilled = true;
        await kafka.kill9();
        await kafka.restart();
        await produceSlowly(topic, total / 2, total / 2);
      }
      return lines.size === total;
    });
    expect(isKilled).to.equal(true);
    expect([...lines.values()].every(times => times === 1)).to.equal(true);
    expect(events.filter(event => event.kind === 'gap')).to.deep.equal([]);
  });

  /** Produces numbered lines in small batches over all partitions. */
  async function produceSlowly(topic: string, count: number, from = 0): Promise<void> {
    for (let i = from; i < from + count; i += 100) {
      const messages = Array.from({ length: 100 }, (_, j) => ({
        value: `line ${i + j}`,
        key: String(j % 16),
      }));
      await kafka.produce(topic, messages);
    }
  }

  async function committedOffset(group: string, topic: string): Promise<number> {
    const admin = kafka.client().admin();
    await admin.connect();
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    await admin.disconnect();
    return Number(found!.partitions[0]!.offset);
  }
}

function copyOf(event: Extract<LiveEvent, { kind: 'lines' }>) {
  const text = Buffer.from(event.bytes.subarray(event.start, event.end)).toString('latin1');
  return { ...event, state: { ...event.state }, text };
}
