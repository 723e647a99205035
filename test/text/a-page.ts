// A page with one of every kind of block, for those who print pages.
import type { Block, Page } from '../../src/text/page.ts';

/** Gives a block of each kind; `word` stands wherever a word can. */
export function everyBlock(word: string): readonly Block[] {
  return [
    { kind: 'text', text: word, mark: 'checked' },
    { kind: 'list', items: [word, word], mark: 'program' },
    { kind: 'table', caption: word, head: [word, 'n'], rows: [[word, '1']], mark: 'found' },
    {
      kind: 'checks',
      mark: 'checked',
      head: [word, word, word],
      rows: [{ result: 'holds', word, text: word, counts: word }],
    },
    { kind: 'heading', text: word },
    { kind: 'facts', rows: [{ label: word, value: word }] },
    {
      kind: 'chart',
      title: word,
      unit: word,
      head: word,
      hidden: word,
      bars: [
        {
          label: word,
          parts: [
            { label: word, value: 3 },
            { label: `${word} 2`, value: null },
          ],
        },
      ],
    },
    {
      kind: 'signatures',
      rows: [
        { who: word, duty: word, when: word, hash: word },
        { who: word, duty: word, when: null, hash: null },
      ],
    },
  ];
}

/** Gives a page of those blocks, or of others. */
export function aPage(word: string, blocks: readonly Block[] = everyBlock(word)): Page {
  return {
    ...{ lang: 'sv', title: word, lead: [word], banners: [word], foot: word, hash: 'ab'.repeat(32) },
    marks: {
      checked: { short: word, long: word },
      configured: { short: word, long: word },
      found: { short: word, long: word },
      program: { short: word, long: word },
    },
    sections: [{ heading: word, blocks }],
  };
}
