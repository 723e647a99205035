import { expect } from 'chai';
import {
  type AccessLine,
  answerBody,
  OPEN_MS,
  readAccess,
  requestBody,
  standingOf,
  WAIT_MS,
} from '../../src/case/access.ts';
import type { Duty } from '../../src/model/person.ts';
import type { Statement } from '../../src/model/statement.ts';

const ASKED_MS = Date.parse('2026-11-27T10:00:00Z');
const MINUTE_MS = 60_000;
const CASE = {
  id: '20261005-3f9a2b7c4d1e0a5b',
  ...{ tenant: 'Provby', subjectId: 'u26-x', category: 'gambling', day: '2026-10-05' },
};

/** Whoever signs writes their id for a signature: what is tested here is what is made of it. */
const PEOPLE = {
  find: (id: string): { duties: readonly Duty[] } | null =>
    ({
      anna: { duties: ['analyst', 'granter'] as const },
      bo: { duties: ['granter'] as const },
      eva: { duties: ['analyst', 'granter'] as const },
    })[id] ?? null,
  verify: (statement: Statement) => statement.signature === statement.person,
};

function lineOf(
  seq: number,
  { kind, person, body, atMs = ASKED_MS }: Pick<Statement, 'kind' | 'person' | 'body'> & { atMs?: number },
): AccessLine {
  const statement: Statement = { schema: 'granska.statement/1', kind, person, atMs, body, signature: person };
  return { key: CASE.id, seq, atMs, body: JSON.parse(JSON.stringify(statement)) };
}

const request = (seq = 1, person = 'anna', atMs = ASKED_MS) =>
  lineOf(seq, {
    kind: 'case-request',
    person,
    body: requestBody(CASE, { number: seq, reason: 'a talk' }),
    atMs,
  });

function answer(
  to: AccessLine,
  { seq = 2, person = 'bo', kind = 'case-grant', atMs = ASKED_MS + MINUTE_MS } = {},
): AccessLine {
  const [asked] = readAccess([to], PEOPLE).requests;
  return lineOf(seq, { kind, person, body: answerBody(asked!, { number: seq, reason: '' }), atMs });
}

const voidsOf = (...lines: AccessLine[]) => readAccess(lines, PEOPLE).voids.map(one => one.because);
const standing = (lines: AccessLine[], nowMs: number) =>
  standingOf(readAccess(lines, PEOPLE).requests[0]!, nowMs);

describe('requests to open a case', () => {
  it('are open for 24 hours from the grant of another person (§8.4)', () => {
    const lines = [request(), answer(request())];
    const untilMs = ASKED_MS + MINUTE_MS + OPEN_MS;
    expect(standing(lines, untilMs - 1)).to.deep.equal({ state: 'granted', untilMs });
    expect(standing(lines, untilMs)).to.deep.equal({ state: 'ended', because: 'over' });
  });

  it('wait a week, and are ended by a refusal', () => {
    expect(standing([request()], ASKED_MS + WAIT_MS - 1)).to.deep.include({ state: 'pending' });
    expect(standing([request()], ASKED_MS + WAIT_MS)).to.deep.equal({
      state: 'ended',
      because: 'unanswered',
    });
    const refused = [request(), answer(request(), { kind: 'case-refusal' })];
    expect(standing(refused, ASKED_MS + 2 * MINUTE_MS)).to.deep.equal({ state: 'ended', because: 'refused' });
  });

  it('open nothing while their time lies ahead of this clock', () => {
    const lines = [request(), answer(request(), { atMs: ASKED_MS + 60 * MINUTE_MS })];
    expect(standing(lines, ASKED_MS + 49 * MINUTE_MS)).to.deep.equal({ state: 'ended', because: 'ahead' });
    expect(standing(lines, ASKED_MS + 50 * MINUTE_MS)).to.deep.include({ state: 'granted' });
  });

  it('take the duty of each by the people of now, and another person than the asker', () => {
    expect(voidsOf(request(1, 'bo'))).to.deep.equal(['no-duty']);
    expect(voidsOf(request(1, 'nobody'))).to.deep.equal(['no-duty']);
    expect(voidsOf(request(), answer(request(), { person: 'anna' }))).to.deep.equal(['same-person']);
  });

  it('are nothing where a line is no statement, is not signed so, or was signed for another place or time', () => {
    const line = request();
    const told: [AccessLine, string][] = [
      [{ ...line, body: {} }, 'unreadable'],
      [{ ...line, body: { ...line.body, kind: 'review-sign' } }, 'unreadable'],
      [{ ...line, body: { ...line.body, signature: 'eva' } }, 'not-signed-so'],
      [{ ...line, key: '20261005-0000000000000000' }, 'moved'],
      [{ ...line, seq: 2 }, 'moved'],
      [{ ...line, atMs: line.atMs + 1 }, 'moved'],
    ];
    for (const [given, because] of told) expect(voidsOf(given)).to.deep.equal([because]);
  });

  it('are answered once, in time, and by an answer to this very request', () => {
    const first = request();
    expect(
      voidsOf(first, answer(first), answer(first, { seq: 3, kind: 'case-refusal', person: 'eva' })),
    ).to.deep.equal(['answered']);
    expect(voidsOf(first, answer(first, { atMs: ASKED_MS + WAIT_MS }))).to.deep.equal(['too-late']);
    expect(voidsOf(first, answer(first, { atMs: ASKED_MS - 11 * MINUTE_MS }))).to.deep.equal(['too-late']);
    const other = request(1, 'anna', ASKED_MS + 1);
    expect(voidsOf(first, answer(other))).to.deep.equal(['no-such-request']);
    expect(voidsOf(answer(first, { seq: 1 }))).to.deep.equal(['no-such-request']);
  });
});
