// delivery-page: the index of a folder → a page for whoever hands the reports on. In: an index; out: tables of files and of
// what failed. Invariant: it names departments and files, never a person or what a report says.
import type { DeliveryIndex } from '../model/delivery.ts';
import { countText } from './count.ts';
import { DELIVERY_TEXT } from './delivery.ts';
import type { Block, Page, Section } from './page.ts';

type Text = (typeof DELIVERY_TEXT)['en'];

/** Writes an index as a page. */
export function deliveryPage(index: DeliveryIndex): Page {
  const text = DELIVERY_TEXT[index.lang];
  const failed = countText(index.lang, index.failed.length);
  return {
    lang: index.lang,
    title: text.title({ report: text.reports[index.report], month: index.month }),
    lead: [text.lead({ delivery: index.delivery })],
    banners: index.failed.length === 0 ? [] : [text.banner({ failed })],
    marks: null,
    sections: [
      { heading: text.files, blocks: [filesBlock(index, text)] },
      { heading: text.verify, blocks: text.verifyMore.map(line => ({ kind: 'text', text: line })) },
      ...failedSection(index, text),
    ],
    foot: text.foot,
  };
}

function filesBlock({ files }: DeliveryIndex, text: Text): Block {
  if (files.length === 0) return { kind: 'text', text: text.none };
  const rows = files.map(file => [
    file.department ?? text.whole,
    file.path,
    String(file.issue),
    minuteOf(file.delivered),
    inFours(file.sha256),
  ]);
  return { kind: 'table', head: text.filesHead, rows };
}

function failedSection({ failed }: DeliveryIndex, text: Text): Section[] {
  if (failed.length === 0) return [];
  const rows = failed.map(({ department, format, code, message, at }) => [
    department ?? text.whole,
    format,
    `${message} [${code}]`,
    minuteOf(at),
  ]);
  const blocks: Block[] = [
    { kind: 'table', head: text.failedHead, rows },
    { kind: 'text', text: text.failedMore },
  ];
  return [{ heading: text.failed, blocks }];
}

/** Sets blanks into a hash, so that no sheet of paper cuts it off. */
function inFours(hash: string): string {
  return hash.replace(/.{16}(?=.)/g, '$& ');
}

/** Cuts an instant to its minute, with hyphens that do not break: `2026-11-01 05:00`. */
function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ').replaceAll('-', '\u2011');
}
