// The fast scan over the real resolver of subjects, with leases, shared networks and shared accounts: it remembers answers
// by the time for which they hold, and leases end in the middle of a log.
import { expect } from 'chai';
import fc from 'fast-check';
import { createZone } from '../../../src/calendar/zone.ts';
import { createMatcher } from '../../../src/category/matcher.ts';
import type { SlotOf } from '../../../src/pipeline/fast/subject-cache.ts';
import { createSlots } from '../../../src/pipeline/slots.ts';
import { DEFAULT_IDENTITY_RULES } from '../../../src/subject/identity.ts';
import { createIntervalsBuilder, type IntervalRow } from '../../../src/subject/intervals.ts';
import { createNetworks, type NetworkEntry } from '../../../src/subject/network.ts';
import { createSubjectResolver } from '../../../src/subject/resolve.ts';
import type { Roster } from '../../../src/subject/roster.ts';
import type { Shared } from '../../../src/subject/shared.ts';
import { compile } from '../../category/support.ts';
import { log } from './lines.ts';
import { runExact, runFast } from './support.ts';

const ZONE = createZone('Europe/Stockholm');
const image = compile({ gambling: { domains: 'casino.example\nads.busy.example\n' } });
const matcher = createMatcher(image, null);
/** Seconds in which the lines of a drawn log are. */
const FIRST = 1_795_500_000;
const LAST = 1_795_700_000;

const lease = fc
  .record({
    user: fc.constantFrom('anna', 'bo', 'erik.berg', 'kassa'),
    client: fc.constantFrom('10.1.2.3', '10.1.2.31', '192.0.2.121', '2001:db8::7', 'pc-7.lan'),
    start: fc.integer({ min: FIRST - 9, max: LAST }),
    seconds: fc.integer({ min: 1, max: 90_000 }),
  })
  .map(
    ({ user, client, start, seconds }): IntervalRow => ({
      ...{ tenant: 'kommun', user, client },
      ...{ startMs: start * 1000 + 595, endMs: (start + seconds) * 1000 + 595 },
    }),
  );

const shared = fc.constantFrom<Shared>(false, false, true, 'kiosk', 'terminal-server', 'guest');

function slotsOf(given: { leases: readonly IntervalRow[]; shared: Shared | null }) {
  const builder = createIntervalsBuilder();
  for (const row of given.leases) builder.add(row);
  const office: NetworkEntry = {
    ...{ cidr: '10.1.0.0/16', tenant: null, population: 'staff', department: 'Office', persons: 9 },
    ...{ shared: given.shared ?? false, fromMs: -Infinity, toMs: Infinity },
  };
  const directory: Roster = {
    entries: (_tenant, user) =>
      ['anna', 'bo', 'erik.berg'].includes(user)
        ? [
            {
              ...{ department: `of ${user}`, population: 'staff', roles: [] },
              ...{ fromMs: -Infinity, toMs: Infinity },
            },
          ]
        : [],
    departments: () =>
      ['Office', 'of anna', 'of bo', 'of erik.berg'].map(department => ({
        ...{ department, parent: null, tenant: 'kommun' },
      })),
    size: () => 9,
  };
  const resolver = () =>
    createSubjectResolver({
      ...{ tenant: 'kommun', zone: ZONE, directory, smallGroup: 5, intervals: builder.build() },
      rules: { ...DEFAULT_IDENTITY_RULES, sharedAccounts: ['kassa', 'maria@example.org'] },
      networks: given.shared === null ? null : createNetworks([office]),
    });
  const subjects = resolver();
  const slots = createSlots();
  const by =
    (asked: () => typeof subjects): SlotOf =>
    (user, client, startMs) => {
      const subject = asked().resolve(user, client, startMs);
      const validity = asked().validity(user, client, startMs);
      return { slot: slots.of(subject), named: subject.kind === 'user', ...validity };
    };
  // The exact path asks a resolver that remembers nothing.
  return { slotOf: by(() => subjects), exactSlotOf: by(resolver), clientMatters: subjects.clientMatters };
}

describe('the fast scan with leases', () => {
  it('§3.2 counts every line for whom the exact path counts it', () => {
    let named = 0;
    fc.assert(
      fc.property(
        log,
        fc.array(lease, { minLength: 4, maxLength: 30 }),
        fc.option(shared),
        (bytes, leases, kind) => {
          const { slotOf, exactSlotOf, clientMatters } = slotsOf({ leases, shared: kind });
          expect(clientMatters).to.equal(true);
          const exact = runExact(matcher, bytes, exactSlotOf);
          const fast = runFast(matcher, bytes, { table: image, slots: slotOf, clientMatters });
          expect(fast.result).to.deep.equal(exact);
          named += exact.usage.filter(({ department }) => department !== 'd0').length;
        },
      ),
      { numRuns: 150 },
    );
    expect(named).to.be.greaterThan(0);
  });
});
