// networks.csv: which addresses belong to whom, when.
import type { Zone } from '../../calendar/zone.ts';
import { formatCidr, type NetworkEntry, parseCidr } from '../../subject/network.ts';
import { createIntervalReader, readCount, readPopulation, readShared } from './cells.ts';
import { checkDepartment, type DepartmentList } from './departments.ts';
import type { Row, Table } from './read-table.ts';

export interface NetworksOptions {
  tenant: string;
  zone: Zone;
  /** Null where there is no departments file. */
  departments: DepartmentList | null;
}

/** Reads the networks, sorted by CIDR and time; a mistake is reported at its row. */
export function readNetworks(table: Table, options: NetworksOptions): NetworkEntry[] {
  const read: { row: Row; entry: NetworkEntry }[] = [];
  const readInterval = createIntervalReader(options.zone);
  for (const row of table.rows) {
    const cidr = readCidr(row);
    const interval = readInterval(row);
    const tenant = row.cell('tenant') || null;
    const department = row.cell('department') || null;
    if (department !== null) {
      checkDepartment(row, { department, tenant: tenant ?? options.tenant }, options.departments);
    }
    const rest = {
      ...{ tenant, department, population: readPopulation(row, 'population') },
      ...{ shared: readShared(row, 'shared'), persons: readCount(row, 'persons') },
    };
    if (cidr !== null && interval !== null) read.push({ row, entry: { cidr, ...rest, ...interval } });
  }
  read.sort((a, b) => compareRows(a.entry, b.entry) || a.row.line - b.row.line);
  return withoutOverlap(read);
}

function readCidr(row: Row): string | null {
  const text = row.cell('cidr');
  const cidr = parseCidr(text);
  if (cidr !== null) return formatCidr(cidr);
  // Where only bits behind the prefix are set, cutting them off gives a network.
  const hasHostBits = text.includes('/') && parseCidr(text.slice(0, text.indexOf('/'))) !== null;
  row.report('cidr', hasHostBits ? 'is no network: its address goes on behind the prefix' : 'is no network', {
    hint: hasHostBits
      ? 'end the address in zeros, as in 10.2.0.0/16'
      : 'write it as 10.2.0.0/16 or 2001:db8::/32',
  });
  return null;
}

function withoutOverlap(read: readonly { row: Row; entry: NetworkEntry }[]): NetworkEntry[] {
  const kept: NetworkEntry[] = [];
  let last: { row: Row; entry: NetworkEntry } | null = null;
  for (const item of read) {
    if (last === null || last.entry.cidr !== item.entry.cidr || last.entry.toMs <= item.entry.fromMs) {
      kept.push(item.entry);
      last = item;
      continue;
    }
    const [first, second] = last.row.line < item.row.line ? [last.row, item.row] : [item.row, last.row];
    second.report('cidr', `is the same network as in line ${first.line}, at the same time`, {
      hint: 'part the times by validFrom and validThrough',
    });
  }
  return kept;
}

function compareRows(a: NetworkEntry, b: NetworkEntry): number {
  if (a.cidr !== b.cidr) return a.cidr < b.cidr ? -1 : 1;
  if (a.fromMs === b.fromMs) return 0;
  return a.fromMs < b.fromMs ? -1 : 1;
}
