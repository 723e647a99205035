// Makes the sample municipality's people and log: config/demo/directory.csv and config/demo/access.log.
// Seeded: the same script gives the same bytes, and test/demo.test.ts holds the committed files to it.
// Everyone and every site in it is made up; sites end in names reserved for examples (RFC 2606).
import { writeFileSync } from 'node:fs';
import { createZone } from '../src/calendar/zone.ts';

const SEED = 20_260_914;
const FIRST_DAY = '2026-09-14';
const LAST_DAY = '2026-10-30';

interface Person {
  user: string;
  department: string;
  roles: string;
  population: string;
  ip: string;
  /** What the proxy logs for this person; several where the spelling varies. */
  spellings: string[];
}

/** Makes both files' texts. */
export function makeDemo(): { directory: string; log: string } {
  const random = mulberry32(SEED);
  const people = makePeople();
  return { directory: directoryCsv(people), log: writeLog(makeRequests(people, random), random) };
}

const FIRST_NAMES = (
  'anna erik maria lars karin anders kristina johan eva per lena nils sara olof emma jan ida karl elin mats ' +
  'åsa björn hanna gunnar linnea sven märta ali fatima david amina jonas leila peter sofia henrik'
).split(' ');
const LAST_NAMES = 'berg lind ek strand holm dahl öberg nyström sjö hed ås kvist björk lund gren'.split(' ');

const DEPARTMENTS: readonly { name: string; size: number; roles: readonly string[]; net: number }[] = [
  {
    name: 'Socialförvaltningen',
    size: 34,
    roles: ['social-worker', 'social-worker', 'addiction-counsellor', ''],
    net: 1,
  },
  { name: 'Barn och utbildning', size: 38, roles: ['teacher', 'teacher', 'teacher', 'school-nurse'], net: 2 },
  { name: 'Kultur och fritid', size: 14, roles: ['librarian', ''], net: 3 },
  { name: 'Samhällsbyggnad', size: 18, roles: ['', '', 'permit-officer'], net: 4 },
  { name: 'Kommunledning', size: 11, roles: ['communicator', '', 'procurement'], net: 5 },
  { name: 'IT', size: 8, roles: ['it-security', '', '', ''], net: 6 },
  { name: 'Överförmyndarkansliet', size: 3, roles: ['guardian-officer'], net: 7 },
];

function makePeople(): Person[] {
  const people: Person[] = [];
  for (const department of DEPARTMENTS) {
    for (let i = 0; i < department.size; i++) {
      const number = people.length;
      const first = FIRST_NAMES[number % FIRST_NAMES.length]!;
      const last = LAST_NAMES[(number * 7 + Math.floor(number / FIRST_NAMES.length)) % LAST_NAMES.length]!;
      const user = `${first}.${last}`;
      people.push({
        user,
        department: department.name,
        roles: department.roles[i % department.roles.length]!,
        population: 'staff',
        ip: `10.20.${department.net}.${10 + i}`,
        spellings: [encodeURI(user).toLowerCase()],
      });
    }
  }
  for (let i = 0; i < 4; i++) {
    const user = `ledamot${i + 1}`;
    const ip = `10.20.8.${10 + i}`;
    people.push({
      user,
      department: 'Kommunledning',
      roles: '',
      population: 'elected',
      ip,
      spellings: [user],
    });
  }
  // One person, three spellings: a Windows domain before the name, a realm behind it, and capitals.
  const twice = people[5]!;
  const capital = twice.user.replace(/(^|\.)\p{L}/gu, letter => letter.toUpperCase());
  twice.spellings = [twice.user, `EXEMPELBY\\\\${twice.user}`, `${capital}@exempelby.example`].map(name =>
    encodeURI(name).replaceAll('%5C', '\\'),
  );
  return people;
}

function directoryCsv(people: readonly Person[]): string {
  const rows = ['user,roles,department,population,validFrom,validThrough'];
  for (const [index, person] of people.entries()) {
    if (index === 2) {
      // Changes duties in mid-period: a counsellor from October on.
      rows.push(`${person.user},social-worker,${person.department},staff,2020-01-01,2026-09-30`);
      rows.push(`${person.user},addiction-counsellor;social-worker,${person.department},staff,2026-10-01,`);
    } else {
      rows.push(`${person.user},${person.roles},${person.department},${person.population},2020-01-01,`);
    }
  }
  return `${rows.join('\n')}\n`;
}

interface Request {
  atMs: number;
  elapsedMs: number;
  client: string;
  user: string;
  tag: string;
  bytes: number;
  method: string;
  url: string;
  hierarchy: string;
  mime: string;
  referrer: string;
  agent: string;
}

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0';
const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1) AppleWebKit/605.1 Safari/605.1';

const PLAIN_SITES = [
  'intranat.exempelby.example',
  'mejl.exempelby.example',
  'diariet.exempelby.example',
  'sok.example',
  'nyheter.example',
  'dagbladet.example',
  'vader.example',
  'kartor.example',
  'moten.example',
  'moln.example',
  'upphandling.example',
  'lagbok.example',
  'rese.example',
  'skola.example',
  'bibliotek.example',
  'leverantor-a.example',
  'leverantor-b.example',
  'cdn.example',
  'typsnitt.example',
  'uppdatering.example',
  'statistik.example',
  'forum.example',
  'video.example',
  'recept.example',
  'bank.example',
  'tidtabell.example',
];

/** What happens in the sample besides plain work: who, where, how often, and why it is there. */
interface Story {
  /** Which people: index into all, or those with a role or department. */
  who(person: Person): boolean;
  site: string;
  path: string;
  visits: number;
  tunnel: boolean;
}

const byRole = (role: string) => (person: Person) => person.roles.split(';').includes(role);
const byDepartment = (department: string) => (person: Person) => person.department === department;

const STORIES: readonly Story[] = [
  // Duties: counsellors look at gambling sites, permit officers at alcohol and tobacco shops, IT at tools.
  { who: byRole('addiction-counsellor'), site: 'casino.example', path: '/spel/', visits: 40, tunnel: false },
  { who: byRole('addiction-counsellor'), site: 'poker.example', path: '/', visits: 14, tunnel: true },
  { who: byRole('it-security'), site: 'exploits.example', path: '/archive/', visits: 18, tunnel: false },
  { who: byRole('it-security'), site: 'proxy.example', path: '/', visits: 9, tunnel: true },
  { who: byRole('librarian'), site: 'extremism.example', path: '/forum/', visits: 8, tunnel: false },
  // No duty that the policy knows of.
  { who: byDepartment('Samhällsbyggnad'), site: 'casino.example', path: '/live/', visits: 26, tunnel: false },
  { who: byDepartment('Barn och utbildning'), site: 'betting.example', path: '/', visits: 22, tunnel: true },
  { who: byDepartment('Samhällsbyggnad'), site: 'cannabis.example', path: '/', visits: 9, tunnel: false },
  { who: byDepartment('Kommunledning'), site: 'vuxen.example', path: '/galleri/', visits: 7, tunnel: false },
  {
    who: byDepartment('Kultur och fritid'),
    site: 'warez.example',
    path: '/hämta/',
    visits: 6,
    tunnel: false,
  },
  { who: byDepartment('Socialförvaltningen'), site: 'narkotika.example', path: '/', visits: 5, tunnel: true },
  { who: byDepartment('Överförmyndarkansliet'), site: 'casino.example', path: '/', visits: 3, tunnel: false },
  {
    who: person => person.spellings.length > 1,
    site: 'betting.example',
    path: '/odds/',
    visits: 12,
    tunnel: false,
  },
  {
    who: person => person.population === 'elected',
    site: 'casino.example',
    path: '/',
    visits: 6,
    tunnel: true,
  },
  // Protected: nothing of these is kept.
  {
    who: byDepartment('Socialförvaltningen'),
    site: 'halsa.example',
    path: '/ratt-stod/',
    visits: 20,
    tunnel: true,
  },
  { who: byDepartment('IT'), site: 'fack.example', path: '/medlem/', visits: 10, tunnel: false },
  { who: () => true, site: 'www.halsa.example', path: '/tider/', visits: 15, tunnel: false },
];

function makeRequests(people: readonly Person[], random: () => number): Request[] {
  const zone = createZone('Europe/Stockholm');
  const requests: Request[] = [];
  const days = workdays(zone, random);
  for (const day of days) {
    for (const person of people) addPlainDay(requests, { person, day, zone, random });
    addNameless(requests, { day, zone, random });
  }
  for (const story of STORIES) addStory(requests, { story, people, days, zone, random });
  addWrapped(requests, { people, days, zone, random });
  addDenied(requests, { people, days, zone, random });
  addAds(requests, { people, days, zone, random });
  return requests.sort((a, b) => a.atMs - b.atMs);
}

interface Scene {
  zone: ReturnType<typeof createZone>;
  random: () => number;
}

function workdays(zone: Scene['zone'], random: () => number): string[] {
  const days: string[] = [];
  for (let day = FIRST_DAY; day <= LAST_DAY; day = zone.nextDay(day)) {
    const isWeekend = zone.weekdayOf(zone.startOfDayMs(day) + 12 * 3_600_000) > 5;
    if (!isWeekend || random() < 0.25) days.push(day);
  }
  return days;
}

function workTime({ day, zone, random }: Scene & { day: string }): number {
  const hours = 7.5 + (random() + random()) * 4.6;
  return zone.startOfDayMs(day) + Math.floor(hours * 3_600_000);
}

function addPlainDay(requests: Request[], scene: Scene & { person: Person; day: string }): void {
  const { person, random } = scene;
  if (random() < 0.25) return;
  const visits = 2 + Math.floor(random() * 5);
  for (let i = 0; i < visits; i++) {
    const site = PLAIN_SITES[Math.floor(random() ** 2.2 * PLAIN_SITES.length)]!;
    const atMs = workTime(scene);
    if (random() < 0.62) requests.push(tunnel(scene, { person, atMs, site }));
    else requests.push(...page(scene, { person, atMs, site, path: '/' }));
  }
}

function addNameless(requests: Request[], scene: Scene & { day: string }): void {
  const { random } = scene;
  // The library's shared machines, the pupils' network and a server: no names, only addresses.
  const places = [
    {
      net: '10.40.1',
      count: 14,
      sites: ['bibliotek.example', 'video.example', 'forum.example', 'casino.example'],
    },
    { net: '10.30.7', count: 26, sites: ['skola.example', 'video.example', 'vuxen.example', 'sok.example'] },
    { net: '10.20.40', count: 10, sites: ['uppdatering.example', 'leverantor-a.example'] },
    { net: '10.50.0', count: 5, sites: ['nyheter.example', 'betting.example'] },
  ];
  for (const place of places) {
    for (let i = 0; i < place.count; i++) {
      const site = place.sites[Math.floor(random() ** 2.5 * place.sites.length)]!;
      const client = `${place.net}.${10 + Math.floor(random() * 40)}`;
      const person = { ...NOBODY, ip: client };
      const atMs = workTime(scene);
      if (random() < 0.7) requests.push(tunnel(scene, { person, atMs, site }));
      else requests.push(...page(scene, { person, atMs, site, path: '/' }));
    }
  }
}

const NOBODY: Person = { user: '-', department: '', roles: '', population: '', ip: '', spellings: ['-'] };

interface Visit {
  person: Person;
  atMs: number;
  site: string;
}

function tunnel({ random }: Scene, { person, atMs, site }: Visit): Request {
  const elapsedMs = 400 + Math.floor(random() ** 3 * 240_000);
  return {
    ...blankRequest(person, random),
    atMs: atMs + elapsedMs,
    elapsedMs,
    tag: 'TCP_TUNNEL/200',
    bytes: 2_000 + Math.floor(random() ** 3 * 900_000),
    method: 'CONNECT',
    url: `${site}:443`,
    referrer: '-',
  };
}

function page(scene: Scene, visit: Visit & { path: string }): Request[] {
  const { random } = scene;
  const base = blankRequest(visit.person, random);
  const address = `http://${visit.site}${encodeURI(visit.path)}`;
  const requests: Request[] = [
    {
      ...base,
      atMs: visit.atMs,
      elapsedMs: 40 + Math.floor(random() * 400),
      bytes: 4_000 + Math.floor(random() * 60_000),
      url: address,
      mime: 'text/html',
    },
  ];
  const parts = Math.floor(random() * 3);
  for (let i = 0; i < parts; i++) {
    const isScript = random() < 0.4;
    requests.push({
      ...base,
      atMs: visit.atMs + 200 + i * 130,
      elapsedMs: 5 + Math.floor(random() * 90),
      tag: random() < 0.3 ? 'TCP_MEM_HIT/200' : 'TCP_MISS/200',
      bytes: 900 + Math.floor(random() * 30_000),
      url: `http://${visit.site}/static/${isScript ? 'app.js' : `bild${i}.png`}`,
      mime: isScript ? 'application/javascript' : 'image/png',
      referrer: address,
    });
  }
  return requests;
}

function addStory(
  requests: Request[],
  scene: Scene & { story: Story; people: readonly Person[]; days: readonly string[] },
): void {
  const { story, people, days, random } = scene;
  const who = people.filter(story.who);
  for (let i = 0; i < story.visits; i++) {
    const person = who[Math.floor(random() * Math.min(who.length, 3))]!;
    const day = days[Math.floor(random() * days.length)]!;
    let atMs = workTime({ ...scene, day });
    const pages = 1 + Math.floor(random() * 4);
    for (let n = 0; n < pages; n++) {
      const visit = { person, atMs, site: story.site };
      if (story.tunnel) requests.push(tunnel(scene, visit));
      else requests.push(...page(scene, { ...visit, path: `${story.path}${n === 0 ? '' : `sida${n}`}` }));
      atMs += 15_000 + Math.floor(random() * 200_000);
    }
  }
}

function addWrapped(
  requests: Request[],
  scene: Scene & { people: readonly Person[]; days: readonly string[] },
): void {
  const { people, days, random } = scene;
  const paths: [string, string][] = [
    ['web.archive.org', '/web/20250101000000/http://casino.example/'],
    ['web.archive.org', '/web/20240601000000/http://vuxen.example/galleri'],
  ];
  for (let i = 0; i < 8; i++) {
    const person = people[60 + (i % 5)]!;
    const [site, path] = paths[i % paths.length]!;
    const atMs = workTime({ ...scene, day: days[Math.floor(random() * days.length)]! });
    requests.push(...page(scene, { person, atMs, site, path }));
    requests.push(tunnel(scene, { person, atMs: atMs + 90_000, site: 'poker-example.translate.goog' }));
  }
}

function addDenied(
  requests: Request[],
  scene: Scene & { people: readonly Person[]; days: readonly string[] },
): void {
  const { people, days, random } = scene;
  for (let i = 0; i < 46; i++) {
    const person = people[Math.floor(random() * people.length)]!;
    const atMs = workTime({ ...scene, day: days[Math.floor(random() * days.length)]! });
    const site = ['vuxen.example', 'casino.example', 'malware.example', 'forum.example'][i % 4]!;
    const stopped = {
      ...blankRequest(person, random),
      atMs,
      elapsedMs: 0,
      tag: 'TCP_DENIED/403',
      bytes: 3_900,
      hierarchy: 'HIER_NONE/-',
      mime: 'text/html',
    };
    if (i % 2 === 0) requests.push({ ...stopped, method: 'CONNECT', url: `${site}:443` });
    else requests.push({ ...stopped, url: `http://${site}/` });
  }
  for (let i = 0; i < 140; i++) {
    const person = people[Math.floor(random() * people.length)]!;
    const atMs = workTime({ ...scene, day: days[Math.floor(random() * days.length)]! });
    const site = i % 9 === 0 ? 'casino.example' : 'intranat.exempelby.example';
    requests.push({
      ...blankRequest(i % 5 === 0 ? person : { ...NOBODY, ip: person.ip }, random),
      atMs,
      elapsedMs: 0,
      tag: 'TCP_DENIED/407',
      bytes: 4_100,
      method: 'CONNECT',
      url: `${site}:443`,
      hierarchy: 'HIER_NONE/-',
      mime: 'text/html',
    });
  }
}

/** A newspaper embeds a betting firm's advertisements: traffic to a listed site that nobody chose. */
function addAds(
  requests: Request[],
  scene: Scene & { people: readonly Person[]; days: readonly string[] },
): void {
  const { people, days, random } = scene;
  for (let i = 0; i < 160; i++) {
    const person = people[Math.floor(random() * people.length)]!;
    const atMs = workTime({ ...scene, day: days[Math.floor(random() * days.length)]! });
    requests.push(...page(scene, { person, atMs, site: 'dagbladet.example', path: `/nyheter/${i}` }));
    requests.push({
      ...blankRequest(person, random),
      atMs: atMs + 420,
      elapsedMs: 30,
      bytes: 8_000 + Math.floor(random() * 20_000),
      url: 'http://annons.betting.example/banner.gif',
      mime: 'image/gif',
      referrer: `http://dagbladet.example/nyheter/${i}`,
    });
  }
}

function blankRequest(person: Person, random: () => number): Request {
  return {
    atMs: 0,
    elapsedMs: 0,
    client: person.ip,
    user: person.spellings[Math.floor(random() * person.spellings.length)]!,
    tag: 'TCP_MISS/200',
    bytes: 0,
    method: 'GET',
    url: '',
    hierarchy: `HIER_DIRECT/192.0.2.${1 + Math.floor(random() * 250)}`,
    mime: '-',
    referrer: '-',
    agent: random() < 0.8 ? FIREFOX : SAFARI,
  };
}

/** Writes the requests as Squid's native lines with two quoted columns more, and puts a few broken lines between. */
function writeLog(requests: readonly Request[], random: () => number): string {
  const lines = requests.map(request => {
    const stamp = (request.atMs / 1000).toFixed(3);
    const elapsed = String(request.elapsedMs).padStart(6);
    const { client, tag, bytes, method, url, user, hierarchy, mime, referrer, agent } = request;
    return `${stamp} ${elapsed} ${client} ${tag} ${bytes} ${method} ${url} ${user} ${hierarchy} ${mime} "${referrer}" "${agent}"`;
  });
  const broken = [
    '# logformat granska: squid with "%{Referer}>h" "%{User-Agent}>h" behind',
    lines[400]!.slice(0, 37),
    '2026-09-21 10:14:02 [2211] Request(default/gambling/-) casino.example:443 10.20.4.11/10.20.4.11 - CONNECT REDIRECT',
    'squid: log daemon restarted',
    lines[9_000]!.replace(/^\d+/, '99999999999'),
    `${lines[12_000]!.slice(0, 60)}\u0000\u0000\u0000`,
    lines[15_000]!.replace(' TCP_', ' '),
    '',
  ];
  for (const text of broken) lines.splice(1 + Math.floor(random() * (lines.length - 1)), 0, text);
  return `${lines.join('\n')}\n`;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (process.argv[1] === import.meta.filename) {
  const folder = new URL('../config/demo/', import.meta.url);
  const { directory, log } = makeDemo();
  writeFileSync(new URL('directory.csv', folder), directory);
  writeFileSync(new URL('access.log', folder), log);
}
