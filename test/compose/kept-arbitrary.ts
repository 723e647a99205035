// Installations made up at random: people who come, move and go, small and big departments, networks, policies with
// exemptions of every kind, and records over two epochs, many of them at the instants where something changes.
import fc from 'fast-check';
import type { LogRecord } from '../../src/model/record.ts';
import { POPULATIONS } from '../../src/model/subject.ts';
import { type ExemptionRule, type PolicyRules, WEEKDAYS } from '../../src/policy/rules.ts';
import { exemption, rules } from '../policy/support.ts';
import { type Files, record, ZONE } from './kept-support.ts';

export interface AnInstallation {
  files: Files;
  policy: Partial<PolicyRules>;
  records: LogRecord[];
  /** The tenant that the source names. */
  tenant: string | null;
}

const NAMES = ['bo', 'anna', 'åsa', 'eva', 'kim', 'lo', 'mio', 'ulf'];
const DEPARTMENTS = ['School', 'Education', 'Office', ''];
const TENANTS = ['kommun', 'energi'];
const ROLES = ['investigator', 'teacher', 'nurse'];
const CATEGORIES = ['gambling', 'drugs', 'weapons'];
const DAYS = [
  ...['2024-06-01', '2025-01-01', '2025-01-02', '2025-06-15', '2025-12-01', '2025-12-31'],
  ...['2026-01-01', '2026-01-02', '2026-02-01', '2026-06-15', '2026-12-31', '2027-01-01'],
];
const SITES = ['casino.example', 'live.casino.example', 'mixed.example', 'drugs.example'];
const CLIENTS = ['10.1.0.1', '10.2.0.1', '10.2.3.4', '10.3.0.1', '192.0.2.1', ''];
const URLS = [
  ...SITES.map(site => `http://${site}/`),
  ...['http://weapons.example/', 'http://halsa.example/', 'http://nothing.example/'],
  ...['http://kiosk.example/odds/1', 'http://web.archive.org/web/2020/http://mixed.example/'],
];

/** Gives installations; rows that the files' readers refuse are left out by them. */
export function anInstallation(): fc.Arbitrary<AnInstallation> {
  return fc.record({
    files: someFiles(),
    policy: aPolicy(),
    records: fc.array(aRecord(), { minLength: 5, maxLength: 25 }),
    tenant: fc.option(fc.constantFrom(...TENANTS), { freq: 4 }),
  });
}

function someFiles(): fc.Arbitrary<Files> {
  const absent = { nil: undefined, freq: 4 };
  return fc
    .record({
      directory: fc.option(aDirectory(), absent),
      networks: fc.option(someNetworks(), absent),
      departments: fc.option(
        fc.constant('department,parent,tenant\nSchool,Education,\nEducation,,\nOffice,,\nOffice,,energi\n'),
        { nil: undefined, freq: 2 },
      ),
    })
    .map(files => Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined)));
}

function aDirectory(): fc.Arbitrary<string> {
  const row = fc.record({
    user: fc.constantFrom(...NAMES),
    roles: fc.subarray(ROLES),
    department: fc.constantFrom(...DEPARTMENTS),
    population: fc.constantFrom('staff', 'staff', 'staff', ...POPULATIONS),
    tenant: fc.constantFrom('', ...TENANTS),
    days: interval(),
  });
  // Many who come and go together: a department that is big enough in some months only.
  const group = fc.record({
    count: fc.nat({ max: 4 }),
    department: fc.constantFrom(...DEPARTMENTS),
    tenant: fc.constantFrom('', ...TENANTS),
    days: interval(),
  });
  return fc
    .record({ rows: fc.array(row, { maxLength: 14 }), groups: fc.array(group, { maxLength: 5 }) })
    .map(
      ({ rows, groups }) =>
        `user,roles,department,population,tenant,validFrom,validThrough\n${[
          ...rows.map(item =>
            [
              item.user,
              item.roles.join(';'),
              item.department,
              item.population,
              item.tenant,
              ...item.days,
            ].join(','),
          ),
          ...groups.flatMap(({ count, department, tenant, days }, at) =>
            Array.from({ length: count }, (_, n) =>
              [`many${at}-${n}`, '', department, 'staff', tenant, ...days].join(','),
            ),
          ),
        ].join('\n')}\n`,
    );
}

function someNetworks(): fc.Arbitrary<string> {
  const row = fc.tuple(
    fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '10.2.3.0/24', '10.3.0.0/16'),
    fc.constantFrom('', ...TENANTS),
    fc.constantFrom('', ...POPULATIONS),
    fc.constantFrom(...DEPARTMENTS),
    fc.constantFrom('', '', 'yes', 'kiosk', 'terminal-server', 'guest'),
    fc.constantFrom('', '1', '4'),
    interval(),
  );
  const header = 'cidr,tenant,population,department,shared,persons,validFrom,validThrough';
  return fc
    .array(row, { maxLength: 6 })
    .map(rows => `${header}\n${rows.map(cells => cells.flat().join(',')).join('\n')}\n`);
}

function aPolicy(): fc.Arbitrary<Partial<PolicyRules>> {
  const { categories } = rules();
  return fc.record({
    reviewed: fc.subarray(['staff', 'elected', 'pupil'] as const, { minLength: 1 }),
    smallGroup: fc.constantFrom(2, 3, 5),
    exemptions: fc
      .array(anExemption(), { maxLength: 6 })
      .map(all => all.map((rule, at) => ({ ...rule, id: `E-${at}` }))),
    categories: fc
      .constantFrom('1970-01-01', '2025-12-15', '2026-01-01')
      .map(day => ({ ...categories, drugs: { ...categories.drugs!, announcedFrom: day } })),
    retention: fc.constantFrom(null, null, { findings: { days: 400, decision: 'KS 1' } }),
  });
}

function anExemption(): fc.Arbitrary<ExemptionRule> {
  return fc
    .record({
      tenant: fc.constantFrom(undefined, undefined, ...TENANTS),
      categories: fc.subarray(CATEGORIES, { minLength: 1 }),
      users: fc.subarray([...NAMES, 'KOMMUN\\Bo']),
      roles: fc.subarray(ROLES, { maxLength: 1 }),
      departments: fc.subarray(DEPARTMENTS.slice(0, 3), { maxLength: 1 }),
      sites: fc.option(fc.subarray(SITES, { minLength: 1 }), { freq: 2 }),
      weekdays: fc.option(fc.subarray([...WEEKDAYS], { minLength: 1 }), { freq: 2 }),
      hours: fc.option(fc.constantFrom('08:00-17:00', '22:00-06:00'), { freq: 2 }),
      decided: fc.constantFrom(undefined, ...DAYS),
      retroactive: fc.constantFrom(undefined, { reason: 'Bo asked late', approvers: ['Chief'] }),
      validFrom: fc.constantFrom(...DAYS.slice(0, 8)),
      validThrough: fc.constantFrom(...DAYS.slice(5)),
    })
    .map(exemption);
}

function aRecord(): fc.Arbitrary<LogRecord> {
  return fc
    .record({
      startMs: anInstant(),
      user: fc.constantFrom('-', 'stranger', 'KOMMUN\\Bo', '%c5sa', 'many0-0', ...NAMES),
      client: fc.constantFrom(...CLIENTS),
      url: fc.constantFrom(...URLS),
      access: fc.constantFrom('allowed', 'allowed', 'allowed', 'denied'),
      isAuthChallenge: fc.constantFrom(false, false, false, false, false, false, false, true),
    })
    .map(record);
}

/** Instants of two epochs, half of them where a day begins or the one before ends. */
function anInstant(): fc.Arbitrary<number> {
  const [fromMs, toMs] = [ZONE.startOfDayMs('2025-01-01'), ZONE.startOfDayMs('2027-01-01')];
  const edge = fc
    .tuple(fc.constantFrom(...DAYS), fc.constantFrom(-1, 0, 3_600_000))
    .map(([day, byMs]) => Math.min(toMs - 1, Math.max(fromMs, ZONE.startOfDayMs(day) + byMs)));
  return fc.oneof(edge, fc.integer({ min: fromMs, max: toMs - 1 }));
}

function interval(): fc.Arbitrary<[from: string, through: string]> {
  const day = fc.constantFrom('', '', ...DAYS);
  return fc.tuple(day, day).map(([a, b]) => (a !== '' && b !== '' && a > b ? [b, a] : [a, b]));
}
