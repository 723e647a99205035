// The data under categories/: the taxonomy and the seed lists belong together, and every line can be used.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { blankTarget } from '../../src/model/target.ts';
import { canonicalHost } from '../../src/url/host.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { isPublicSuffix } from '../../src/url/site.ts';

interface Statute {
  statute: string;
  act: { sv: string; en: string };
  visitIsCrime: boolean;
  validFrom: string | null;
  validThrough: string | null;
  source: string;
  note: string;
}

interface Category {
  sv: string;
  en: string;
  class: string;
  doNotOpen?: boolean;
  statutes: Statute[];
}

const root = new URL('../../categories/', import.meta.url);
const taxonomy = parse(readFileSync(new URL('taxonomy.yaml', root), 'utf8')) as {
  version: number;
  categories: Record<string, Category>;
};
const categories = Object.entries(taxonomy.categories);
const folders = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort();

function lines(folder: string, file: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, root));
  if (!names.includes(file)) return [];
  return readFileSync(new URL(`${folder}/${file}`, root), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
}

describe('categories/', () => {
  it('has one folder for each category, and one for the protected sites', () => {
    expect(taxonomy.version).to.equal(1);
    expect(folders).to.deep.equal([...Object.keys(taxonomy.categories), 'protected'].sort());
  });

  for (const [name, category] of categories) {
    it(`names ${name} in both languages and gives it one of the two classes`, () => {
      expect(category.sv).to.be.a('string').and.not.empty;
      expect(category.en).to.be.a('string').and.not.empty;
      expect(category.class).to.be.oneOf(['forbidden', 'questionable']);
      expect(category.statutes.length > 0).to.equal(category.class === 'forbidden');
    });
  }

  for (const [name, category] of categories) {
    for (const statute of category.statutes) {
      it(`says of ${statute.statute} (${name}) which act it punishes, since when, from which source, and what to check`, () => {
        expect(statute.act.sv).to.be.a('string').and.not.empty;
        expect(statute.act.en).to.be.a('string').and.not.empty;
        expect(statute.source).to.match(/^https?:\/\/\S+$/);
        expect(statute.note).to.include('check with counsel');
        for (const day of [statute.validFrom, statute.validThrough]) {
          if (day !== null) expect(day).to.match(/^\d{4}-\d\d-\d\d$/);
        }
      });
    }
  }

  it('calls a visit alone a possible crime for child sexual abuse material only, which nobody is to open', () => {
    const punished = categories.filter(([, category]) =>
      category.statutes.some(statute => statute.visitIsCrime),
    );
    expect(punished.map(([name]) => name)).to.deep.equal(['child-abuse-material']);
    const closed = categories.filter(([, category]) => category.doNotOpen === true);
    expect(closed.map(([name]) => name)).to.deep.equal(['child-abuse-material']);
  });

  for (const folder of folders) {
    it(`says under which licence and from where ${folder} comes`, () => {
      const text = readFileSync(new URL(`${folder}/licence.txt`, root), 'utf8').split('\n');
      expect(text[0]).to.match(/^licence: \S/);
      expect(text[1]).to.match(/^source: \S/);
    });

    it(`holds only canonical hosts in ${folder}/domains, each once, and no public suffix`, () => {
      const hosts = lines(folder, 'domains');
      expect(hosts).to.not.be.empty;
      expect(hosts.map(canonicalHost)).to.deep.equal(hosts);
      expect(hosts.filter(isPublicSuffix)).to.deep.equal([]);
      expect([...new Set(hosts)]).to.have.length(hosts.length);
    });

    it(`holds only canonical addresses with a path in ${folder}/urls`, () => {
      for (const entry of lines(folder, 'urls')) {
        const target = blankTarget();
        parseTarget(`http://${entry}`, 'GET', target);
        expect(target.host + target.path).to.equal(entry);
        expect(target.path).to.not.equal('/');
      }
    });
  }

  it('names no site of class forbidden but reserved ones', () => {
    for (const [name, category] of categories) {
      if (category.class !== 'forbidden') continue;
      for (const host of lines(name, 'domains')) expect(host).to.match(/\.(?:example|test|invalid)$/);
    }
  });

  it('puts no host both among the protected sites and into a category', () => {
    const sites = lines('protected', 'domains');
    const covers = (host: string) => sites.some(site => host === site || host.endsWith(`.${site}`));
    for (const [name] of categories) expect(lines(name, 'domains').filter(covers)).to.deep.equal([]);
  });
});
