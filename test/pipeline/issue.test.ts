import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { GranskaError } from '../../src/errors.ts';
import { allIssues, issueAgain, issueOnce, issues, type Made } from '../../src/pipeline/issue.ts';
import type { Ledger, LedgerEntry } from '../../src/ports/desk-store.ts';

const KEY = 'statistics/Provby/2026-10';

function hash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function made(content: unknown, changes: Partial<Made> = {}): Made {
  return { content, by: 'anna', atMs: 1_000, hash, ...changes };
}

/** Lines in memory; `before` runs ahead of each line that is appended, as another process may. */
function aLedger(
  before: (ledger: Ledger) => Promise<void> = async () => {},
): Ledger & { lines: LedgerEntry[] } {
  const lines: LedgerEntry[] = [];
  const of = (kind: string, key: string) => lines.filter(line => line.kind === kind && line.key === key);
  const ledger: Ledger & { lines: LedgerEntry[] } = {
    lines,
    async append(entry) {
      await before(ledger);
      const count = of(entry.kind, entry.key).length;
      if (entry.seq > count + 1) throw new TypeError('gap');
      if (entry.seq <= count) return false;
      lines.push(structuredClone(entry));
      return true;
    },
    entries: async (kind, key) => structuredClone(of(kind, key)),
    async *allEntries(kind) {
      yield* lines.filter(line => line.kind === kind).sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
  return ledger;
}

async function codeOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => 'done',
    error => (error instanceof GranskaError ? error.code : String(error)),
  );
}

describe('issue', () => {
  it('is number 1, and asked for again the same bytes though others would be made today (§8.2)', async () => {
    const ledger = aLedger();
    const first = await issueOnce(ledger, KEY, made({ b: 1, a: 'å' }));
    expect(first).to.deep.include({ state: 'new' });
    expect(first.issue).to.deep.include({
      number: 1,
      content: '{"a":"å","b":1}',
      sha256: hash('{"a":"å","b":1}'),
    });
    expect((await issueOnce(ledger, KEY, made({ a: 'å', b: 1 }, { atMs: 9_000, by: 'bo' }))).state).to.equal(
      'same',
    );
    const later = await issueOnce(ledger, KEY, made({ a: 'å', b: 2 }));
    expect(later).to.deep.equal({ issue: first.issue, state: 'changed' });
    expect(ledger.lines).to.have.length(1);
  });

  it('has the same content where only what does not count has changed', async () => {
    const ledger = aLedger();
    await issueOnce(ledger, KEY, made({ a: 1, rejected: 4 }, { basis: { a: 1 } }));
    const again = await issueOnce(ledger, KEY, made({ a: 1, rejected: 0 }, { basis: { a: 1 } }));
    expect(again.state).to.equal('same');
    expect(again.issue.content).to.equal('{"a":1,"rejected":4}');
  });

  it('is corrected by one of the next number that says why, and both stay (§8.2)', async () => {
    const ledger = aLedger();
    expect(await codeOf(issueAgain(ledger, KEY, { ...made(1), reason: 'late lines' }))).to.equal('USAGE');
    await issueOnce(ledger, KEY, made(1));
    expect(await codeOf(issueAgain(ledger, KEY, { ...made(1), reason: 'late lines' }))).to.equal('USAGE');
    const second = await issueAgain(ledger, KEY, { ...made(2), reason: 'late lines' });
    expect(second).to.deep.include({ number: 2, reason: 'late lines', content: '2' });
    expect((await issues(ledger, KEY)).map(({ content }) => content)).to.deep.equal(['1', '2']);
    expect((await issueOnce(ledger, KEY, made(2))).issue).to.deep.equal(second);
  });

  it('is kept in several lines where it is long, without cutting a sign', async () => {
    const ledger = aLedger();
    const content = '𝒳'.repeat(1_200_000);
    const { issue } = await issueOnce(ledger, KEY, made(content));
    expect(issue.content === JSON.stringify(content)).to.equal(true);
    expect(ledger.lines.length).to.equal(3);
    for (const { body } of ledger.lines) {
      expect(String(body.text).length).to.be.at.most(1_000_000);
      expect(String(body.text).isWellFormed()).to.equal(true);
    }
  });

  it('is none until its last line is there; the next run goes on, or issues something else', async () => {
    const content = 'x'.repeat(2_500_000);
    const broken = aLedger();
    await issueOnce(broken, KEY, made(content));
    const whole = [...broken.lines];
    broken.lines.splice(1);
    expect(await issues(broken, KEY)).to.deep.equal([]);
    await issueOnce(broken, KEY, made(content));
    expect(broken.lines.map(({ body }) => body)).to.deep.equal(whole.map(({ body }) => body));
    broken.lines.splice(1);
    const other = await issueOnce(broken, KEY, made('other'));
    expect([other.state, other.issue.number, other.issue.content]).to.deep.equal(['new', 1, '"other"']);
  });

  it('is the one that was whole first where two processes issue at once', async () => {
    let isFirst = true;
    const ledger = aLedger(async inner => {
      if (!isFirst) return;
      isFirst = false;
      await issueOnce(inner, KEY, made('of another'));
    });
    const mine = await issueOnce(ledger, KEY, made('mine'));
    expect([mine.state, mine.issue.content]).to.deep.equal(['changed', '"of another"']);
    expect(await issues(ledger, KEY)).to.have.length(1);

    let isSecond = true;
    const racing = aLedger(async inner => {
      if (!isSecond || (await inner.entries('issue', KEY)).length === 0) return;
      isSecond = false;
      await issueAgain(inner, KEY, { ...made('of another'), reason: 'theirs' });
    });
    await issueOnce(racing, KEY, made('first'));
    expect(await codeOf(issueAgain(racing, KEY, { ...made('mine'), reason: 'mine' }))).to.equal('OVERTAKEN');
  });

  it('is the one that was whole first where a longer one was begun before it', async () => {
    const ledger = aLedger();
    await issueOnce(ledger, KEY, made('x'.repeat(1_500_000)));
    const [tail] = ledger.lines.splice(1);
    await issueOnce(ledger, KEY, made('short'));
    ledger.lines.push({ ...tail!, seq: 3 });
    expect((await issues(ledger, KEY)).map(({ number, content }) => [number, content])).to.deep.equal([
      [1, '"short"'],
    ]);
  });

  it('is damaged where somebody has changed it in the store', async () => {
    const ledger = aLedger();
    await issueOnce(ledger, KEY, made({ persons: 7 }));
    Object.assign(ledger.lines[0]!.body, { text: '{"persons":8}' });
    expect(await codeOf(issueOnce(ledger, KEY, made({ persons: 7 })))).to.equal('DAMAGED');
  });

  it('is found among those of other keys', async () => {
    const ledger = aLedger();
    await issueOnce(ledger, 'b', made(1));
    await issueOnce(ledger, 'a', made(2));
    await issueAgain(ledger, 'b', { ...made(3), reason: 'late lines' });
    const all = [];
    for await (const { key, number } of allIssues(ledger)) all.push([key, number]);
    expect(all).to.deep.equal([
      ['a', 1],
      ['b', 1],
      ['b', 2],
    ]);
  });
});
