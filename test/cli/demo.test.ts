// The sample municipality: the committed files are what the script makes, and what the program counts in them is what
// a slow and separate count finds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { makeDemo } from '../../scripts/make-demo.ts';
import { countNaively, type NaiveRules } from './naive.ts';
import { type Json, makePlace, type Place, ROOT, readNdjson, removePlaces } from './run.ts';

const DEMO = join(ROOT, 'config', 'demo');

describe('granska demo', () => {
  let place: Place;
  afterEach(removePlaces);

  it('reads files that its script makes, byte for byte', () => {
    const { directory, log } = makeDemo();
    expect(readFileSync(join(DEMO, 'directory.csv'), 'utf8') === directory).to.equal(true);
    expect(readFileSync(join(DEMO, 'access.log'), 'utf8') === log).to.equal(true);
    expect(log.split('\n').length).to.be.greaterThan(20_000);
  });

  it('says what was found and what to try next, finds nothing new the second time, and what it advises works', async () => {
    place = makePlace();
    const first = await place.run(['demo']);
    expect(first.code, first.stderr).to.equal(0);
    for (const part of [
      ...[
        'lines read',
        'new findings',
        'to examine',
        'Exempt under these decisions',
        'U-2026-011',
        'SN 2026/112',
      ],
      ...['protected', 'unreviewed', 'attempts', 'could not be read', 'data/rejects', 'Try next'],
    ]) {
      expect(first.stdout).to.contain(part);
    }
    const second = await place.run(['demo']);
    expect(second.code).to.equal(0);
    expect(second.stdout).to.contain('Nothing is new');

    const advised = [...first.stdout.matchAll(/^ {2}bin\/granska (.*)$/gm)].map(match =>
      match[1]!.split(' '),
    );
    expect(advised).to.have.length(3);
    for (const args of advised) {
      const ran = await place.run(args);
      expect(ran.code, `${args[0]}: ${ran.stderr}`).to.equal(0);
      expect(ran.stdout.length).to.be.greaterThan(100);
    }
  });

  it('counts what a brute-force count finds', async () => {
    place = makePlace({}, null);
    const log = join(DEMO, 'access.log');
    const summary = await place.json(['scan', log, '--json', '--config', DEMO]);
    const { findings, sent, usage, ...counts } = countNaively(readFileSync(log, 'utf8'), demoRules());
    expect(summary).to.deep.include(counts);
    expect(summary.findings).to.deep.equal({ new: findings, known: 0 });
    expect(usage * sent).to.be.greaterThan(0);
    expect((await place.run(['search', '--config', DEMO])).stdout.trim().split('\n')).to.have.length(
      findings,
    );
    // One person under three spellings is one subject.
    const twice = readNdjson(
      (await place.run(['search', 'domain:betting.example', 'path:/odds', '--config', DEMO])).stdout,
    );
    expect(twice.length).to.be.greaterThan(5);
    expect(new Set(twice.map(found => found.user.id)).size).to.equal(1);
  });
});

/** Reads the demo's configuration as plainly as can be. */
function demoRules(): NaiveRules {
  const read = (name: string) => readFileSync(join(DEMO, name), 'utf8');
  const policy: Json = parse(read('policy.yaml'));
  const people = new Map<
    string,
    { roles: string[]; department: string; population: string; from: string }[]
  >();
  for (const row of read('directory.csv').trim().split('\n').slice(1)) {
    const [user, roles, department, population, from] = row.split(',') as string[];
    const rows = people.get(user!) ?? [];
    rows.unshift({ roles: roles!.split(';'), department: department!, population: population!, from: from! });
    people.set(user!, rows);
  }
  const nameOf = (logged: string) =>
    decodeURIComponent(logged)
      .toLowerCase()
      .replace(/^exempelby\\+/, '')
      .replace(/@exempelby\.example$/, '');
  const entriesOf = (list: string) =>
    ['domains', 'urls'].flatMap(file => {
      try {
        const text = readFileSync(join(ROOT, 'categories', list, file), 'utf8');
        return text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
      } catch {
        return [];
      }
    });
  const categories = Object.entries(policy.categories as Json);
  const isShared = (client: string) => /^10\.(30|40|50)\./.test(client);
  return {
    timeZone: 'Europe/Stockholm',
    lists: Object.fromEntries(categories.map(([name, { lists }]: Json) => [name, lists.flatMap(entriesOf)])),
    protectedHosts: policy.protected.lists.flatMap(entriesOf),
    announced: Object.fromEntries(categories.map(([name, { announcedFrom }]: Json) => [name, announcedFrom])),
    isReviewed(user, client) {
      if (user !== '') return (people.get(nameOf(user))?.[0]?.population ?? 'staff') === 'staff';
      return /^10\.20\.(?!40\.)/.test(client);
    },
    kindOf: (user, client) => (user !== '' ? 'user' : isShared(client) ? 'none' : 'client'),
    isExempt({ category, user, host, startMs, day }) {
      const person = people.get(nameOf(user))?.find(row => row.from <= day);
      return policy.exemptions.some((exemption: Json) => {
        const covers =
          exemption.users?.includes(nameOf(user)) ||
          exemption.roles?.some((role: string) => person?.roles.includes(role)) ||
          exemption.departments?.includes(person?.department);
        const local = new Date(startMs + offsetMs(startMs));
        const clock = local.toISOString().slice(11, 16);
        const [from, to] = (exemption.hours ?? '00:00-24:00').split('-');
        return (
          covers &&
          exemption.categories.includes(category) &&
          exemption.validFrom <= day &&
          day <= exemption.validThrough &&
          (exemption.sites?.some((site: string) => `.${host}`.endsWith(`.${site}`)) ?? true) &&
          (exemption.weekdays?.includes(WEEKDAYS[local.getUTCDay()]!) ?? true) &&
          from <= clock &&
          clock < to
        );
      });
    },
    latestMs: Date.UTC(2090, 0, 1),
  };
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Swedish summer time ended on 25 October 2026 at 01:00 UTC. */
function offsetMs(atMs: number): number {
  return (atMs < Date.UTC(2026, 9, 25, 1) ? 2 : 1) * 3_600_000;
}
