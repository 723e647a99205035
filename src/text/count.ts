import type { Lang } from './lang.ts';

/** Writes a whole number as the language does: `12 345` in Swedish (with a blank that does not break), `12,345` in English. */
export function countText(lang: Lang, count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, lang === 'sv' ? '\u00a0' : ',');
}

/** Joins words as a sentence does: `a, b och c`. */
export function joined(words: readonly string[], and: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}
