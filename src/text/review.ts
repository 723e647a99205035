// Words of reviews, English and Swedish: what a reviewer is shown, and the protocol that is filed. Calm and plain; never what
// anybody meant or did wrong. Numbers come written already where they can be large.
import type { ChecklistAnswer, ReviewOutcome, ReviewStatus } from '../model/review.ts';
import type { Lang } from './lang.ts';

const en = {
  statuses: {
    beginning: 'being begun',
    open: 'open',
    decided: 'decided, to be signed',
    signed: 'signed',
  } satisfies Record<ReviewStatus, string> as Record<ReviewStatus, string>,
  outcomes: {
    nothing: 'nothing to remark',
    case: 'to be examined as a case',
    falseMatch: 'false match',
    explained: 'explained',
  } satisfies Record<ReviewOutcome, string> as Record<ReviewOutcome, string>,
  answers: { yes: 'yes', no: 'no', notApplicable: 'not applicable' } satisfies Record<
    ChecklistAnswer,
    string
  > as Record<ChecklistAnswer, string>,
  undecided: 'not decided',
  overtaken: 'its findings were judged again since it was drawn; the review keeps what it saw',
  tooLittleKnown: 'too little is known of who it was for a case',
  withheld: '(address not shown)',
  protected: 'a protected site, which leaves no trace: nothing more of it is shown (§6.2)',
  view: (v: { when: string; actor: string; action: string; shown: string }) =>
    `${v.when}: account ${v.actor} used ${v.action}, ${v.shown} findings were shown`,
  title: (plan: string) => `Protocol of review: ${plan}`,
  lead: (v: { organization: string; period: string }) => `${v.organization}, ${v.period}`,
  diary: (number: string) => `Diary number ${number}`,
  content: (hash: string) => `Content hash ${hash}`,
  unsigned: 'This review is not signed: the protocol is a draft.',
  incomplete: (through: string | null) =>
    through === null
      ? 'The review was begun although the log of the period held nothing.'
      : `The review was begun before the log of the period was whole: it is complete through ${through}.`,
  rejudged: (count: string) =>
    `Findings of ${count} of the items were judged again after the sample was drawn. The protocol keeps what the review saw.`,
  headings: {
    what: 'What was reviewed',
    method: 'Method',
    result: 'Result',
    remarks: 'Remarks',
    coverage: 'What the log covers',
    limits: 'What this does not show',
    signatures: 'Who decided and who signed',
  },
  labels: {
    id: 'Review',
    period: 'Period',
    days: (from: string, through: string) => `${from} to ${through}`,
    population: 'Population',
    scope: 'Limited to',
    frozen: 'Frozen',
    versions: 'Versions in use',
    checklist: 'Checklist',
    sample: 'Sample',
    seed: 'Seed',
    chain: 'Audit chain',
    reviewers: 'Decided by',
    begun: 'Begun',
  },
  populations: {
    findings: (items: string, findings: string) =>
      `${items} visits to be examined, resting on ${findings} findings`,
    audit: (items: string) => `${items} lines of the audit chain: who viewed what`,
  },
  scopes: {
    tenant: (name: string) => `organisation ${name}`,
    departments: (names: string) => `departments ${names}, with what is under them`,
    categories: (names: string) => `categories ${names}`,
    class: (name: 'forbidden' | 'questionable'): string =>
      name === 'forbidden' ? 'class forbidden' : 'class questionable',
    all: 'nothing: everything was in it',
  },
  sample: {
    all: (items: string) => `everything: ${items} items`,
    stratified: (v: { items: string; of: string; strata: string }) =>
      `${v.items} of ${v.of} items, drawn at random from ${v.strata} groups (departments; of views, their kinds), in proportion, at least one from each`,
  },
  chain: (lines: string, hash: string) => `whole, ${lines} lines, the last one with hash ${hash}`,
  drawn:
    'The seed was recorded before the population was read. Anybody who has the export of this review can draw the same sample again.',
  questions: 'Questions that were answered for each item:',
  nothingThere:
    'There was nothing to examine: in the scope and the period, no visit remained to be examined. What was looked at is told under “What the log covers”.',
  nothingFound: 'Nothing was found to remark on.',
  found: (v: { items: string; remarked: string }) =>
    `Of ${v.items} items, ${v.remarked} led to something else than “nothing to remark”.`,
  undecidedLeft: (count: string) => `${count} items are not decided yet.`,
  outcomesHead: ['Outcome', 'Items'],
  answersHead: ['Question', 'Yes', 'No', 'Not applicable'],
  remarksHead: ['Item', 'Outcome', 'Remark'],
  noRemarks: 'No remark was made.',
  limits: [
    'A visit is traffic that a proxy logged, not something that a person is known to have done: programs fetch pages too, machines are shared, and lists can be wrong.',
    'A sample tells about what was drawn, and by proportion about the rest; it is no proof of any single thing that was not drawn.',
    'Outcome “to be examined as a case” is no finding against anybody: whoever it concerns is heard first.',
  ],
  nobody: 'nobody yet',
  duty: { signer: 'signer' },
  foot: 'Granska. The protocol holds no names of those whose traffic was logged.',
};

const sv: typeof en = {
  statuses: {
    beginning: 'påbörjas',
    open: 'öppen',
    decided: 'bedömd, ska undertecknas',
    signed: 'undertecknad',
  },
  outcomes: {
    nothing: 'inget att anmärka',
    case: 'ska utredas som ett ärende',
    falseMatch: 'felaktig träff',
    explained: 'förklarad',
  },
  answers: { yes: 'ja', no: 'nej', notApplicable: 'ej tillämpligt' },
  undecided: 'inte bedömd',
  overtaken: 'dess fynd har bedömts om efter urvalet; granskningen behåller det som den såg',
  tooLittleKnown: 'för lite är känt om vem det var för ett ärende',
  withheld: '(adressen visas inte)',
  protected: 'en skyddad webbplats, som inte lämnar några spår: inget mer av den visas (§6.2)',
  view: v => `${v.when}: kontot ${v.actor} använde ${v.action}, ${v.shown} fynd visades`,
  title: plan => `Granskningsprotokoll: ${plan}`,
  lead: v => `${v.organization}, ${v.period}`,
  diary: number => `Diarienummer ${number}`,
  content: hash => `Innehållets hash ${hash}`,
  unsigned: 'Granskningen är inte undertecknad: protokollet är ett utkast.',
  incomplete: through =>
    through === null
      ? 'Granskningen påbörjades fastän loggen för perioden inte innehöll något.'
      : `Granskningen påbörjades innan loggen för perioden var hel: den är fullständig till och med ${through}.`,
  rejudged: count =>
    `Fynd i ${count} av posterna har bedömts om efter urvalet. Protokollet behåller det som granskningen såg.`,
  headings: {
    what: 'Vad som granskats',
    method: 'Metod',
    result: 'Resultat',
    remarks: 'Anmärkningar',
    coverage: 'Vad loggen täcker',
    limits: 'Vad detta inte visar',
    signatures: 'Vem som bedömt och vem som undertecknat',
  },
  labels: {
    id: 'Granskning',
    period: 'Period',
    days: (from, through) => `${from} till och med ${through}`,
    population: 'Underlag',
    scope: 'Begränsat till',
    frozen: 'Fryst',
    versions: 'Versioner i bruk',
    checklist: 'Checklista',
    sample: 'Urval',
    seed: 'Frö',
    chain: 'Granskningskedja',
    reviewers: 'Bedömt av',
    begun: 'Påbörjad',
  },
  populations: {
    findings: (items, findings) => `${items} besök att utreda, som vilar på ${findings} fynd`,
    audit: items => `${items} rader i granskningskedjan: vem som tittat på vad`,
  },
  scopes: {
    tenant: name => `organisationen ${name}`,
    departments: names => `avdelningarna ${names}, med vad som ligger under dem`,
    categories: names => `kategorierna ${names}`,
    class: name => (name === 'forbidden' ? 'klassen förbjuden' : 'klassen tveksam'),
    all: 'ingenting: allt ingick',
  },
  sample: {
    all: items => `allt: ${items} poster`,
    stratified: v =>
      `${v.items} av ${v.of} poster, slumpvis dragna ur ${v.strata} grupper (avdelningar; för visningar deras slag), i proportion, minst en ur varje`,
  },
  chain: (lines, hash) => `hel, ${lines} rader, den sista med hash ${hash}`,
  drawn:
    'Fröet antecknades innan underlaget lästes. Den som har granskningens export kan dra samma urval igen.',
  questions: 'Frågor som besvarats för varje post:',
  nothingThere:
    'Det fanns inget att utreda: inom avgränsningen och perioden återstod inget besök att utreda. Vad som lästes står under ”Vad loggen täcker”.',
  nothingFound: 'Inget fanns att anmärka.',
  found: v => `Av ${v.items} poster ledde ${v.remarked} till något annat än ”inget att anmärka”.`,
  undecidedLeft: count => `${count} poster är inte bedömda ännu.`,
  outcomesHead: ['Utfall', 'Poster'],
  answersHead: ['Fråga', 'Ja', 'Nej', 'Ej tillämpligt'],
  remarksHead: ['Post', 'Utfall', 'Anmärkning'],
  noRemarks: 'Ingen anmärkning gjordes.',
  limits: [
    'Ett besök är trafik som en proxy har loggat, inte något som man vet att en person har gjort: program hämtar också sidor, datorer delas, och listor kan ha fel.',
    'Ett urval säger något om det som drogs, och i proportion om resten; det bevisar inget om något enskilt som inte drogs.',
    'Utfallet ”ska utredas som ett ärende” är inget konstaterande mot någon: den det gäller hörs först.',
  ],
  nobody: 'ingen ännu',
  duty: { signer: 'undertecknare' },
  foot: 'Granska. Protokollet innehåller inga namn på dem vars trafik loggats.',
};

/** What is said of reviews. */
export const REVIEW_TEXT: Readonly<Record<Lang, typeof en>> = { en, sv };
