import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROOF_CHECKS, type Proof } from '../../src/model/proof.ts';
import type { Page } from '../../src/text/page.ts';
import { PROOF_TEXT } from '../../src/text/proof.ts';
import { proofPage, resultOf } from '../../src/text/proof-page.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A proof in which everything is as it should be; parts are replaced. */
function aProof(over: Partial<Proof> = {}): Proof {
  return {
    schema: 'granska.proof/1',
    made: '2026-11-27T03:31:00.000Z',
    day: '2026-11-27',
    timezone: 'Europe/Stockholm',
    organization: 'Provby',
    policy: {
      ...{ hash: 'a'.repeat(64), standing: 'live', from: '2026-01-01' },
      notice: { date: '2025-12-01', reference: 'KS 2025/2' },
      negotiation: { date: '2025-11-01', reference: 'KS 2025/1' },
      ...{ controller: 'Nämnden', dataProtectionOfficer: 'ombud@provby.example' },
      ...{ reviewed: ['staff', 'elected'], smallGroup: 5 },
    },
    stored: {
      ...{
        tenants: ['Provby', 'Bolaget'],
        findings: 12_345,
        examine: 1,
        exempt: 2,
        attempts: 3,
        withdrawn: 4,
      },
      ...{ forbidden: 5, firstDay: '2026-01-02', lastDay: '2026-02-03', usageRows: 6, requests: 7 },
      ...{ versions: { policy: 1, directory: 2, lists: 3 }, auditLines: 8 },
    },
    checks: PROOF_CHECKS.map(check => ({ check, examined: 9, failed: 0, unclear: 0 })),
    retention: {
      ...{ findings: { days: 730, decision: 'KS 2026/7' }, counts: null, audit: null },
      ...{ sealedDays: 14, overdueFindings: 0 },
    },
    access: {
      store: 'sqlite',
      places: [{ place: 'data', isThere: true, mode: '700', isOpenToOthers: false }],
      listen: null,
    },
    dropped: {
      days: { protected: 1, unreviewed: 2, unannounced: 3, tooOld: 4, authChallenges: 5 },
      ...{ rejectedLines: 6, rejectedWithoutText: 7, refusedDocuments: 8 },
    },
    reidentify: {
      epochs: [{ epoch: 2026, key: 'there', findings: 12_345 }],
      privateKey: 'not-there',
      directory: { users: 10, changed: '2026-11-01', ageDays: 26 },
    },
    categories: [
      {
        name: 'gambling',
        sv: 'Spel',
        en: 'Gambling',
        class: 'questionable',
        announced: { all: '2026-01-01' },
      },
      { name: 'drugs', sv: 'Droger', en: 'Drugs', class: 'forbidden', announced: { staff: '2026-02-01' } },
      { name: 'weapons', sv: 'Vapen', en: 'Weapons', class: 'forbidden', announced: {} },
    ],
    ...over,
  };
}

const failing = (check: string, counts: { failed: number; unclear: number }): Proof =>
  aProof({
    checks: PROOF_CHECKS.map(name => ({
      ...{ check: name, examined: 9, failed: 0, unclear: 0 },
      ...(name === check ? counts : {}),
    })),
  });

/** What a page is made of, without its words: kinds of blocks, their marks, and how many parts each has. */
function shapeOf(page: Page): unknown {
  return {
    ...{ lead: page.lead.length, banners: page.banners.length, marks: Object.keys(page.marks ?? {}) },
    sections: page.sections.map(({ blocks }) =>
      blocks.map(block => {
        const mark = block.mark ?? 'none';
        switch (block.kind) {
          case 'text':
            return [block.kind, mark];
          case 'list':
            return [block.kind, mark, block.items.length];
          case 'heading':
            return [block.kind, mark];
          case 'facts':
          case 'signatures':
            return [block.kind, mark, block.rows.length];
          case 'chart':
            return [block.kind, mark, block.bars.map(({ parts }) => parts.length)];
          case 'table':
            return [block.kind, mark, block.head.length, block.rows.map(row => row.length)];
          case 'checks':
            return [block.kind, mark, block.head.length, block.rows.map(row => row.result)];
          default:
            return block satisfies never;
        }
      }),
    ),
  };
}

const textOf = (proof: Proof, lang: 'sv' | 'en') => JSON.stringify(proofPage(proof, lang));

describe('text/proof-page', () => {
  const proofs: [string, Proof][] = [
    ['a proof in order', aProof()],
    ['a check that fails', failing('no-query', { failed: 1, unclear: 0 })],
    ['a check of which something cannot be told', failing('versions-known', { failed: 0, unclear: 2 })],
    [
      'a policy on trial, with an empty store',
      aProof({
        policy: { ...aProof().policy, standing: 'trial', from: null, notice: null, negotiation: null },
        stored: { ...aProof().stored, findings: 0, firstDay: null, lastDay: null },
      }),
    ],
    [
      'Elasticsearch, without a directory',
      aProof({
        access: { store: 'elasticsearch', places: [], listen: '127.0.0.1:1' },
        reidentify: { epochs: [], privateKey: 'there', directory: null },
      }),
    ],
  ];

  for (const [name, proof] of proofs) {
    it(`has the same parts in both languages: ${name}`, () => {
      expect(shapeOf(proofPage(proof, 'sv'))).to.deep.equal(shapeOf(proofPage(proof, 'en')));
    });
  }

  it('marks every statement with how it is known', () => {
    const blocks = proofPage(aProof(), 'sv').sections.flatMap(section => section.blocks);
    expect(blocks.length).to.be.greaterThan(15);
    expect(blocks.filter(block => block.mark === undefined)).to.deep.equal([]);
  });

  it('puts what failed first, by the name of the check', () => {
    const page = proofPage(failing('class-apart', { failed: 2, unclear: 0 }), 'sv');
    expect(page.banners[0]).to.include('class-apart');
    expect(proofPage(aProof(), 'sv').banners).to.deep.equal([]);
  });

  it('says what cannot be told where there is something of it, and nowhere else', () => {
    const remark = PROOF_TEXT.sv.remarks['versions-known']!;
    expect(textOf(failing('versions-known', { failed: 0, unclear: 2 }), 'sv')).to.include(remark);
    expect(textOf(aProof(), 'sv')).to.not.include(remark);
  });

  it('takes a check that looked at nothing as none that holds', () => {
    expect(resultOf({ check: 'no-query', examined: 0, failed: 0, unclear: 0 })).to.equal('empty');
    expect(resultOf({ check: 'no-query', examined: 2, failed: 1, unclear: 1 })).to.equal('fails');
  });

  it('writes numbers as each language does', () => {
    expect(textOf(aProof(), 'sv')).to.include('12\u00a0345');
    expect(textOf(aProof(), 'en')).to.include('12,345');
  });

  it('says of retention without a decision that nothing is deleted', () => {
    const none = aProof({ retention: { ...aProof().retention, findings: null } });
    expect(textOf(none, 'en')).to.include('no decision: nothing is deleted');
    expect(textOf(aProof(), 'en')).to.include('KS 2026/7');
  });

  it('§5.2 calls nothing a violation, and nobody guilty', () => {
    const all = JSON.stringify([PROOF_TEXT, textOf(aProof(), 'sv'), textOf(aProof(), 'en')]);
    expect(all).to.not.match(/violation|guilty|offen[cd]er|brott|skyldig|misstänkt/i);
  });

  it('has every field of its JSON in the reference, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/json.md'), 'utf8');
    const start = page.indexOf('\n## proof\n');
    const section = page.slice(start, page.indexOf('\n## ', start + 4));
    const documented = section
      .split('\n')
      .filter(line => line.startsWith('| `'))
      .flatMap(line => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(match => match[1]!));
    const fields = Object.entries(aProof()).flatMap(([key, value]) =>
      typeof value === 'object' && !Array.isArray(value)
        ? Object.keys(value).map(inner => `${key}.${inner}`)
        : [key],
    );
    expect(documented.sort()).to.deep.equal(fields.sort());
  });

  it('names every role that is shipped for Elasticsearch, and no other', () => {
    const roles = readFileSync(join(ROOT, 'config/elasticsearch/roles.yml'), 'utf8');
    const shipped = [...roles.matchAll(/^(granska_\w+):/gm)].map(match => match[1]);
    expect(shipped).to.not.be.empty;
    expect(Object.keys(PROOF_TEXT.sv.access.roles).sort()).to.deep.equal(shipped.sort());
    expect(Object.keys(PROOF_TEXT.en.access.roles).sort()).to.deep.equal(shipped.sort());
  });
});
