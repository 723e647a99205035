// What people read about cases, in Swedish and English. Calm and plain: it tells what was found and what else could explain
// it; it never says that anybody did wrong.
import type { CaseOutcome, CaseStatus } from '../model/case.ts';
import type { Confidence } from '../model/subject.ts';
import type { Grade } from '../model/visit.ts';

const en = {
  statuses: {
    open: 'open',
    confirmed: 'confirmed',
    explained: 'explained',
    falseMatch: 'false match',
    dismissed: 'dismissed',
    reopened: 'reopened',
    withdrawn: 'closed: nothing is left to examine',
  } satisfies Record<CaseStatus, string>,
  outcomes: {
    confirmed: 'confirmed: it stands as found',
    explained: 'explained: there is a reason for it',
    falseMatch: 'false match: the list was wrong',
    dismissed: 'dismissed: it is let rest',
  } satisfies Record<CaseOutcome, string>,
  labels: {
    case: 'case',
    status: 'status',
    organization: 'organisation',
    subject: 'subject',
    rolesThen: 'then',
    category: 'category',
    found: 'found',
    visits: 'visits',
    decisions: 'decisions',
    consider: 'what else could explain it',
    next: 'next steps',
  },
  none: 'none',
  department: (names: string) => `department ${names}`,
  user: 'a user',
  client: 'only an address: who sat there is not known',
  confidence: {
    authenticated: 'the proxy authenticated the name',
    lease: 'the name comes of a lease or a log-on, not of the proxy',
    none: 'no name is known',
  } satisfies Record<Confidence, string>,
  found: (visits: number, records: number) =>
    `${visits} ${visits === 1 ? 'visit' : 'visits'}, ${records} ${records === 1 ? 'record' : 'records'} that no exemption covers`,
  foundThen: (visits: number, records: number) =>
    `${visits} ${visits === 1 ? 'visit' : 'visits'}, ${records} ${records === 1 ? 'record' : 'records'}`,
  grew: (then: string, now: string) =>
    `what was found has changed since the last decision: then ${then}, now ${now}`,
  withdrawn: 'later judgements, or the policy of today, leave nothing of it to examine; the decisions stay',
  decision: (number: number, when: string, by: string) => `${number}  ${when}  by ${by}`,
  undecided: 'nobody has decided yet',
  visit: (record: number, grade: Grade) => `grade ${grade}, ${record} ${record === 1 ? 'record' : 'records'}`,
  findings: 'its findings, and of each by granska explain --finding ID why no exemption fitted',
  decide: 'a decision: confirmed, explained, false-match or dismissed; the reason holds no name',
  siteWithheld: '(address not shown)',
  doNotOpen: 'Do not open any of these addresses; contact the police.',
  statute: (statutes: string) => `statutes that the category names: ${statutes}`,
  visitIsNotIt: 'by the taxonomy a visit alone is not what they punish: it is a matter of the policy',
  explanations: {
    work: 'the work itself: a duty, an assignment, a search for something else',
    otherPerson: 'somebody else at an unlocked computer, or with a shared log-on',
    unawareLink: 'a link in a mail, a document or a message that did not say where it led',
    wrongList: 'a list that is wrong about the site',
    reload: 'a page that was left open and loads itself anew',
    embedded: 'a part of another page: an advertisement, a picture, a counter',
    background: 'a program that asks by itself: an update, a check of links, a preview',
    prefetch: 'a page that the browser loaded ahead, without anybody asking',
    address: 'an address that several people or machines used that day',
    lease: 'a lease or log-on record that was wrong or late',
  },
  gradeConsider: {
    A: 'a page was shown; think of',
    B: 'sustained traffic; think of',
    C: 'whether anybody chose it cannot be told; think of',
    D: 'nothing shows that anybody chose it; most often it is',
  } satisfies Record<Grade, string>,
  hear: 'Hear the person before anything is held against them. A grade tells how strong the evidence is, never what somebody meant.',
};

const sv: typeof en = {
  statuses: {
    open: 'öppet',
    confirmed: 'bekräftat',
    explained: 'förklarat',
    falseMatch: 'felträff',
    dismissed: 'avskrivet',
    reopened: 'återöppnat',
    withdrawn: 'stängt: inget finns kvar att granska',
  },
  outcomes: {
    confirmed: 'bekräftat: det står som det hittades',
    explained: 'förklarat: det finns ett skäl',
    falseMatch: 'felträff: listan hade fel',
    dismissed: 'avskrivet: det får bero',
  },
  labels: {
    case: 'ärende',
    status: 'status',
    organization: 'organisation',
    subject: 'den berörde',
    rolesThen: 'då',
    category: 'kategori',
    found: 'fynd',
    visits: 'besök',
    decisions: 'beslut',
    consider: 'vad annat kan förklara det',
    next: 'nästa steg',
  },
  none: 'inga',
  department: names => `avdelning ${names}`,
  user: 'en användare',
  client: 'bara en adress: vem som satt där är inte känt',
  confidence: {
    authenticated: 'proxyn har kontrollerat namnet',
    lease: 'namnet kommer från ett adresslån eller en inloggning, inte från proxyn',
    none: 'inget namn är känt',
  },
  found: (visits, records) =>
    `${visits} besök, ${records} ${records === 1 ? 'loggpost' : 'loggposter'} som inget undantag täcker`,
  foundThen: (visits, records) => `${visits} besök, ${records} ${records === 1 ? 'loggpost' : 'loggposter'}`,
  grew: (then, now) => `underlaget har ändrats sedan det senaste beslutet: då ${then}, nu ${now}`,
  withdrawn: 'senare bedömningar, eller dagens policy, lämnar inget av det att granska; besluten står kvar',
  decision: (number, when, by) => `${number}  ${when}  av ${by}`,
  undecided: 'ingen har beslutat ännu',
  visit: (record, grade) => `styrka ${grade}, ${record} ${record === 1 ? 'loggpost' : 'loggposter'}`,
  findings: 'dess fynd, och för vart och ett med granska explain --finding ID varför inget undantag gällde',
  decide:
    'ett beslut: confirmed (bekräftat), explained (förklarat), false-match (felträff) eller dismissed (avskrivet); inget namn i skälet',
  siteWithheld: '(adressen visas inte)',
  doNotOpen: 'Öppna ingen av adresserna; kontakta polisen.',
  statute: statutes => `lagrum som kategorin anger: ${statutes}`,
  visitIsNotIt: 'enligt taxonomin är ett besök ensamt inte det som de straffar: det är en fråga för policyn',
  explanations: {
    work: 'arbetet självt: en arbetsuppgift, ett uppdrag, en sökning efter något annat',
    otherPerson: 'någon annan vid en olåst dator eller med en delad inloggning',
    unawareLink: 'en länk i ett brev, ett dokument eller ett meddelande som inte sade vart den ledde',
    wrongList: 'en lista som har fel om platsen',
    reload: 'en sida som lämnats öppen och laddar om sig själv',
    embedded: 'en del av en annan sida: en annons, en bild, en räknare',
    background: 'ett program som frågar av sig självt: en uppdatering, en länkkontroll, en förhandsvisning',
    prefetch: 'en sida som webbläsaren hämtade i förväg utan att någon bad om det',
    address: 'en adress som flera personer eller datorer använde den dagen',
    lease: 'en uppgift om adresslån eller inloggning som var fel eller sen',
  },
  gradeConsider: {
    A: 'en sida visades; tänk på',
    B: 'ihållande trafik; tänk på',
    C: 'om någon valde det kan inte avgöras; tänk på',
    D: 'inget visar att någon valde det; oftast är det',
  },
  hear: 'Lyssna på personen innan något läggs honom eller henne till last. Styrkan säger hur starkt underlaget är, aldrig vad någon menade.',
};

/** Words about cases. */
export const CASES_TEXT = { en, sv };

/** Words about cases in one language. */
export type CaseWords = typeof en;

/** Something else that could explain what was found. */
export type Explanation = keyof typeof en.explanations;

/** What is to be considered before anything is concluded, by grade: the likeliest first. */
export const CONSIDER: Readonly<Record<Grade, readonly Explanation[]>> = {
  A: ['work', 'unawareLink', 'otherPerson', 'wrongList'],
  B: ['work', 'reload', 'otherPerson', 'wrongList'],
  C: ['embedded', 'background', 'prefetch', 'work', 'wrongList'],
  D: ['embedded', 'background', 'prefetch', 'wrongList'],
};
