import { expect } from 'chai';
import fc from 'fast-check';
import { explainError } from '../../../../src/adapters/source/kafka/explain-error.ts';
import { Inbox } from '../../../../src/adapters/source/kafka/inbox.ts';
import { positionAt } from '../../../../src/adapters/source/kafka/position.ts';
import { findStart, type StartQuestion } from '../../../../src/adapters/source/kafka/start.ts';
import { fits } from '../../../../src/adapters/source/kafka/topics.ts';
import { GranskaError } from '../../../../src/errors.ts';

describe('a topic fits a pattern', () => {
  it('as an expression says in which * is any run of characters', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '.', '-'), { maxLength: 8 });
    const pattern = fc.array(fc.constantFrom('a', 'b', '.', '*'), { maxLength: 6 });
    fc.assert(
      fc.property(letters, pattern, (topic, parts) => {
        const escaped = parts.map(part => (part === '*' ? '.*' : part.replace('.', '\\.'))).join('');
        const expected = new RegExp(`^${escaped}$`).test(topic.join(''));
        expect(fits(topic.join(''), parts.join(''))).to.equal(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a partition is begun', () => {
  const question: StartQuestion = {
    topic: 'squid',
    partition: 3,
    stored: null,
    lowOffset: 100,
    highOffset: 200,
    wantedOffset: null,
  };

  it('at its earliest message where the store knows nothing', () => {
    expect(findStart(question)).to.deep.equal({ position: positionAt(100, 0), mustStore: false, gap: null });
  });

  it('where it was asked for, and that is stored even before a line comes', () => {
    const start = findStart({ ...question, wantedOffset: 200 });
    expect(start).to.deep.equal({ position: positionAt(200, 0), mustStore: true, gap: null });
  });

  it('§9.1 where the store is, within a message too', () => {
    const stored = positionAt(150, 7);
    expect(findStart({ ...question, stored, wantedOffset: 200 })).to.deep.equal({
      position: stored,
      mustStore: false,
      gap: null,
    });
  });

  it('at its end where the store has read all of it', () => {
    const stored = positionAt(200, 0);
    expect(findStart({ ...question, stored }).position).to.equal(stored);
  });

  it('at its earliest message where the broker has deleted more, and says which', () => {
    expect(findStart({ ...question, stored: positionAt(90, 2) })).to.deep.equal({
      position: positionAt(100, 0),
      mustStore: true,
      gap: { fromOffset: 90, toOffset: 100 },
    });
  });

  it('never where it ends before the store: its lines would take the ids of others', () => {
    for (const stored of [positionAt(201, 0), positionAt(200, 1)]) {
      expect(() => findStart({ ...question, stored })).to.throw(
        GranskaError,
        'was made anew, or lost messages',
      );
    }
  });
});

describe('the inbox', () => {
  const never = new AbortController().signal;

  it('gives first what came first, and is full by bytes', () => {
    const inbox = new Inbox<string>(10);
    inbox.put('a', 6);
    expect(inbox.isFull).to.equal(false);
    inbox.put('b', 6);
    expect(inbox.isFull).to.equal(true);
    expect([inbox.peek(), inbox.take(), inbox.isFull, inbox.take(), inbox.isEmpty]).to.deep.equal([
      'a',
      'a',
      false,
      'b',
      true,
    ]);
  });

  it('wakes who waits for something', async () => {
    const inbox = new Inbox<string>(10);
    const waited = inbox.waitForItem(never);
    inbox.put('a', 1);
    await waited;
    expect(inbox.take()).to.equal('a');
  });

  it('wakes who waits for something when the signal says stop', async () => {
    const stop = new AbortController();
    const waited = new Inbox<string>(10).waitForItem(stop.signal);
    stop.abort();
    await waited;
  });

  it('wakes who waits for room when something is taken or thrown away', async () => {
    const inbox = new Inbox<string>(10);
    for (const makeRoom of [() => inbox.take(), () => inbox.clear()]) {
      inbox.put('a', 10);
      const waited = inbox.waitForRoom(600_000);
      makeRoom();
      await waited;
      expect(inbox.isEmpty).to.equal(true);
    }
  });
});

describe('an error of Kafka', () => {
  const options = {
    brokers: ['127.0.0.1:9092'],
    group: 'granska',
    sasl: { mechanism: 'plain' as const, username: 'worker', passwordFile: '/run/secrets/kafka' },
  };

  function failed(name: string, more: { type?: string; cause?: Error; message?: string } = {}): Error {
    const error = new Error(more.message ?? 'secret', { cause: more.cause });
    return Object.assign(error, { name, type: more.type });
  }

  const CASES: [Error, string][] = [
    [failed('KafkaJSSASLAuthenticationError'), 'refused the user name or the password'],
    [failed('KafkaJSProtocolError', { type: 'GROUP_AUTHORIZATION_FAILED' }), 'read the group granska'],
    [failed('KafkaJSProtocolError', { type: 'TOPIC_AUTHORIZATION_FAILED' }), 'read a topic'],
    [
      failed('KafkaJSConnectionError', { message: 'Connection error: self-signed certificate' }),
      'is not believed',
    ],
    [
      failed('KafkaJSNumberOfRetriesExceeded', { cause: failed('KafkaJSConnectionError') }),
      'no Kafka answers',
    ],
    // Of a broker that takes the connection and is silent.
    [failed('Error', { message: 'Broker not connected' }), 'no Kafka answers at 127.0.0.1:9092'],
    [failed('KafkaJSProtocolError', { type: 'INVALID_REQUEST' }), 'failed: INVALID_REQUEST'],
  ];

  for (const [error, words] of CASES) {
    it(`is said in words: ${words}`, () => {
      const explained = explainError(error, options);
      expect(explained.code).to.equal('SOURCE');
      expect(explained.message).to.include(words);
      expect(explained.hint).not.to.equal('');
      expect(explained.message).not.to.match(/secret|worker/);
    });
  }

  it('stays as it is where it is for people already', () => {
    const error = new GranskaError('KEYS', 'no key');
    expect(explainError(error, options)).to.equal(error);
  });
});
