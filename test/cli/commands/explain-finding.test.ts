import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { runExplainFinding } from '../../../src/cli/commands/explain-finding.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { aBatch } from '../../contract/store.ts';
import { aFinding } from '../../finding/arbitrary.ts';
import { exemption, policy, stockholm } from '../../policy/support.ts';

const rules = policy({
  exemptions: [
    exemption({ id: 'E-1', users: ['anna'], hours: '08:00-17:00' }),
    exemption({ id: 'E-2', users: [], roles: ['investigator'] }),
  ],
});
const versions = { lists: '2'.repeat(64), policy: rules.hash, directory: null };

/** A finding of anna's on a Monday evening, after the hours of her exemption. */
function evening(changes: Partial<Finding> = {}): Finding {
  const startMs = Date.parse('2026-10-05T18:00:00Z');
  return aFinding({ startMs, subjectId: 'id of anna', roles: [], tenant: 'kommun', versions, ...changes });
}

async function explain(
  finding: Finding,
  { isAuditBroken = false }: { isAuditBroken?: boolean } = {},
): Promise<{ text: string; audited: unknown[]; error: unknown }> {
  const store = createMemoryStore();
  await store.write(aBatch({ findings: [finding] }));
  let text = '';
  const stdout = new Writable({
    write(part, _encoding, done) {
      text += part;
      done();
    },
  });
  const audited: unknown[] = [];
  const deps = {
    store,
    zone: stockholm,
    policy: rules,
    versions,
    userId: (_tenant: string, name: string) => `id of ${name}`,
    openJudging: async () => ({
      today: { versions, versionFor: async () => 'notKept' as const, keep: () => [] },
      kept: async () => ({ judge: 'notKept' as const, hasImage: false }),
    }),
    openAudit: async () => ({
      append: async (entry: unknown) => {
        if (isAuditBroken) throw new Error('broken');
        audited.push(entry);
      },
      verify: async () => ({ lines: 0, isIntact: true, brokenLine: null, message: '' }),
    }),
  };
  const io = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    isTerminal: false,
    isErrorTerminal: false,
    columns: 80,
  };
  const error = await runExplainFinding(finding.id, deps, io).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { text, audited, error };
}

describe('explain --finding', () => {
  it('§8.5 notes the view in the audit chain before anything is shown', async () => {
    const finding = evening();
    const { audited, text } = await explain(finding);
    expect(audited).to.deep.equal([{ action: 'explain', shown: 1, details: { finding: finding.id } }]);
    expect(text).to.contain(finding.id);

    const refused = await explain(finding, { isAuditBroken: true });
    expect(refused.error).to.be.an('error');
    expect(refused.text).to.equal('');
  });

  it('tells which proxy it was, where that is known', async () => {
    expect((await explain(evening({ observerName: 'proxy-1' }))).text).to.match(/^proxy {6}proxy-1$/m);
    expect((await explain(evening())).text).to.not.match(/^proxy/m);
  });

  it('§5.3 tells why each exemption of the category did not apply, knowing a named user by the pseudonym', async () => {
    const { text } = await explain(evening());
    const because = 'does not apply: it is limited to 08:00-17:00, and it was 20:00';
    expect(text).to.contain(`exemption E-1 (case KS 1) ${because}\n`);
    expect(text).to.contain('exemption E-2 (case KS 1) does not apply: it covers the role investigator');
  });

  it('tells of no other exemption where another policy judged, or where the stored facts lead elsewhere', async () => {
    const other = await explain(evening({ versions: { ...versions, policy: '9'.repeat(64) } }));
    expect(other.text).to.contain('the policy is another one today').and.not.to.contain('does not apply');
    const elsewhere = await explain(evening({ verdict: 'exempt', exemptions: ['E-2'] }));
    expect(elsewhere.text).to.contain('cannot be told from what is stored');
    expect(elsewhere.text).not.to.contain('does not apply');
  });

  it('§2.4 asks no exemption of an attempt', async () => {
    const { text } = await explain(evening({ verdict: null, access: 'denied' }));
    expect(text).to.contain('an attempt').and.not.to.contain('exemption E-');
  });
});
