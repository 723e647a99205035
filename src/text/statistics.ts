// Words of the statistics of a month, English and Swedish: for the board, the unions and the data protection officer.
// Numbers come written already.
const en = {
  title: 'Statistics on use of the internet under the policy',
  lead: (v: { organization: string; month: string }) => `${v.organization}, ${v.month}`,
  issue: (v: { number: number; hash: string; day: string }) =>
    `Issue ${v.number} of ${v.day}. SHA-256 ${v.hash}.`,
  banner: {
    incomplete: (through: string) =>
      `The month is not complete: what was read is whole through ${through}. The figures may still grow.`,
    nothingRead: 'The month is not complete: nothing of it was read.',
    trial: 'The policy is on trial: nothing that is counted can be held against anybody.',
    coming: (from: string) =>
      `The policy was not in force before ${from}: nothing that is counted before can be held against anybody.`,
    correction: (v: { number: number; before: number; reason: string }) =>
      `Issue ${v.number} corrects issue ${v.before}: ${v.reason}`,
  },
  headings: {
    whole: 'The whole organisation',
    departments: 'Departments',
    exempt: 'Exempt visits by decision',
    reading: 'How to read the figures',
    coverage: 'What the figures rest on',
  },
  chart: 'Visits to examine by category and grade',
  visits: 'visits',
  category: 'Category',
  unit: 'Unit',
  wholeName: 'Whole organisation',
  ownName: (name: string) => (name === '' ? 'No department of its own' : `${name}, directly`),
  grade: (grade: string) => `Grade ${grade}`,
  head: ['Unit', 'Persons', 'Visits to examine', 'A', 'B', 'C', 'D', 'Exempt visits', 'Attempts'],
  headCategory: ['Category', 'Persons', 'Visits to examine', 'A', 'B', 'C', 'D', 'Exempt visits', 'Attempts'],
  decisionHead: ['Category', 'Decision', 'Visits'],
  hidden: 'hidden',
  nothing: 'Nothing was counted in any category.',
  without: (names: string) => `Nothing was counted in: ${names}.`,
  noDecisions: 'No exempt visit can be shown by decision.',
  reading: (k: string) => [
    'A visit is what one person fetched from one site in one category with no break of more than the policy’s time, within a day. Its length is not time spent.',
    'The grade says how strong the evidence is that a person chose the visit: A a page was shown, B sustained traffic, C it cannot be told, D embedded or background. It is no score of a person.',
    'Nothing here says that anybody did wrong: a visit to examine is one that no decision exempts, and people have yet to look at it.',
    'An attempt is a request that the proxy stopped. It is no visit.',
    `Figures of fewer than ${k} persons are hidden, and so many beside them that they cannot be worked out from the sums. Zeros are shown.`,
    'A person is counted once in each category, in the department where they were first seen that month. Categories are not added up, since one person may be in several. Where nobody is known by name, the addresses of the busiest day are counted: persons are then at least so many.',
    `Departments with fewer than ${k} persons on the first of the month are counted in the one above.`,
  ],
  foot: (day: string) =>
    `Made by Granska on ${day}. Issued figures are frozen: asked for again they are the same, and a correction has a number of its own.`,
};

const sv: typeof en = {
  title: 'Statistik över internetanvändning enligt policyn',
  lead: v => `${v.organization}, ${v.month}`,
  issue: v => `Utgåva ${v.number}, ${v.day}. SHA-256 ${v.hash}.`,
  banner: {
    incomplete: through =>
      `Månaden är inte komplett: det som har lästs är helt till och med ${through}. Siffrorna kan ännu öka.`,
    nothingRead: 'Månaden är inte komplett: inget av den har lästs.',
    trial: 'Policyn är på prov: inget som räknas får läggas någon till last.',
    coming: from =>
      `Policyn gällde inte före ${from}: inget som räknas dessförinnan får läggas någon till last.`,
    correction: v => `Utgåva ${v.number} rättar utgåva ${v.before}: ${v.reason}`,
  },
  headings: {
    whole: 'Hela organisationen',
    departments: 'Förvaltningar',
    exempt: 'Undantagna besök per beslut',
    reading: 'Så läser du siffrorna',
    coverage: 'Vad siffrorna bygger på',
  },
  chart: 'Besök att granska per kategori och styrka',
  visits: 'besök',
  category: 'Kategori',
  unit: 'Enhet',
  wholeName: 'Hela organisationen',
  ownName: name => (name === '' ? 'Utan egen förvaltning' : `${name}, direkt`),
  grade: grade => `Styrka ${grade}`,
  head: ['Enhet', 'Personer', 'Besök att granska', 'A', 'B', 'C', 'D', 'Undantagna besök', 'Försök'],
  headCategory: [
    'Kategori',
    'Personer',
    'Besök att granska',
    'A',
    'B',
    'C',
    'D',
    'Undantagna besök',
    'Försök',
  ],
  decisionHead: ['Kategori', 'Beslut', 'Besök'],
  hidden: 'dold',
  nothing: 'Inget har räknats i någon kategori.',
  without: names => `Inget har räknats i: ${names}.`,
  noDecisions: 'Inga undantagna besök kan visas per beslut.',
  reading: k => [
    'Ett besök är det som en person har hämtat från en webbplats i en kategori utan längre uppehåll än policyn anger, inom ett dygn. Besökets längd är inte nedlagd tid.',
    'Styrkan säger hur starkt underlaget är för att en person valde besöket: A en sida visades, B ihållande trafik, C går inte att avgöra, D inbäddat eller i bakgrunden. Den är inget omdöme om en person.',
    'Inget här säger att någon har gjort fel: ett besök att granska är ett som inget beslut undantar, och som människor ännu ska bedöma.',
    'Ett försök är ett anrop som proxyn stoppade. Det är inget besök.',
    `Siffror för färre än ${k} personer är dolda, och så många bredvid dem att de inte kan räknas ut ur summorna. Nollor visas.`,
    'En person räknas en gång i varje kategori, i den förvaltning där personen först sågs den månaden. Kategorier summeras inte, eftersom en person kan finnas i flera. Där ingen är känd vid namn räknas adresserna den dag de var flest: då är personerna minst så många.',
    `Förvaltningar med färre än ${k} personer den första i månaden räknas i den överordnade.`,
  ],
  foot: day =>
    `Framställd av Granska ${day}. Utgivna siffror är frysta: begärs de igen är de desamma, och en rättelse får ett eget nummer.`,
};

/** Words of statistics. */
export const STATISTICS_TEXT = { en, sv };
