// `lists` and `lookup` as a user meets them: in an empty folder, without configuration, data or keys.
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Json, makePlace, type Place, readNdjson, removePlaces, run } from './run.ts';
import { randomFrom } from './squid-log.ts';

/** Folders as the University of Toulouse hands them out: folders of lists, links between them, other files. */
const UT1 = {
  'ut1/gambling/domains': 'Casino.example\nwww.poker.example\n# no\ncasino.example\nco.uk\n203.0.113.9\n',
  'ut1/gambling/urls': 'kiosk.example/odds\nkiosk.example/Bet/\n',
  'ut1/gambling/expressions': '(casino|poker)\n',
  'ut1/gambling/usage': 'black\n',
  'ut1/redirector/domains': 'proxy.example\r\nanonym.example\r\n',
  'ut1/LICENSE.pdf': 'not a list',
  'ut1/global_usage': 'text',
  'own/domains': 'casino.example\n',
};

describe('granska lists and lookup', () => {
  let place: Place;
  let image: string;
  before(async () => {
    place = makePlace(UT1);
    image = join(place.dir, 'image');
    const ran = await here(['lists', 'compile', 'ut1', 'own', '-o', 'image', '--json']);
    expect(ran.code, ran.stderr).to.equal(0);
    compiled = JSON.parse(ran.stdout);
  });
  after(removePlaces);

  let compiled: Json;
  /** Runs without an environment that names anything. */
  const here = (args: readonly string[], stdin: string | Uint8Array = '') =>
    run(args, { cwd: place.dir, stdin });

  it('compile folders of lists and a list by itself, and count what was refused and what is off', async () => {
    expect(compiled.schema).to.equal('granska.lists/1');
    expect(compiled.lists.map((list: Json) => [list.name, list.entries])).to.deep.equal([
      ['gambling', 5],
      ['own', 1],
      ['redirector', 2],
    ]);
    const [gambling] = compiled.lists;
    expect(gambling).to.deep.include({ duplicates: 1, expressions: 1 });
    expect(gambling.refused['public-suffix']).to.deep.include({ count: 1, file: 'domains', line: 5 });
    const info = await here(['lists', 'info', 'image', '--json']);
    expect(JSON.parse(info.stdout)).to.deep.equal(compiled);
    expect((await here(['lists', 'info', 'image'])).stdout).to.match(/gambling.* 5 /);
  });

  it('answer from an image, in words and as JSON, and make no file of their own', async () => {
    const asked = [
      'http://casino.example/',
      'x.poker.example',
      'www.poker.example:443',
      'KIOSK.example/odds?1',
    ];
    asked.push('kiosk.example:443', '0xcb007109', 'casino-example.translate.goog', 'nothing.example');
    const { stdout } = await here(['lookup', '--image', 'image', ...asked]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map(line => line.split('\t')),
    ).to.deep.equal([
      ['http://casino.example/', 'gambling,own'],
      ['x.poker.example', '-'],
      ['www.poker.example:443', 'gambling'],
      ['KIOSK.example/odds?1', 'gambling'],
      ['kiosk.example:443', '-'],
      ['0xcb007109', 'gambling'],
      ['casino-example.translate.goog', 'gambling,own'],
      ['nothing.example', '-'],
    ]);
    const [answer] = readNdjson(
      (await here(['lookup', '--image', 'image', '--json', '--', asked[6]!])).stdout,
    );
    expect(
      answer.matches.map((match: Json) => [match.list, match.entry, match.file, match.line, match.via]),
    ).to.deep.equal([
      ['gambling', 'casino.example', 'domains', 1, 'translate'],
      ['own', 'casino.example', 'domains', 1, 'translate'],
    ]);
    expect(readdirSync(place.dir).sort()).to.deep.equal(['image', 'own', 'ut1']);
  });

  it('answer 200,000 addresses from stdin as a naive reference does', async () => {
    const random = randomFrom(5);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
    const lines = Array.from({ length: 200_000 }, (_, index) => {
      const host = `${pick(['', 'www.', 'a.b.', 'not'])}${random() < 0.7 ? `s${index}.example` : pick(NAMES)}`;
      return pick([
        `http://${host}${pick(PATHS)}`,
        `https://${host}:8443${pick(PATHS)}`,
        `${host}:443`,
        host,
      ]);
    });
    const { stdout } = await here(['lookup', '--image', 'image', '-'], `${lines.join('\n')}\n`);
    const answers = stdout.split('\n');
    expect(answers).to.have.length(lines.length + 1);
    const wrong = lines.filter((line, index) => answers[index] !== `${line}\t${naiveAnswer(line)}`);
    expect(wrong.slice(0, 5)).to.deep.equal([]);
    expect(answers.filter(line => !line.endsWith('-')).length).to.be.greaterThan(10_000);
  });

  it('§10.2 refuse a damaged image with exit 4, and folders without lists with exit 2', async () => {
    const bytes = (await import('node:fs')).readFileSync(image);
    const torn = place.write('torn', bytes);
    truncateSync(torn, bytes.length - 100);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length >> 1]! ^= 1;
    writeFileSync(join(place.dir, 'flipped'), flipped);
    writeFileSync(join(place.dir, 'empty'), '');
    for (const name of ['torn', 'flipped', 'empty']) {
      const ran = await here(['lists', 'info', name]);
      expect(ran.code, `${name}: ${ran.stderr}`).to.equal(4);
      expect(ran.stderr).to.contain('[DAMAGED]');
    }
    expect((await here(['lookup', '--image', 'flipped', 'casino.example'])).code).to.equal(4);
    expect((await here(['lists', 'compile', 'nowhere', '-o', 'x'])).code).to.be.oneOf([2, 3]);
    for (const name of ['torn', 'flipped', 'empty']) (await import('node:fs')).rmSync(join(place.dir, name));
  });
});

const NAMES = [
  'casino.example',
  'poker.example',
  'www.poker.example',
  'kiosk.example',
  'proxy.example',
  'anonym.example',
];
const PATHS = ['', '/', '/odds', '/odds/7', '/oddset', '/Bet/', '/bet/', '/odds?x', '/a/odds'];

const LISTS: Readonly<Record<string, readonly string[]>> = {
  gambling: ['casino.example', 'www.poker.example', 'kiosk.example/odds', 'kiosk.example/Bet'],
  own: ['casino.example'],
  redirector: ['proxy.example', 'anonym.example'],
};

function naiveAnswer(address: string): string {
  const isTunnel = /:443$/.test(address);
  const url = new URL(address.includes('://') ? address : `http://${address}`);
  const names = Object.keys(LISTS).filter(list =>
    LISTS[list]!.some(entry => {
      const [host, ...path] = entry.split('/');
      if (`.${url.hostname}`.endsWith(`.${host}`) === false) return false;
      return path.length === 0 || (!isTunnel && `${url.pathname}/`.startsWith(`/${path.join('/')}/`));
    }),
  );
  return names.length === 0 ? '-' : names.join(',');
}
