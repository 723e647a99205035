import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { taxonomySchema, toTaxonomy } from '../../src/config/taxonomy-schema.ts';
import type { Notice, NoticeCategory } from '../../src/model/notice.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { PolicyRules } from '../../src/policy/rules.ts';
import { makeNotice } from '../../src/proof/make-notice.ts';
import type { Lang } from '../../src/text/lang.ts';
import { noticePage } from '../../src/text/notice-page.ts';
import { exemption, rules, stockholm } from '../policy/support.ts';

const ROOT = join(import.meta.dirname, '../..');
const NOW_MS = Date.UTC(2026, 10, 27);
const taxonomy = toTaxonomy(
  taxonomySchema.parse(parse(readFileSync(join(ROOT, 'categories/taxonomy.yaml'), 'utf8'))),
);
const NAMES = Object.keys(taxonomy.categories);
const LIVE = {
  from: '2026-01-01',
  notice: { date: '2025-12-01', reference: 'KS 2025/2' },
  negotiation: { date: '2025-11-01', reference: 'KS 2025/1' },
};

function noticeOf(over: Partial<PolicyRules> = {}, usesLeases = false): Notice {
  const categories = Object.fromEntries(
    NAMES.map(name => [name, { lists: [], announcedFrom: '2026-01-01' }]),
  );
  const policy = compilePolicy({
    rules: rules({ live: LIVE, categories, ...over }),
    ...{ taxonomy, zone: stockholm, canonicalName: (name: string) => name, sha256: () => 'hash' },
  });
  return makeNotice({ organization: 'Provby', policy, sealedDays: 14, usesLeases, nowMs: NOW_MS });
}

function linesOf(notice: Notice, lang: Lang): string[] {
  const page = noticePage(notice, lang);
  return [
    ...page.lead,
    ...page.banners,
    ...page.sections.flatMap(({ heading, blocks }) => [
      heading,
      ...blocks.flatMap(block => {
        if (block.kind === 'text') return [block.text];
        return block.kind === 'list' ? block.items : [];
      }),
    ]),
  ];
}

const CRIME = /brott|crime|criminal|straff/i;

/** Takes out the words that are the taxonomy's own: names of categories, statutes and acts. */
function withoutNames(line: string, { sv, en, statutes }: NoticeCategory): string {
  const own = [sv, en, ...statutes.flatMap(({ statute, act }) => [statute, act.sv, act.en])];
  // Longest first: one name may stand in another.
  own.sort((a, b) => b.length - a.length);
  return own.reduce((text, name) => text.replaceAll(name, ''), line);
}

describe('text/notice-page', () => {
  for (const lang of ['sv', 'en'] as const) {
    it(`names every category once, with its statutes and what each forbids (${lang})`, () => {
      const notice = noticeOf();
      const lines = linesOf(notice, lang);
      expect(notice.categories.map(({ name }) => name)).to.deep.equal(NAMES);
      for (const category of notice.categories) {
        const own = lines.filter(line => line.startsWith(`${category[lang]}. `));
        expect(own, category.name).to.have.length(1);
        for (const { statute, act } of category.statutes) {
          expect(own[0]).to.include(statute);
          expect(own[0]).to.include(act[lang]);
        }
      }
    });

    it(`speaks of crime only where the statute punishes the visit (${lang})`, () => {
      const notice = noticeOf();
      const lines = linesOf(notice, lang);
      const said: string[] = [];
      for (const category of notice.categories) {
        const line = lines.find(text => text.startsWith(`${category[lang]}. `))!;
        if (CRIME.test(withoutNames(line, category))) said.push(category.name);
      }
      const punished = NAMES.filter(name =>
        taxonomy.categories[name]!.statutes.some(item => item.visitIsCrime),
      );
      expect(punished).to.include('child-abuse-material');
      expect(said).to.deep.equal(punished);
      const isCategory = (line: string) =>
        notice.categories.some(category => line.startsWith(`${category[lang]}. `));
      expect(lines.filter(line => !isCategory(line) && CRIME.test(line))).to.deep.equal([]);
    });

    it(`is a draft while the policy is on trial, with what is missing to be filled in (${lang})`, () => {
      const lines = linesOf(noticeOf({ live: null }), lang).join('\n');
      expect(lines).to.match(lang === 'sv' ? /^UTKAST\./m : /^DRAFT\./m);
      expect(lines.match(/\[[^\]]+\]/g)).to.have.length(6);
      const whole = { ...LIVE, contact: { controller: 'K', dataProtectionOfficer: 'D' }, legalBasis: 'L' };
      expect(linesOf(noticeOf({ live: whole }), lang).join('\n')).to.not.match(/\[|UTKAST|DRAFT/);
    });
  }

  it('has the same parts in both languages', () => {
    for (const notice of [noticeOf(), noticeOf({ live: null })]) {
      expect(linesOf(notice, 'sv')).to.have.length(linesOf(notice, 'en').length);
      expect(noticePage(notice, 'sv').sections).to.have.length(noticePage(notice, 'en').sections.length);
    }
  });

  it('says to whom a category was announced and when, and names those that never were', () => {
    const categories = {
      gambling: { lists: [], announcedFrom: { staff: '2026-01-01', elected: '2027-03-01' } },
      drugs: { lists: [] },
    };
    const lines = linesOf(noticeOf({ categories, reviewed: ['staff', 'elected'] }), 'sv');
    // A day that has not come yet is no day "since" which.
    expect(lines.join('\n')).to.include(
      'Granskas från och med 2026-01-01 (anställda), 2027-03-01 (förtroendevalda)',
    );
    const { sv } = taxonomy.categories.drugs!;
    expect(lines).to.include(`Granskas inte: ${sv}. Besök där räknas bara.`);
  });

  it('§3.3 says of nobody who is not reviewed that they are, and leaves no heading empty', () => {
    const categories = {
      gambling: { lists: [], announcedFrom: { staff: '2026-01-01', elected: '2026-03-01' } },
      drugs: { lists: [], announcedFrom: { elected: '2026-03-01' } },
    };
    const page = noticePage(noticeOf({ categories, reviewed: ['staff'] }), 'en');
    const lines = linesOf(noticeOf({ categories, reviewed: ['staff'] }), 'en');
    expect(lines.join('\n')).to.not.match(/2026-03-01|elected/);
    expect(lines).to.include(
      `Not reviewed: ${taxonomy.categories.drugs!.en}. Visits there are only counted.`,
    );
    expect(lines).to.include('None.');
    const lists = page.sections.flatMap(({ blocks }) => blocks.filter(block => block.kind === 'list'));
    expect(lists.every(({ items }) => items.length > 0)).to.equal(true);
  });

  it('§3.2 says how it is told who made a request, and what is done where it cannot be', () => {
    const said = (least: PolicyRules['minimumConfidence'], usesLeases: boolean) =>
      linesOf(noticeOf({ minimumConfidence: least }, usesLeases), 'en').join('\n');
    expect(said('lease', false)).to.not.match(/logged on|single computer/);
    expect(said('lease', true)).to.match(/logged on to which computer.*neither the proxy nor those lists/s);
    expect(said('authenticated', true)).to.match(
      /Where the proxy does not know who made a request, nothing is held against/,
    );
    expect(said('none', false)).to.match(/address of a single computer can be looked into/);
  });

  it('leaves out statutes that are not in force on its day', () => {
    const notice = makeNotice({
      ...{ organization: 'Provby', sealedDays: 14, usesLeases: false, nowMs: Date.UTC(2020, 0) },
      policy: compilePolicy({
        rules: rules({ categories: { terrorism: { lists: [], announcedFrom: '2019-01-01' } } }),
        ...{ taxonomy, zone: stockholm, canonicalName: (name: string) => name, sha256: () => 'hash' },
      }),
    });
    expect(notice.categories[0]?.statutes).to.deep.equal([]);
  });

  it('names nobody: no exemption, user or approver is in it', () => {
    const decision = exemption({ users: ['zz.user'], approvers: ['zz.chief'], reason: 'zz reason' });
    const facts = JSON.stringify(noticeOf({ exemptions: [decision] }));
    expect(facts).to.not.match(/zz|E-1|KS 1"/);
  });

  it('§1.4 gives the decision on retention, or says that there is none', () => {
    const kept = noticeOf({ retention: { findings: { days: 1095, decision: 'KS 2026/7' } } });
    expect(linesOf(kept, 'sv').join('\n')).to.include('1\u00a0095 dagar (beslut KS 2026/7)');
    expect(linesOf(noticeOf(), 'en').join('\n')).to.include('No time limit has been decided');
  });
});
