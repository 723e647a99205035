// What the HR report says, in Swedish and English: calm and plain, counts and what they do not tell. It never says that
// anybody did wrong, and it calls nothing a crime.
import type { Confidence } from '../model/subject.ts';
import type { Lang } from './lang.ts';

const MONTHS: Readonly<Record<Lang, readonly string[]>> = {
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June'],
    ...['July', 'August', 'September', 'October', 'November', 'December'],
  ],
  sv: [
    ...['januari', 'februari', 'mars', 'april', 'maj', 'juni'],
    ...['juli', 'augusti', 'september', 'oktober', 'november', 'december'],
  ],
};

/** Writes a month as people say it: `oktober 2026`. */
export function monthText(month: string, lang: Lang): string {
  return `${MONTHS[lang][Number(month.slice(5, 7)) - 1] ?? month} ${month.slice(0, 4)}`;
}

const en = {
  title: 'Review of internet use: report to management',
  whole: 'the whole organisation',
  visits: 'visits',
  ownPart: (name: string) => `${name}, not in a department below`,
  partly: (shown: string) => `at least ${shown} (some of it is hidden)`,
  and: 'and',
  lead: (organization: string, unit: string, month: string) => `${organization}, ${unit}, ${month}`,
  issue: (number: number, hash: string) => `Issue ${number}. Content SHA-256 ${hash}`,
  correction: (n: { corrects: number; hash: string; reason: string }) =>
    `This issue corrects issue ${n.corrects} (SHA-256 ${n.hash.slice(0, 16)}…). Reason: ${n.reason}`,
  incomplete: 'The month was not complete when this was made: lines of it can still come.',
  foot: (day: string) => `Made ${day}. The same report, asked for again, has the same content.`,
  headings: {
    read: 'How to read this report',
    brief: 'In brief',
    examine: 'What remains to be examined',
    exempt: 'What decisions exempt',
    attempts: 'Attempts that were stopped',
    units: 'Administrations and departments',
    cases: 'Cases that two people have opened',
    other: 'What else can explain a visit',
    right: 'The right of the person to be heard',
    coverage: 'What the figures cover',
    limits: 'What the figures cannot tell',
    ground: 'Policy and versions',
  },
  read: (smallGroup: number) => [
    'The report counts visits, not log lines: what one person fetched from one site in one category within a day, without a longer break than the policy sets.',
    'Only what the policy concerns is here. All other traffic is counted and nothing more; protected sites leave no trace.',
    'That something is counted does not mean that anybody did wrong. What is listed here has yet to be examined by people.',
    'No one is named. A name can be seen for one case only, when two people have approved it, and that is logged.',
    `Groups of fewer than ${smallGroup} people are hidden, and more with them where the hidden figure could be worked out otherwise. “Hidden” is not zero.`,
  ],
  brief: {
    examine: 'Visits that remain to be examined',
    strong: 'of these: a page was shown, or traffic that went on (grades A and B)',
    weak: 'of these: it cannot be told whether anybody chose them, or they were embedded (grades C and D)',
    exempt: 'Visits that a decision exempts',
    attempts: 'Attempts that the proxy stopped',
    cases: 'Cases that two people have opened',
  },
  grade: (n: { grade: string; name: string; meaning: string }) => `${n.grade}, ${n.name}. ${n.meaning}`,
  gradesIntro:
    'The grade tells how strong the evidence is that a person chose the visit. It is no score of a person, and says nothing of what anybody meant.',
  weakIntro: 'Visits of grade C and D are counts only: nobody can be held to them.',
  chart: 'Visits that remain to be examined, by category and grade',
  chartUnit: 'visits',
  category: 'category',
  examineHead: ['category', 'visits', 'people', 'requests'],
  examineTable: 'People and requests behind these visits',
  personsOnce:
    'A person is counted once in a category, in the department where they were first seen in the month. Who is in two categories is counted in both: the column has no sum.',
  nothing: 'Nothing was found that remains to be examined.',
  forbidden: (names: string) =>
    `Of a class that the policy ties to a statute: ${names}. Mostly it is spreading, providing or acquiring that the statute punishes, not visiting. Whether anything was a crime is for the police and the courts.`,
  exemptIntro:
    'These visits had a decision behind them: the person’s duties needed them. They are shown apart so that nobody is asked about them.',
  exemptNone: 'No visit of the month was covered by a decision.',
  exemptHead: ['decision', 'case number', 'reason', 'valid', 'visits'],
  exemptChart: 'Visits that a decision exempts, by category',
  exemptPartly:
    'Some exempt visits are hidden, since few people are behind them; their decisions are hidden with them. A visit that two decisions cover is counted for both.',
  gone: 'no longer in the policy',
  reasonWithheld: 'not shown: it names somebody',
  valid: (from: string, through: string) => `${from} to ${through}`,
  attempts: (count: string) =>
    `Requests that the proxy stopped: ${count}. An attempt is no visit: nothing was shown. Attempts are counted, and no person is shown for them.`,
  attemptsHead: ['category', 'attempts'],
  unitsIntro:
    'Each department with all that is below it, for the whole month. A department that is too small to be counted by itself is part of the one above. Where a figure of a department is hidden, so is its bar.',
  unitsHead: ['department', 'category', 'A+B', 'C+D', 'people', 'exempt', 'attempts'],
  unitsNone: 'There is no department below this one.',
  unitsChart: 'Visits that remain to be examined, by department',
  strong: 'A and B',
  weak: 'C and D',
  casesIntro:
    'A case is shown as a row only when two different people have opened it. All others are in the counts above, and there only.',
  casesNone: 'No case of the month has been opened by two people. Everything is counts.',
  case: (n: { id: string; category: string; day: string }) => `Case ${n.id}: ${n.category}, ${n.day}`,
  caseSubject: 'person, under a pseudonym',
  caseKnown: 'how the person is known',
  caseDepartment: 'department',
  caseDecision: 'decision so far',
  caseWeaker: 'further visits of grade C and D',
  caseUndecided: 'nobody has decided yet',
  caseDecided: (outcome: string, day: string) => `${outcome} (${day})`,
  visitsHead: ['visit', 'grade', 'what the log shows', 'requests'],
  known: {
    authenticated: 'the proxy authenticated the name',
    lease: 'from a lease or a log-on, not from the proxy: less sure',
    none: 'not by name',
  } satisfies Record<Confidence, string>,
  otherIntro:
    'Before anything is concluded, these are to be ruled out. The more often they fit, the less a figure says:',
  coverageWhole:
    'Counts of requests, lines and networks are those of the whole organisation, of which this unit is a part.',
  right: [
    'Nobody may be held to a figure, or to a case, before they have been heard. They are to see what is held about them, to give their own account, and may bring somebody who supports them.',
    'A person who thinks that something is wrong can ask for it to be judged again: a wrong list, a missing decision and a shared log-on are corrected, and the report with them.',
    'A sanction under labour law takes its own inquiry, with the union, by the law and the agreements that hold. This report is no ground for one by itself.',
  ],
  limits: [
    'The clock is the proxy’s. If it was wrong, days and hours are too.',
    'The person is the one who was logged on. At an unlocked computer or with a shared account it can have been somebody else.',
    'Much that is fetched was chosen by nobody: advertisements, pictures and counters inside other pages, updates, previews, pages that the browser loads ahead.',
    'Encrypted traffic shows only which host was reached, not what was seen there.',
    'Lists of sites can be wrong or old. Each finding names its list, and a wrong entry can be taken out.',
    'How long a visit lasted cannot be seen. First and last request say nothing about time that anybody spent.',
    'What was fetched through another network or another device is not here.',
    'That little or nothing was found does not prove that nothing happened, and much does not prove the opposite.',
  ],
  ground: {
    policyFrom: 'Policy in force from',
    notice: 'Staff were told',
    negotiation: 'Negotiated with the unions',
    reviewed: 'Who is reviewed',
    confidence: 'Least certainty about who it was',
    smallGroup: 'Smallest group that is shown',
    timezone: 'Clock',
    policyVersion: 'Policy versions that judged',
    listsVersion: 'List versions that judged',
    directoryVersion: 'Directory versions that judged',
    none: 'none',
    people: (count: number) => `${count} people`,
    document: (date: string, reference: string) => `${date}, ${reference}`,
  },
};

const sv: typeof en = {
  title: 'Granskning av internetanvändning: rapport till förvaltningsledningen',
  whole: 'hela organisationen',
  visits: 'besök',
  ownPart: name => `${name}, utanför avdelningarna`,
  partly: shown => `minst ${shown} (en del döljs)`,
  and: 'och',
  lead: (organization, unit, month) => `${organization}, ${unit}, ${month}`,
  issue: (number, hash) => `Utgåva ${number}. Innehållets kontrollsumma (SHA-256): ${hash}`,
  correction: n => `Utgåvan rättar utgåva ${n.corrects} (SHA-256 ${n.hash.slice(0, 16)}…). Skäl: ${n.reason}`,
  incomplete: 'Månaden var inte komplett när rapporten togs fram: fler loggrader kan komma.',
  foot: day => `Framtagen ${day}. Begärs samma rapport igen har den samma innehåll.`,
  headings: {
    read: 'Så läser du rapporten',
    brief: 'I korthet',
    examine: 'Vad som återstår att granska',
    exempt: 'Vad beslut undantar',
    attempts: 'Försök som stoppades',
    units: 'Förvaltningar och avdelningar',
    cases: 'Ärenden som två personer har öppnat',
    other: 'Vad annat kan förklara ett besök',
    right: 'Den enskildes rätt att yttra sig',
    coverage: 'Vad siffrorna omfattar',
    limits: 'Vad siffrorna inte kan säga',
    ground: 'Policy och versioner',
  },
  read: smallGroup => [
    'Rapporten räknar besök, inte loggrader: det som en person hämtade från en webbplats i en kategori inom ett dygn, utan längre uppehåll än policyn anger.',
    'Här finns bara det som policyn gäller. All annan trafik räknas och ingenting mer; skyddade webbplatser lämnar inga spår.',
    'Att något räknas betyder inte att någon har gjort fel. Det som redovisas återstår för människor att granska.',
    'Ingen nämns vid namn. Ett namn kan ses för ett enda ärende i taget, när två personer har godkänt det, och det loggas.',
    `Grupper på färre än ${smallGroup} personer döljs, och fler med dem om siffran annars skulle gå att räkna fram. ”Dold” är inte noll.`,
  ],
  brief: {
    examine: 'Besök som återstår att granska',
    strong: 'varav en sida visades eller trafik pågick (styrka A och B)',
    weak: 'varav det inte går att avgöra om någon valde dem, eller de var inbäddade (styrka C och D)',
    exempt: 'Besök som ett beslut undantar',
    attempts: 'Försök som proxyn stoppade',
    cases: 'Ärenden som två personer har öppnat',
  },
  grade: n => `${n.grade}, ${n.name}. ${n.meaning}`,
  gradesIntro:
    'Styrkan säger hur starkt underlaget är för att en person valde besöket. Den är inget betyg på en person och säger ingenting om vad någon menade.',
  weakIntro: 'Besök med styrka C och D redovisas bara som antal: ingen kan läggas dem till last.',
  chart: 'Besök som återstår att granska, efter kategori och styrka',
  chartUnit: 'besök',
  category: 'kategori',
  examineHead: ['kategori', 'besök', 'personer', 'anrop'],
  examineTable: 'Personer och anrop bakom besöken',
  personsOnce:
    'En person räknas en gång i en kategori, i den avdelning där han eller hon först syntes under månaden. Den som finns i två kategorier räknas i båda: kolumnen har därför ingen summa.',
  nothing: 'Inget hittades som återstår att granska.',
  forbidden: names =>
    `I en klass som policyn knyter till ett lagrum: ${names}. Oftast är det spridning, tillhandahållande eller anskaffning som lagrummet straffar, inte besök. Om något har varit ett brott avgör polis och domstol.`,
  exemptIntro:
    'Bakom de här besöken finns ett beslut: personens arbetsuppgifter krävde dem. De redovisas för sig så att ingen behöver svara för dem.',
  exemptNone: 'Inget besök under månaden omfattades av ett beslut.',
  exemptHead: ['beslut', 'diarienummer', 'skäl', 'giltigt', 'besök'],
  exemptChart: 'Besök som ett beslut undantar, efter kategori',
  exemptPartly:
    'En del undantagna besök är dolda, eftersom få personer finns bakom dem; deras beslut är dolda med dem. Ett besök som två beslut omfattar räknas för båda.',
  gone: 'finns inte längre i policyn',
  reasonWithheld: 'visas inte: det nämner någon',
  valid: (from, through) => `${from} till ${through}`,
  attempts: count =>
    `Anrop som proxyn stoppade: ${count}. Ett försök är inget besök: ingenting visades. Försök räknas, och ingen person redovisas för dem.`,
  attemptsHead: ['kategori', 'försök'],
  unitsIntro:
    'Varje avdelning med allt som ligger under den, för hela månaden. En avdelning som är för liten för att räknas för sig ingår i den ovanför. Där någon av avdelningens siffror är dold är också stapeln det.',
  unitsHead: ['avdelning', 'kategori', 'A+B', 'C+D', 'personer', 'undantag', 'försök'],
  unitsNone: 'Det finns ingen avdelning under den här.',
  unitsChart: 'Besök som återstår att granska, efter avdelning',
  strong: 'A och B',
  weak: 'C och D',
  casesIntro:
    'Ett ärende redovisas som egen rad bara när två olika personer har öppnat det. Alla andra finns i antalen ovan, och bara där.',
  casesNone: 'Inget ärende från månaden har öppnats av två personer. Allt redovisas som antal.',
  case: n => `Ärende ${n.id}: ${n.category}, ${n.day}`,
  caseSubject: 'den berörde, under pseudonym',
  caseKnown: 'hur den berörde är känd',
  caseDepartment: 'avdelning',
  caseDecision: 'beslut hittills',
  caseWeaker: 'ytterligare besök med styrka C och D',
  caseUndecided: 'ingen har beslutat ännu',
  caseDecided: (outcome, day) => `${outcome} (${day})`,
  visitsHead: ['besök', 'styrka', 'vad loggen visar', 'anrop'],
  known: {
    authenticated: 'proxyn har kontrollerat namnet',
    lease: 'genom adresslån eller inloggning, inte genom proxyn: mindre säkert',
    none: 'inte till namnet',
  },
  otherIntro:
    'Innan någon slutsats dras ska detta uteslutas. Ju oftare det stämmer, desto mindre säger en siffra:',
  coverageWhole: 'Antalen anrop, rader och nät gäller hela organisationen, som den här enheten är en del av.',
  right: [
    'Ingen får läggas en siffra eller ett ärende till last innan han eller hon har fått yttra sig. Den berörde ska få se vad som finns om honom eller henne, lämna sin egen förklaring och ha med sig någon som stöd.',
    'Den som anser att något är fel kan begära att det bedöms på nytt: en felaktig lista, ett beslut som saknas eller en delad inloggning rättas, och rapporten med dem.',
    'En arbetsrättslig åtgärd kräver en egen utredning, tillsammans med facket, enligt lag och avtal. Den här rapporten är i sig inte någon grund för en sådan.',
  ],
  limits: [
    'Klockan är proxyns. Gick den fel är dagar och timmar också fel.',
    'Personen är den som var inloggad. Vid en olåst dator eller ett delat konto kan det ha varit någon annan.',
    'Mycket av det som hämtas har ingen valt: annonser, bilder och räknare på andra sidor, uppdateringar, förhandsvisningar, sidor som webbläsaren hämtar i förväg.',
    'Krypterad trafik visar bara vilken värd som nåddes, inte vad som syntes där.',
    'Listor över webbplatser kan vara felaktiga eller gamla. Varje fynd anger sin lista, och en felaktig post kan tas bort.',
    'Hur länge ett besök varade går inte att se. Första och sista anropet säger ingenting om hur mycket tid någon lade.',
    'Det som hämtades genom ett annat nät eller med en annan enhet finns inte här.',
    'Att lite eller inget hittades bevisar inte att inget har hänt, och mycket bevisar inte motsatsen.',
  ],
  ground: {
    policyFrom: 'Policyn gäller från och med',
    notice: 'Personalen informerades',
    negotiation: 'Förhandling med de fackliga organisationerna',
    reviewed: 'Vilka som granskas',
    confidence: 'Minsta säkerhet om vem det var',
    smallGroup: 'Minsta grupp som redovisas',
    timezone: 'Klocka',
    policyVersion: 'Policyversioner som bedömde',
    listsVersion: 'Listversioner som bedömde',
    directoryVersion: 'Katalogversioner som bedömde',
    none: 'ingen',
    people: count => `${count} personer`,
    document: (date, reference) => `${date}, ${reference}`,
  },
};

/** Words of the HR report. */
export const HR_REPORT_TEXT = { en, sv };

/** Words of the HR report in one language. */
export type HrReportWords = typeof en;
