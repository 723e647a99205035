// Who a record is about → the spellings that no text of its findings may hold: the name as logged, as it is known, and
// without domain and realm; the client's address. Example: `KOMMUN\anna@kommun.se` → also `anna`, as a word.

export interface Secrets {
  /** Not to be found anywhere in a text. */
  parts: readonly string[];
  /** Too short for that: `per` stands in `supermarket`. Not to be found as a word of a text. */
  words: readonly string[];
}

/** Names of fewer signs are looked for as whole words. */
const MIN_PART_SIGNS = 5;

/** Lists what must not stand in the texts of a finding, folded as `writeFolded` does. */
export function secretsOf(names: readonly string[], addresses: readonly string[]): Secrets {
  const folded = new Set<string>();
  for (const name of names) {
    const whole = writeFolded(name);
    folded.add(whole);
    folded.add(bareName(whole));
  }
  for (const address of addresses) folded.add(writeFolded(address));
  // A name of signs alone (`.`) stands in every address, and names nobody.
  const all = [...folded].filter(secret => HOLDS_SIGN.test(secret));
  return {
    parts: all.filter(secret => secret.length >= MIN_PART_SIGNS || !IS_WORD.test(secret)),
    words: all.filter(secret => secret.length < MIN_PART_SIGNS && IS_WORD.test(secret)),
  };
}

/** Brings the spellings of one text together: percent-encoding, however deep, Unicode form and case. */
export function writeFolded(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_ROUNDS && decoded.includes('%'); round++) {
    const next = decodePercent(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded.normalize('NFC').toLowerCase();
}

const MAX_ROUNDS = 8;
const HOLDS_SIGN = /[\p{L}\p{N}]/u;
const IS_WORD = /^[\p{L}\p{M}\p{N}]+$/u;

/** Takes the person out of `domain\person`, `person@realm` and `cn=person,ou=…`. */
function bareName(name: string): string {
  const distinguished = /^[a-z]+=([^,]*)/.exec(name);
  if (distinguished !== null) return distinguished[1]!;
  return name.replace(/^.*[\\/]/s, '').replace(/@.*$/s, '');
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, run => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
  });
}
