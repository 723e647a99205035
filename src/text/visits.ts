// What is said of visits, in two languages: calm and plain, what the log shows and what it does not; never what anybody
// meant or did wrong. Numbers are the same in both.
import type { Grade, GradeFact, GradeFactCode } from '../model/visit.ts';
import type { Lang } from './lang.ts';

/** Numbers of a fact by name. */
export type FactNumbers = Readonly<Record<string, number>>;

type FactWords = Readonly<Record<GradeFactCode, (n: FactNumbers) => string>>;

const facts: FactWords = {
  documents: n => `a page was shown: ${many(n.documents, 'HTML document')} came without a foreign referrer`,
  sustained: n =>
    `traffic that went on: ${many(n.records, 'request')} over ${minutes(n.seconds)} min, ${kilobytes(n.bytes)} kB`,
  documentsApart: n => `pages after one another: ${many(n.documents, 'HTML document')} within ${n.seconds} s`,
  cannotTell: n =>
    `too little to tell: ${many(n.records, 'request')} over ${n.seconds} s, ${kilobytes(n.bytes)} kB`,
  onlyTunnels: n => `traffic to the host: ${many(n.records, 'tunnel')}, whose content cannot be seen`,
  onlyExpressions: n =>
    `the address only looks like a listed one: ${many(n.records, 'request')}, no listed host`,
  onlyFailures: n => `nothing was shown: ${many(n.records, 'request')} that failed`,
  noReferrers: n => `the log does not say where ${many(n.records, 'request')} came from`,
  foreign: n => `another site led here, or has this one in its pages: ${many(n.records, 'request')}`,
  embedded: n => `parts of pages (images, styles, scripts, beacons): ${many(n.records, 'request')}`,
  background: n => `a program that works by itself: ${many(n.records, 'request')}`,
  partlyExempt: n =>
    `an exemption covers ${n.exempt} of ${many(n.records, 'request')}; the grade is of the others`,
};

const en = {
  grades: {
    A: 'a page was shown',
    B: 'traffic that went on',
    C: 'cannot be told',
    D: 'embedded or in the background',
  } satisfies Record<Grade, string> as Record<Grade, string>,
  gradeMeanings: {
    A: 'An HTML page was shown, and no other site led to it.',
    B: 'Requests went on for a while, or pages came after one another. Whether a page was shown cannot be seen.',
    C: 'The log cannot tell whether a person chose this.',
    D: 'Other pages or programs can have fetched all of it by themselves.',
  } satisfies Record<Grade, string> as Record<Grade, string>,
  facts,
};

const svFacts: FactWords = {
  documents: n => `en sida visades: ${n.documents} HTML-dokument kom utan hänvisning från en annan webbplats`,
  sustained: n =>
    `trafik som pågick: ${flera(n.records, 'anrop')} under ${minutes(n.seconds)} min, ${kilobytes(n.bytes)} kB`,
  documentsApart: n => `sidor efter varandra: ${n.documents} HTML-dokument inom ${n.seconds} s`,
  cannotTell: n =>
    `för lite för att avgöra: ${flera(n.records, 'anrop')} under ${n.seconds} s, ${kilobytes(n.bytes)} kB`,
  onlyTunnels: n => `trafik till värden: ${flera(n.records, 'tunnel', 'tunnlar')}, vars innehåll inte syns`,
  onlyExpressions: n => `adressen bara liknar en listad: ${flera(n.records, 'anrop')}, ingen listad värd`,
  onlyFailures: n => `ingenting visades: ${flera(n.records, 'anrop')} som misslyckades`,
  noReferrers: n => `loggen säger inte varifrån ${flera(n.records, 'anrop')} kom`,
  foreign: n => `en annan webbplats ledde hit, eller har den här i sina sidor: ${flera(n.records, 'anrop')}`,
  embedded: n => `delar av sidor (bilder, formatmallar, skript, mätpunkter): ${flera(n.records, 'anrop')}`,
  background: n => `ett program som arbetar av sig självt: ${flera(n.records, 'anrop')}`,
  partlyExempt: n =>
    `ett undantag omfattar ${n.exempt} av ${flera(n.records, 'anrop')}; styrkan gäller de övriga`,
};

const sv: typeof en = {
  grades: {
    A: 'en sida visades',
    B: 'trafik som pågick',
    C: 'går inte att avgöra',
    D: 'inbäddat eller i bakgrunden',
  },
  gradeMeanings: {
    A: 'En HTML-sida visades, och ingen annan webbplats ledde dit.',
    B: 'Anrop pågick en stund, eller sidor kom efter varandra. Om en sida visades går inte att se.',
    C: 'Loggen kan inte avgöra om någon valde detta.',
    D: 'Andra sidor eller program kan ha hämtat allt av sig själva.',
  },
  facts: svFacts,
};

/** What is said of visits. */
export const VISITS_TEXT: Readonly<Record<Lang, typeof en>> = { en, sv };

/** Says a fact in words; the code itself where there are none for it. */
export function factWords({ code, values }: GradeFact, lang: Lang): string {
  return isKnown(code) ? VISITS_TEXT[lang].facts[code](values) : code;
}

function isKnown(code: string): code is GradeFactCode {
  return Object.hasOwn(en.facts, code);
}

function many(count = 0, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function flera(antal = 0, en: string, flertal = en): string {
  return `${antal} ${antal === 1 ? en : flertal}`;
}

/** Whole minutes, and whole thousands of bytes: never more than there was. */
function minutes(seconds = 0): number {
  return Math.floor(seconds / 60);
}

function kilobytes(bytes = 0): number {
  return Math.floor(bytes / 1000);
}
