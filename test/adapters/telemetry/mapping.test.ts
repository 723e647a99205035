import { expect } from 'chai';
import { followToLog } from '../../../src/adapters/telemetry/follow-to-log.ts';
import { createKafkaToLog, kafkaLag, kafkaToLog } from '../../../src/adapters/telemetry/kafka-to-log.ts';
import { storeToLog } from '../../../src/adapters/telemetry/store-to-log.ts';
import { told } from './kit.ts';

/** Sentences of kafkajs 2.2.4 as it makes them, and what is kept of them. */
const SENTENCES: [message: string, level: 'debug' | 'warn', reason: string][] = [
  ['Response GroupCoordinator(key: 10, version: 2)', 'debug', 'coordinator'],
  ['The group coordinator is not available', 'debug', 'coordinator'],
  ['Response JoinGroup(key: 11, version: 5)', 'debug', 'rebalancing'],
  ['Response SyncGroup(key: 14, version: 3)', 'debug', 'rebalancing'],
  ['Response Heartbeat(key: 12, version: 3)', 'debug', 'rebalancing'],
  ['The group is rebalancing, re-joining', 'debug', 'rebalancing'],
  ['The coordinator is not aware of this member, re-joining the group', 'debug', 'rebalancing'],
  ['Connection error: connect ECONNREFUSED 192.0.2.7:9092', 'warn', 'ECONNREFUSED'],
  ['Connection error: getaddrinfo ENOTFOUND kafka.casino.example', 'warn', 'ENOTFOUND'],
  ['Connection timeout', 'warn', 'timeout'],
  [
    'Failed to connect to seed broker, trying another broker from the list: Closed connection',
    'warn',
    'connection',
  ],
  ['Crash: KafkaJSNumberOfRetriesExceeded: casino.example', 'warn', 'crash'],
  ['Offset out of range, resetting to default offset', 'warn', 'other'],
  ['Consumer group received unsubscribed topics', 'warn', 'other'],
];

describe('what the Kafka source tells', () => {
  for (const [message, level, reason] of SENTENCES) {
    it(`is ${level} and ${reason} for “${message}”`, () => {
      for (const said of ['warn', 'error'] as const) {
        expect(kafkaToLog({ kind: 'log', level: said, message })).to.deep.equal([
          { level, event: 'kafka-client', fields: { reason } },
        ]);
      }
    });
  }

  it('is an error only where messages were lost', () => {
    expect(
      kafkaToLog({ kind: 'gap', topic: 'squid', partition: 3, fromOffset: 100, toOffset: 150 }),
    ).to.deep.equal([
      {
        level: 'error',
        event: 'messages-lost',
        fields: { topic: 'squid', partition: 3, fromOffset: 100, toOffset: 150, messages: 50 },
      },
    ]);
  });

  it('is one line for an assignment, and one more of each partition for who looks closely', () => {
    const partitions = [
      { topic: 'squid', partition: 0 },
      { topic: 'squid', partition: 2 },
    ];
    const entries = kafkaToLog({ kind: 'assigned', partitions });
    expect(entries.map(({ level, event }) => `${level} ${event}`)).to.deep.equal([
      'info partitions-assigned',
      'debug partition-assigned',
      'debug partition-assigned',
    ]);
    expect(entries[0]!.fields).to.deep.equal({ partitions: 2 });
    expect(entries[2]!.fields).to.deep.equal({ topic: 'squid', partition: 2 });
  });

  it('§9.7 warns of a broker that is away ever more seldom, of each cause by itself, until it is back', () => {
    const toLog = createKafkaToLog();
    const levels = (message: string, times: number) =>
      Array.from({ length: times }, () => toLog({ kind: 'log', level: 'error', message })[0]!.level);
    expect(levels('The group is rebalancing, re-joining', 3)).to.deep.equal(['debug', 'debug', 'debug']);
    const refused = levels('Connection error: connect ECONNREFUSED 192.0.2.7:9092', 100);
    expect(refused.filter(level => level === 'warn').length).to.equal(7);
    expect(levels('Connection timeout', 1)).to.deep.equal(['warn']);
    expect(toLog({ kind: 'reconnecting', reason: 'KafkaJSConnectionError' })[0]!.level).to.equal('warn');
    toLog({ kind: 'assigned', partitions: [] });
    expect(levels('Connection error: connect ECONNREFUSED 192.0.2.7:9092', 1)).to.deep.equal(['warn']);
  });

  it('is no alarm where a commit failed since the group was changing (§9.1)', () => {
    const levelOf = (reason: string) => kafkaToLog({ kind: 'commit-failed', reason })[0]!.level;
    expect(levelOf('REBALANCE_IN_PROGRESS')).to.equal('debug');
    expect(levelOf('UNKNOWN_MEMBER_ID')).to.equal('debug');
    expect(levelOf('GROUP_AUTHORIZATION_FAILED')).to.equal('warn');
  });

  it('is written whole: no field of any of it is withheld', () => {
    const { telemetry, lines } = told();
    const events = [
      ...SENTENCES.map(([message]) => ({ kind: 'log', level: 'error', message }) as const),
      { kind: 'assigned', partitions: [{ topic: 'squid', partition: 0 }] } as const,
      { kind: 'rebalancing' } as const,
      { kind: 'reconnecting', reason: 'KafkaJSConnectionError' } as const,
      { kind: 'commit-failed', reason: 'no such words' } as const,
      { kind: 'gap', topic: 'squid', partition: 1, fromOffset: 0, toOffset: 1 } as const,
      { kind: 'no-topics' } as const,
    ];
    for (const event of events)
      for (const { level, event: what, fields } of kafkaToLog(event)) telemetry.log(level, what, fields);
    expect(lines()).to.have.length(events.length + 1);
    expect(lines().filter(line => 'granska.withheld' in line)).to.deep.equal([]);
  });
});

describe('what followed files tell', () => {
  const path = '/var/log/squid/access.log';

  it('is an error only where a file cannot be read; what a rotation does every night is none', () => {
    const newPath = `${path}.1`;
    const entries = [
      { kind: 'found', path } as const,
      { kind: 'missing', path: `${path}*` } as const,
      { kind: 'rotated', path, newPath } as const,
      { kind: 'truncated', path } as const,
      { kind: 'replaced', path } as const,
      { kind: 'gone', path } as const,
      { kind: 'unreadable', path, reason: 'EACCES' } as const,
      { kind: 'unfinished', path } as const,
      { kind: 'damaged', path, reason: 'damaged' } as const,
    ].flatMap(followToLog);
    expect(entries.map(({ level, event }) => `${level} ${event}`)).to.deep.equal([
      'info file-found',
      'warn file-missing',
      'info file-rotated',
      'info file-shrunk',
      'warn file-replaced',
      'info file-gone',
      'error file-unreadable',
      'warn file-unfinished',
      'error file-damaged',
    ]);
    expect(entries[2]!.fields).to.deep.equal({ file: newPath });
    expect(entries[6]!.fields).to.deep.equal({ file: path, reason: 'EACCES' });
    const { telemetry, lines } = told();
    for (const { level, event, fields } of entries) telemetry.log(level, event, fields);
    expect(lines().filter(line => 'granska.withheld' in line)).to.deep.equal([]);
  });
});

describe('the lag of a partition', () => {
  const partition = { topic: 'squid', partition: 0, endOffset: 100, readOffset: 90 };

  it('is what is not stored, or not read where nothing was stored yet, and never less than nothing', () => {
    const of = (storedOffset: number | null) => kafkaLag([{ ...partition, storedOffset }])[0]!.messages;
    expect(of(60)).to.equal(40);
    expect(of(null)).to.equal(10);
    expect(of(101)).to.equal(0);
  });
});

describe('what a store tells', () => {
  it('is a warning at the first try, and then ever more seldom', () => {
    const told = Array.from({ length: 100 }, (_, n) => n + 1).filter(
      tryNo => storeToLog({ kind: 'waiting', reason: 'circuit_breaking_exception', tryNo }).level === 'warn',
    );
    expect(told).to.deep.equal([1, 2, 4, 8, 16, 32, 64]);
  });

  it('keeps the store’s own word for the cause, and no sentence', () => {
    const reasonOf = (reason: string) => storeToLog({ kind: 'waiting', reason, tryNo: 1 }).fields.reason;
    expect(reasonOf('cluster_block_exception')).to.equal('cluster_block_exception');
    expect(reasonOf('failed to parse [anna]')).to.equal('other');
  });

  it('is a detail where a request is only sent again', () => {
    expect(storeToLog({ kind: 'retry' })).to.deep.equal({
      level: 'debug',
      event: 'store-retrying',
      fields: {},
    });
  });
});
