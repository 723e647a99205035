import { expect } from 'chai';
import type { Problem } from '../../src/config/problem.ts';
import { keepPolicy } from '../../src/subject/keep.ts';
import { load, removeFolders, VALID } from './support.ts';

const LIVE = `live:
  from: 2026-01-01
  notice: { date: 2025-12-01, reference: KS 2025/2 }
  negotiation: { date: 2025-11-01, reference: KS 2025/1 }
`;
const withLive = (live: string) => ({ 'policy.yaml': VALID['policy.yaml']! + live });
const short = ({ severity, key, message }: Problem) => `${severity} ${key}: ${message}`;

const cases: [string, string, string[]][] = [
  ['a whole one', LIVE, []],
  ['a notice on the first day itself', LIVE.replace('2025-12-01', '2026-01-01'), []],
  [
    'a notice without its number',
    LIVE.replace(', reference: KS 2025/2', ''),
    ['error live.notice.reference: is missing'],
  ],
  [
    'no negotiation (MBL)',
    LIVE.split('\n').slice(0, 3).join('\n').concat('\n'),
    ['error live.negotiation: is missing'],
  ],
  [
    'a notice that comes after the first day, and after announcements',
    LIVE.replace('2025-12-01', '2026-01-02'),
    [
      'error categories.gambling.announcedFrom: lies before live.notice.date: people had not been told yet',
      'error categories.weapons.announcedFrom.staff: lies before live.notice.date: people had not been told yet',
      'error live.notice.date: lies after live.from: people must have been told before',
    ],
  ],
  [
    'a negotiation that comes after the first day',
    LIVE.replace('2025-11-01', '2026-01-02'),
    ['error live.negotiation.date: lies after live.from: the negotiation comes before'],
  ],
];

describe('config/check-live', () => {
  afterEach(removeFolders);

  for (const [name, live, expected] of cases) {
    it(`§5.6 says of ${name}: ${expected.length === 0 ? 'nothing' : 'what is wrong'}`, async () => {
      const { problems, policy } = await load(withLive(live));
      expect(problems.map(short)).to.deep.equal(expected);
      expect(policy === null).to.equal(expected.length > 0);
    });
  }

  it('takes a policy without it as one on trial, and says so in check alone', async () => {
    const { problems, policy } = await load();
    expect(problems).to.deep.equal([]);
    expect(policy?.live).to.equal(null);
  });

  it('§3.6 keeps whom to ask and the legal basis out of the version and of what is kept of it', async () => {
    const contact =
      '  contact: { controller: Nämnden, dataProtectionOfficer: Vera Ombud }\n  legalBasis: artikel 6\n';
    const plain = await load(withLive(LIVE));
    const named = await load(withLive(LIVE + contact));
    expect(named.policy?.live?.contact?.dataProtectionOfficer).to.equal('Vera Ombud');
    expect(named.policy?.hash).to.equal(plain.policy?.hash);
    const { policy } = named;
    const kept = keepPolicy(policy!.content, {
      ...{ hash: policy!.hash, epoch: 2026, zone: policy!.zone, tenants: ['kommun'] },
      userIn: () => 'u26-x',
    });
    expect(kept?.body).to.include('KS 2025/2');
    expect(kept?.body).to.not.match(/Vera|Nämnden|artikel/);
  });

  it('has another version once it is in force', async () => {
    const [trial, live] = [await load(), await load(withLive(LIVE))];
    expect(live.policy?.hash).to.not.equal(trial.policy?.hash);
  });
});
