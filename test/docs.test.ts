// The documents say what the program does: generated pages are current, no field or command is left out, links lead
// to files, and every rule that the program cites can be looked up.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { commandNames, EXAMPLE_LINES, stalePages } from '../scripts/generate-docs.ts';
import { recordToEcs } from '../src/cli/record-to-ecs.ts';
import { scanJson } from '../src/cli/scan-report.ts';
import { visitJson } from '../src/cli/visit-json.ts';
import { toEcs } from '../src/finding/ecs.ts';
import { FORMATS } from '../src/format/formats.ts';
import { readLine } from '../src/format/read-line.ts';
import type { Finding } from '../src/model/finding.ts';
import { blankRecord } from '../src/model/record.ts';
import { blankTarget } from '../src/model/target.ts';
import { blankSummary } from '../src/pipeline/summary.ts';
import { parseTarget } from '../src/url/parse-target.ts';
import { aFinding } from './finding/arbitrary.ts';
import { gatherVisits } from './visit/support.ts';

const ROOT = join(import.meta.dirname, '..');
const TOP_PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const LIMITS = { maxLineBytes: 65_536, latestStampMs: Number.POSITIVE_INFINITY };

describe('documents', () => {
  it('have reference pages that are what the tables say', () => {
    expect(stalePages(ROOT)).to.deep.equal([]);
  });

  it('name every field of the JSON of scan, and no other', () => {
    const json = scanJson(blankSummary({ lists: null, policy: null, directory: null }));
    expect(fieldsOf(section('scan')).sort()).to.deep.equal(pathsOf(json, true).sort());
  });

  it('name every field of a finding, and no other', () => {
    expect(fieldsOf(section('search')).sort()).to.deep.equal(pathsOf(toEcs(fullFinding()), false).sort());
  });

  it('name every field of a visit, and no other', async () => {
    const [visit] = await gatherVisits([aFinding()]);
    const { facts, ...rest } = visitJson(visit!, 'en');
    const printed = [...pathsOf(rest, true), 'facts', 'facts[].code', 'facts[].values', 'facts[].text'];
    expect((facts as object[]).flatMap(fact => Object.keys(fact))).to.have.members([
      'code',
      'values',
      'text',
    ]);
    expect(fieldsOf(section('visits')).sort()).to.deep.equal(printed.sort());
  });

  it('name every field that parse can print', () => {
    const documented = fieldsOf(section('parse'));
    expect(pathsOf(fullParseDocument(), false).filter(path => !documented.includes(path))).to.deep.equal([]);
  });

  it('use every command in some page of the guide', () => {
    const guide = markdownIn(join(ROOT, 'docs', 'guide'))
      .map(read)
      .join('\n');
    const missing = commandNames().filter(name => !new RegExp(`\\bgranska ${name}\\b`).test(guide));
    expect(commandNames()).to.include('lists compile');
    expect(missing.filter(name => name !== 'demo')).to.deep.equal([]);
    expect(read(join(ROOT, 'README.md'))).to.match(/npm start/);
  });

  it('are linked from the page that lists their folder', () => {
    for (const folder of ['guide', 'adr', 'reference']) {
      const dir = join(ROOT, 'docs', folder);
      expect(readdirSync(dir), folder).to.not.be.empty;
    }
    const index = read(join(ROOT, 'docs', 'guide', 'README.md'));
    const pages = readdirSync(join(ROOT, 'docs', 'guide')).filter(name => name !== 'README.md');
    expect(pages.filter(name => !index.includes(`(${name})`))).to.deep.equal([]);
    const readme = read(join(ROOT, 'README.md'));
    const reference = readdirSync(join(ROOT, 'docs', 'reference'));
    expect(reference.filter(name => !readme.includes(`(docs/reference/${name})`))).to.deep.equal([]);
  });

  it('hold relative links that lead to files, and to headings in them', () => {
    const pages = [...TOP_PAGES.map(name => join(ROOT, name)), ...markdownIn(join(ROOT, 'docs'))];
    const links = pages.flatMap(page => linksOf(page).map(link => ({ page, link })));
    expect(links.length).to.be.greaterThan(30);
    const broken = links.filter(({ page, link }) => !leadsSomewhere(page, link));
    expect(broken.map(({ page, link }) => `${relative(ROOT, page)}: ${link}`)).to.deep.equal([]);
  });

  it('explain every rule that the program cites', () => {
    const rules = read(join(ROOT, 'docs', 'reference', 'rules.md'));
    const cited = new Set(
      filesIn(join(ROOT, 'src'), '.ts').flatMap(file => [...read(file).matchAll(/§\d+\.\d+/g)].map(String)),
    );
    expect(cited.size).to.be.greaterThan(10);
    expect([...cited].filter(rule => !rules.includes(`**${rule}**`))).to.deep.equal([]);
  });

  it('show example lines that are records of their format', () => {
    for (const format of FORMATS) {
      for (const line of EXAMPLE_LINES[format.name]) {
        const bytes = new TextEncoder().encode(line);
        expect(readLine(format, bytes, 0, bytes.length, LIMITS, blankRecord()), line).to.equal('record');
      }
    }
  });

  it('can tell a broken link, a missing field and a missing heading', () => {
    const readme = join(ROOT, 'README.md');
    expect(leadsSomewhere(readme, 'docs/nowhere.md')).to.equal(false);
    expect(leadsSomewhere(readme, 'docs/reference/errors.md#no-such-heading')).to.equal(false);
    expect(leadsSomewhere(readme, 'docs/reference/errors.md#exit-codes')).to.equal(true);
    expect(fieldsOf('| `a`, `b.c` | text | `d` |')).to.deep.equal(['a', 'b.c']);
  });
});

/** Gives the text under one `##` heading of json.md. */
function section(name: string): string {
  const text = read(join(ROOT, 'docs', 'reference', 'json.md'));
  const start = text.indexOf(`\n## ${name}\n`);
  const end = text.indexOf('\n## ', start + 4);
  return text.slice(start, end === -1 ? undefined : end);
}

/** Gives the names in code in the first column of the tables. */
function fieldsOf(text: string): string[] {
  return text
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(match => match[1]!));
}

/** Gives the dotted paths of all values, and of the objects on the way where they are documented too. */
function pathsOf(value: object, withObjects: boolean, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`;
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    if (!isObject) return [path];
    return [...(withObjects ? [path] : []), ...pathsOf(inner, withObjects, `${path}.`)];
  });
}

/** A finding that has everything that a finding can have. */
function fullFinding(): Finding {
  return aFinding({
    via: 'archive',
    observerName: 'proxy-1',
    statutes: ['X 1:1'],
    exemptions: ['E-1'],
    otherExemptions: ['E-2'],
    versions: { lists: 'a', policy: 'b', directory: 'c' },
  });
}

/** What parse prints for a line that has everything. */
function fullParseDocument(): object {
  const line =
    '1790000000.123 106 192.0.2.7 TCP_MISS/200 38470 GET http://www.example.com/a?b=c anna HIER_DIRECT/198.51.100.9 text/html "http://example.org/" "Mozilla/5.0"';
  const bytes = new TextEncoder().encode(line);
  const record = blankRecord();
  expect(readLine(FORMATS[0]!, bytes, 0, bytes.length, LIMITS, record)).to.equal('record');
  const target = blankTarget();
  parseTarget(record.url, record.method, target);
  const document = recordToEcs(record, target, {
    offset: 0,
    isoTime: timeMs => new Date(timeMs).toISOString(),
  });
  expect(pathsOf(document, false)).to.include.members(['url.query', 'user_agent.original', 'user.name']);
  return document;
}

/** Gives the targets of relative links. */
function linksOf(page: string): string[] {
  const text = read(page).replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(match => match[1]!)
    .filter(link => !/^[a-z]+:/i.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? page : resolve(dirname(page), path);
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

/** Gives the anchors of a page's headings as a forge makes them. */
function headingsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(match =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function markdownIn(folder: string): string[] {
  return filesIn(folder, '.md');
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => join(folder, name));
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
