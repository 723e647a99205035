// A word as somebody types it → the forms in which a stored address may hold it. Hosts are stored as A-labels and
// paths percent-encoded: `räksmörgås` must find both `xn--rksmrgs-5wao1o.se` and `/r%C3%A4ksm…`.
import { canonicalHost } from '../url/host.ts';

/** Gives the forms of a word to look for, folded to lower case. */
export function wordForms(word: string): string[] {
  const folded = word.normalize('NFC').toLowerCase();
  const forms = new Set([folded]);
  if (/[^\x21-\x7e]/.test(folded)) {
    // In a path each sign is encoded by itself, so that a part of a word is a part of its encoding.
    for (const text of [word.normalize('NFC'), folded]) {
      forms.add(encodeURI(text.toWellFormed()).toLowerCase());
    }
    const host = canonicalHost(folded);
    if (host !== '') forms.add(host);
  }
  return [...forms];
}
