// Made-up names: sites of the log, domains of the lists. A name follows from its number, so that log and lists
// agree without knowing each other. Sites have nine letters, listed domains twelve: none is by chance in both.

/** Gives the site (registrable domain) of a rank. */
export function siteName(rank: number): string {
  return word(permute(rank, 18), 3) + SITE_ENDS[mix(rank) % SITE_ENDS.length]!;
}

/** Gives the host of a rank; three hosts share a site, the busiest of them first. */
export function hostName(rank: number): string {
  const site = Math.floor(rank / HOSTS_PER_SITE);
  return PREFIXES[mix(rank + 7) % PREFIXES.length]! + siteName(site);
}

/** How many hosts share a site. */
export const HOSTS_PER_SITE = 3;

/** Gives the listed domain of a number below 2^24. */
export function listedName(number: number): string {
  const hash = mix(number);
  const digits = hash % 3 === 0 ? String(hash % 90) : '';
  const parent = hash % 5 === 0 ? PREFIXES[1 + (hash % (PREFIXES.length - 1))]! : '';
  return parent + word(permute(number, 24), 4) + digits + LIST_ENDS[(hash >>> 8) % LIST_ENDS.length]!;
}

/** Gives the listed child of a site: a host that no line of the log asks for. */
export function listedChild(site: number): string {
  return `${word(mix(site) & 0xfff, 2)}.${siteName(site)}`;
}

/** Gives the user name of a number. */
export function userName(number: number): string {
  return `${FIRST_NAMES[number % FIRST_NAMES.length]}.${word(mix(number) & 0xfff, 2)}${number % 97}`;
}

/** Gives the client address of a user's number. */
export function clientName(number: number): string {
  return `10.${20 + (number >>> 12)}.${(number >>> 6) & 63}.${10 + (number & 63)}`;
}

const SITE_ENDS =
  '.com .com .com .com .com .com .net .net .org .se .se .se .nu .eu .io .co.uk .de .app'.split(' ');
const LIST_ENDS = '.com .com .com .com .com .net .net .org .info .ru .xyz .top .co.uk .de .biz .tv'.split(
  ' ',
);
const PREFIXES = [
  '',
  'www.',
  'www.',
  'api.',
  'cdn.',
  'static.',
  'img3.',
  'eu-west.api.',
  's2.cdn.',
  'login.',
];
const FIRST_NAMES = 'anna erik maria lars karin johan eva per sara nils elin olof'.split(' ');
const CONSONANTS = 'bdfgklmnprstvxzh';
const VOWELS = 'aeio';

/** Writes six bits a syllable: consonant and vowel, and one letter that follows from both. */
function word(bits: number, syllables: number): string {
  let text = '';
  for (let i = 0; i < syllables; i++) {
    const part = (bits >>> (6 * i)) & 63;
    text += CONSONANTS[part & 15]! + VOWELS[part >>> 4]! + CONSONANTS[(part * 7 + i) & 15]!;
  }
  return text;
}

/** Mixes the numbers below 2^bits among themselves, one to one. */
function permute(number: number, bits: number): number {
  const mask = 2 ** bits - 1;
  let n = Math.imul(number, 0x9e3779b1) & mask;
  n ^= n >>> (bits >> 1);
  return Math.imul(n, 0x85ebca6b) & mask;
}

function mix(number: number): number {
  let h = Math.imul(number + 1, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
