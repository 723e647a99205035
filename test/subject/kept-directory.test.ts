import { expect } from 'chai';
import { createZone } from '../../src/calendar/zone.ts';
import { type DirectoryContent, keepDirectory } from '../../src/subject/keep.ts';
import { type KeptDirectory, readKept } from '../../src/subject/kept-body.ts';
import { openKeptDirectory } from '../../src/subject/kept-directory.ts';

const zone = createZone('Europe/Stockholm');
const day = (name: string) => zone.startOfDayMs(name);
const userIn = (epoch: number, tenant: string, name: string) =>
  epoch === 2024 ? null : `u${epoch % 100}-${tenant}-${name}`;

const person = (user: string, changed: Partial<DirectoryContent['users'][number]> = {}) => ({
  ...{ tenant: 'kommun', user, roles: [], department: 'School', population: 'staff' as const },
  ...{ fromMs: -Infinity, toMs: Infinity, ...changed },
});

const CONTENT: DirectoryContent = {
  tenant: 'kommun',
  namesUsers: true,
  users: [
    person('bo', { toMs: day('2026-07-01') }),
    person('bo', { fromMs: day('2026-07-01'), department: 'Office' }),
    person('eva', { fromMs: day('2026-01-01') }),
    person('kim', { toMs: day('2026-01-01') }),
  ],
  departments: [{ department: 'School', parent: null, tenant: 'kommun' }],
  networks: null,
};

function open(epochs: readonly number[], content = CONTENT) {
  const bodies = new Map<number, KeptDirectory>();
  for (const epoch of epochs) {
    const { body } = keepDirectory(content, { hash: 'ab', epoch, zone, userIn })!;
    bodies.set(epoch, readKept('directory', body));
  }
  return openKeptDirectory({ bodies, zone, userIn });
}

describe('a kept directory', () => {
  it('§5.7 gives a user’s rows in time order over the epochs, whatever the order of the bodies', () => {
    const rows = open([2026, 2025]).directory!.entries('kommun', 'bo');
    expect(rows.map(({ department, fromMs, toMs }) => [department, fromMs, toMs])).to.deep.equal([
      ['School', day('2025-01-01'), day('2026-01-01')],
      ['School', day('2026-01-01'), day('2026-07-01')],
      ['Office', day('2026-07-01'), day('2027-01-01')],
    ]);
  });

  it('§3.1 knows a name in its own tenant only', () => {
    expect(open([2026]).directory!.entries('energi', 'bo')).to.deep.equal([]);
  });

  it('§8.2 counts each person of a department once, at the last instant of an epoch as at the first of the next', () => {
    const { directory } = open([2025, 2026]);
    expect(directory!.size('kommun', 'School', day('2026-01-01') - 1)).to.equal(2);
    expect(directory!.size('kommun', 'School', day('2026-01-01'))).to.equal(2);
    expect(directory!.size('kommun', 'School', day('2026-12-01'))).to.equal(1);
  });

  it('§3.3 is no directory where there was no file that names users', () => {
    const { directory, departmentTree } = open([2026], { ...CONTENT, users: [], namesUsers: false });
    expect(directory).to.equal(null);
    expect(departmentTree).to.deep.equal(CONTENT.departments);
  });

  it('§5.7 holds an open last epoch for as long as the calendar goes', () => {
    const rows = open([9999]).directory!.entries('kommun', 'eva');
    expect(rows[0]!.toMs).to.equal(Infinity);
  });
});
