import { expect } from 'chai';
import { pageText } from '../../src/cli/page-text.ts';
import type { Page } from '../../src/text/page.ts';

const LONG = 'a sentence of words '.repeat(12).trim();

function aPage(over: Partial<Page> = {}): Page {
  return {
    ...{ lang: 'en', title: 'Title', lead: ['lead'], banners: [], marks: null, foot: 'foot' },
    sections: [{ heading: 'Heading', blocks: [{ kind: 'text', text: LONG }] }],
    ...over,
  };
}

describe('cli/page-text', () => {
  it('breaks sentences at blanks, into lines of at most 78 signs, and loses no word', () => {
    const text = pageText(
      aPage({
        banners: [LONG],
        sections: [{ heading: 'H', blocks: [{ kind: 'list', items: [LONG, LONG] }] }],
      }),
    );
    const lines = text.split('\n');
    expect(Math.max(...lines.map(line => line.length))).to.be.within(60, 78);
    expect(text.match(/sentence/g)).to.have.length(36);
    expect(lines.filter(line => line.startsWith('  - '))).to.have.length(2);
    expect(lines.filter(line => line.startsWith('*** '))).to.have.length(1);
  });

  it('sets a last column of counts to the right, and others to the left', () => {
    const rows = [
      ['a', '7'],
      ['b', '1,234'],
    ];
    const table = { kind: 'table' as const, head: ['what', 'count'], rows };
    const text = pageText(aPage({ sections: [{ heading: 'H', blocks: [table] }] }));
    expect(text).to.include('  what  count\n  a         7\n  b     1,234');
  });

  it('writes facts, the figures of a chart, and signatures', () => {
    const bar = (label: string, value: number | null) => ({ label, parts: [{ label: 'visits', value }] });
    const text = pageText(
      aPage({
        headings: 'numbered',
        sections: [
          {
            heading: 'H',
            blocks: [
              { kind: 'heading', text: 'Part' },
              { kind: 'facts', rows: [{ label: 'period', value: LONG }] },
              { kind: 'chart', title: 'Visits', unit: 'visits', bars: [bar('a', 1234), bar('b', null)] },
              { kind: 'signatures', rows: [{ who: 'A', duty: 'signer', when: null, hash: null }] },
              { kind: 'table', head: ['a'], rows: [] },
            ],
          },
        ],
      }),
    );
    expect(text).to.include('\n1. H\n----\n\nPart\n');
    expect(text).to.include('Visits (visits)\n     visits\n  a   1,234\n  b  hidden\n');
    expect(text).to.match(/ {2}Signed by {2}Duty {4}Time {8}Signature\n {2}A {10}signer {2}not signed\n/);
    expect(text).to.include('  Nothing to show\n');
    expect(Math.max(...text.split('\n').map(line => line.length))).to.be.at.most(78);
  });

  it('lets no sign of a terminal through that a configuration could hold', () => {
    const text = pageText(aPage({ lead: ['a\u001b[2Jb\u202ec'] }));
    expect(text).to.include('a [2Jb c');
  });
});
