// Chains of an installation with two organisations that read one stream: who a record belongs to is what the files say
// of the organisation that the message names (§3.1), over real files, keys and lists.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDirectory } from '../../src/adapters/directory/csv.ts';
import { createFileVault } from '../../src/adapters/vault/file-vault.ts';
import { type Chain, composeChain, type Parts } from '../../src/compose/installation.ts';
import type { Config } from '../../src/config/config.ts';
import { blankRecord } from '../../src/model/record.ts';
import { DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';
import { compile } from '../category/support.ts';
import { exemption, policy, stockholm } from '../policy/support.ts';

const AT_MS = Date.parse('2026-10-05T08:00:00Z');
const FILES = {
  'directory.csv': [
    'user,roles,department,population,tenant',
    'bo,investigator,Social,staff,',
    'bo,,Plant,staff,energi',
    ...[1, 2, 3, 4, 5].map(n => `plant${n},,Plant,staff,energi`),
  ],
  'networks.csv': [
    'cidr,tenant,population,department,shared',
    '10.0.0.0/16,,staff,Office,',
    '10.2.0.0/16,,pupil,School,',
    '10.4.0.0/16,energi,staff,Plant,',
  ],
};

describe('a chain', () => {
  let folder = '';
  let parts: Parts;
  let own: Chain;
  let energi: Chain;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'granska-chain-'));
    for (const [name, lines] of Object.entries(FILES))
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    const opened = await openDirectory({
      directoryFile: join(folder, 'directory.csv'),
      networksFile: join(folder, 'networks.csv'),
      departmentsFile: null,
      ...{ tenant: 'kommun', zone: stockholm, identity: DEFAULT_IDENTITY_RULES },
    });
    expect(opened.problems).to.deep.equal([]);
    parts = {
      config: { organization: 'kommun', zone: stockholm, identity: DEFAULT_IDENTITY_RULES } as Config,
      policy: policy({
        exemptions: [exemption({ users: [], roles: ['investigator'] })],
      }),
      opened,
      image: compile({ casino: { domains: 'casino.example\n' } }),
      vault: createFileVault({
        keysDir: join(folder, 'keys'),
        dataDir: join(folder, 'data'),
        nowMs: () => AT_MS,
      }),
      clock: { nowMs: () => AT_MS },
    };
    own = composeChain(parts);
    energi = composeChain(parts, { tenant: 'energi', beside: own });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const judge = (chain: Chain, user: string, client: string) =>
    chain.judge.judge({ ...blankRecord(), user, client, startMs: AT_MS, url: 'http://casino.example/' });

  it('§3.1 takes department and roles of the organisation that the message names, not of a namesake', () => {
    const bo = judge(own, 'bo', '192.0.2.1');
    expect(bo.subject).to.include({ tenant: 'kommun', department: 'Social', name: 'bo' });
    expect(bo.decision!.judgements[0]!.verdict).to.equal('exempt');
    const other = judge(energi, 'bo', '192.0.2.1');
    expect(other.subject).to.include({ tenant: 'energi', department: 'Plant', countedIn: 'Plant' });
    expect(other.decision!.judgements[0]!.verdict).to.equal('examine');
  });

  it('§3.5 gives namesakes of two organisations different pseudonyms, and one person the same in both chains', () => {
    const idOf = (chain: Chain, tenant: string) => chain.pseudonyms.user(tenant, 'bo', AT_MS);
    expect(idOf(energi, 'energi')).to.not.equal(idOf(own, 'kommun'));
    expect(idOf(energi, 'energi')).to.equal(idOf(own, 'energi'));
  });

  it('§3.1 makes nobody of whom message and network place in different organisations', () => {
    expect(judge(energi, 'bo', '10.0.0.1').subject).to.deep.equal({
      ...{ tenant: 'energi', kind: 'none', confidence: 'none', name: '', client: '10.0.0.1' },
      ...{ population: 'staff', department: 'unassigned', countedIn: '', roles: [] },
    });
    expect(judge(energi, 'bo', '10.2.0.1').kind).to.equal('unreviewed');
  });

  it('§3.1 takes the network of the organisation that the message names', () => {
    expect(judge(energi, '', '10.4.0.1').subject).to.include({
      ...{ tenant: 'energi', kind: 'client', department: 'Plant', population: 'staff' },
    });
  });

  it('§3.1 lets the network say the organisation where no message does', () => {
    expect(judge(own, 'bo', '10.4.0.1').subject).to.include({ tenant: 'energi', department: 'Plant' });
  });

  it('§5.7 judges by the same versions, and matches with the same matcher', () => {
    expect(energi.versions).to.deep.equal(own.versions);
    expect(energi.matcher).to.equal(own.matcher);
    expect(composeChain(parts, { tenant: 'energi' }).versions).to.deep.equal(own.versions);
  });
});
