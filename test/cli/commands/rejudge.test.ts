import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import type { RejudgeRequest } from '../../../src/cli/app.ts';
import { runRejudge } from '../../../src/cli/commands/rejudge.ts';
import { rejudge } from '../../../src/pipeline/rejudge/rejudge.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding } from '../../finding/arbitrary.ts';
import { policy, stockholm } from '../../policy/support.ts';

const FINDING = aFinding({
  population: 'staff',
  verdict: 'exempt',
  exemptions: ['E-9'],
  category: 'gambling',
});
const PEOPLE = { entries: null, hasNetworks: true };

interface Situation {
  /** What is done between the judging and the writing. */
  meanwhile?: 'revised';
  audit?: 'broken';
  unjudgeable?: 'keyDestroyed' | 'notKept';
}

/** Runs the command over one finding that is exempt under a decision which is no more. */
async function run(situation: Situation, json = false) {
  const store = createMemoryStore();
  await store.write(aBatch({ findings: [FINDING] }));
  let text = '';
  const stdout = new Writable({
    write(part, _encoding, done) {
      text += part;
      done();
    },
  });
  const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
  const io = { ...streams, isTerminal: false, isErrorTerminal: false, columns: 80 };
  const versions = { lists: 'l', policy: 'p', directory: null };
  const judge = { policy: policy({}), people: PEOPLE, match: () => [CASINO] };
  const desk = {
    async revise(batch: Parameters<typeof store.revise>[0]) {
      if (situation.meanwhile === 'revised')
        await store.revise({
          ...batch,
          revisions: batch.revisions.map(item => ({ ...item, reason: 'other' })),
        });
      return store.revise(batch);
    },
  };
  const app = {
    async rejudge(request: RejudgeRequest) {
      await request.beforeJudging(store);
      return rejudge({
        ...{ store, query: request.query, smallGroup: 5, nowMs: () => 1, yearOf: () => 2026 },
        judging: { versions, versionFor: async () => situation.unjudgeable ?? judge, keep: () => [] },
        ids: { record: () => '', finding: () => '' },
        hidden: 'comesBack',
        apply: request.apply === null ? null : { store: desk, by: 'anna', ...request.apply },
        signal: request.signal,
      });
    },
    openAudit: async () => ({
      append: async () => {
        if (situation.audit === 'broken') throw new Error('broken');
      },
      verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
    }),
  };
  const args = { query: '', from: '2026-10-01', to: '2026-10-02', apply: true, reason: 'KS 9', json };
  const deps = {
    ...{ app, zone: stockholm, hide: (said: string) => said, signal: new AbortController().signal },
    decider: async () => ({ namesSomebody: () => false }),
  };
  const exit = await runRejudge(args, deps, io).catch((error: unknown) => error);
  return { exit, text, stored: await store.finding(FINDING.id) };
}

const CASINO = {
  ...{
    list: 'casino',
    version: '',
    entry: 'casino.example',
    file: 'domains',
    line: 1,
    matchedBy: 'host' as const,
  },
  target: {
    ...{
      scheme: 'https',
      host: 'casino.example',
      hostKind: 'domain' as const,
      port: 443,
      path: '/',
      query: '',
    },
  },
  via: null,
};

describe('the command rejudge', () => {
  it('§5.8 writes a later judgement with its reason', async () => {
    const { exit, text, stored } = await run({});
    expect(exit).to.equal(0);
    expect(text)
      .to.contain('exempt → examine  1')
      .and.to.contain('Written: 1 later judgement, 0 new findings.');
    expect(stored).to.deep.include({ verdict: 'examine', exemptions: [], revision: 1 });
  });

  it('§5.8 ends with 1 and names the findings that somebody else judged meanwhile', async () => {
    const { exit, text } = await run({ meanwhile: 'revised' });
    expect(exit).to.equal(1);
    expect(text).to.contain(
      `Not written: 1 finding that somebody else judged meanwhile. Run it again.\n  ${FINDING.id}\n`,
    );
  });

  it('§8.5 judges, changes and shows nothing that cannot be noted', async () => {
    const { exit, text, stored } = await run({ audit: 'broken' });
    expect(exit).to.be.an('error');
    expect(text).to.equal('');
    expect(stored?.revision).to.equal(0);
  });

  it('§3.5 says of which findings it cannot judge, and why, and leaves them alone', async () => {
    const destroyed = await run({ unjudgeable: 'keyDestroyed' });
    expect(destroyed.text).to.contain('Not judged: 1 finding; the key of their year was destroyed');
    const unkept = JSON.parse((await run({ unjudgeable: 'notKept' }, true)).text);
    expect(unkept).to.deep.include({
      findings: 0,
      unjudged: { keyDestroyed: 0, notKept: 1, unknownTenant: 0 },
    });
    expect(destroyed.stored?.revision).to.equal(0);
  });
});
