// Words of the proof, English and Swedish: what a data protection officer files. Numbers come written already.
import type { ProofCheckName, ProofDayKind, ProofPlace } from '../model/proof.ts';

const en = {
  title: 'Proof of data minimisation',
  lead: (v: { organization: string; day: string }) => `${v.organization}, ${v.day}`,
  version: (v: { hash: string; standing: string }) => `Policy version ${v.hash}. ${v.standing}`,
  standing: {
    trial: 'It is on trial.',
    coming: (from: string) => `It comes into force on ${from}.`,
    live: (from: string) => `It has been in force since ${from}.`,
  },
  banner: {
    failed: (checks: string) => `The verification failed: ${checks}. See the first section.`,
    trial:
      'The policy is on trial: notice to staff and negotiation are missing, and nothing that is found can be held against anybody.',
    coming: (from: string) =>
      `The policy is not in force before ${from}: until then nothing that is found can be held against anybody.`,
  },
  headings: {
    checks: 'What was verified',
    stored: 'What is stored',
    never: 'What is never stored',
    time: 'How long it is kept',
    access: 'Who can see what',
    dropped: 'What was left out',
    identity: 'Who could find out who somebody is',
    told: 'What people were told',
  },
  checksHead: ['Result', 'What', 'Examined'],
  checkCounts: (v: { examined: string; failed: string; unclear: string }) => {
    const parts = [v.examined];
    if (v.failed !== '0') parts.push(`${v.failed} fail`);
    if (v.unclear !== '0') parts.push(`${v.unclear} cannot be told`);
    return parts.join(', ');
  },
  checks: {
    'no-query': 'No finding holds a query string, or a name before an @ in the address.',
    pseudonyms: 'Every person and every client address stands under a pseudonym.',
    'no-names': 'No file and no proxy that a finding names is named after somebody of the directory.',
    'class-apart': 'Findings of class forbidden lie apart from the others.',
    'reviewed-only': 'Every finding concerns somebody whom the policy that judged it reviews.',
    'announced-only': 'Every finding is in a category that had been announced by then.',
    'protected-sites': 'No finding is on a protected site.',
    'versions-known': 'The versions that judged each finding are kept.',
    'kept-without-names': 'Kept versions of policy and directory hold pseudonyms for names.',
    'small-departments': 'No count stands for a department that was too small.',
    'audit-intact': 'The audit chain is whole: no line was changed, removed or put in.',
  } satisfies Record<ProofCheckName, string>,
  remarks: {
    'no-names': 'There is no directory to compare with.',
    'class-apart': 'Withdrawn findings are not held to it.',
    'reviewed-only': 'Withdrawn findings are not held to it.',
    'announced-only': 'Withdrawn findings are not held to it.',
    'protected-sites':
      'Some are on sites that were protected later. `granska rejudge --apply` takes them out of sight: then they lie in the store, and no command shows them.',
    'versions-known': 'Some lists that judged lie on another machine.',
    'small-departments': 'Some departments are not in the directory any more.',
  } as Partial<Record<ProofCheckName, string>>,
  stored: {
    nothing: 'No finding is stored.',
    findings: (v: { count: string; first: string; last: string }) =>
      `Findings: ${v.count}, of requests from ${v.first} to ${v.last}. A finding is one request to a listed site by somebody who is reviewed, in one category.`,
    verdicts: (v: { examine: string; exempt: string; attempts: string; withdrawn: string }) =>
      `Of these, ${v.examine} are to be examined, ${v.exempt} are exempt, ${v.attempts} were attempts that the proxy stopped, and ${v.withdrawn} were withdrawn by a later judgement.`,
    forbidden: (v: { count: string }) =>
      `Of class forbidden: ${v.count}. They lie in a table or index of their own.`,
    fields:
      'A finding holds: times, the address without its query, method, status, size and type of the answer, browser, how the referring page relates to the address, pseudonyms of person and client, population, department, roles, category, statutes, verdict, exemptions, list and entry, and the file and position in the log.',
    usage: (v: { rows: string; requests: string }) =>
      `Traffic is counted by hour and department, and of requests that gave no finding nothing else is kept: ${v.rows} counts over ${v.requests} requests.`,
    versions: (v: { policy: string; directory: string; lists: string }) =>
      `So that each verdict can be recomputed, versions that judged are kept: ${v.policy} of the policy, ${v.directory} of the directory, ${v.lists} of the lists.`,
    names: 'The name behind a pseudonym lies sealed, apart from the findings.',
    desk: 'Later judgements, and decisions on cases with the account that made them, are only ever added to.',
    clear:
      'Directory, policy, decisions on exemptions and files of leases or log-ons hold names in clear: they are files of the configuration, and no part of the store.',
    sealed: (v: { rejected: string; refused: string }) =>
      `Lines that could not be read (${v.rejected}) and documents that the store refused (${v.refused}) lie sealed.`,
    audit: (v: { lines: string }) =>
      `Lines of the audit chain, which says who looked at what and when: ${v.lines}.`,
    tenants: (v: { names: string }) => `Organizations: ${v.names}.`,
  },
  never: [
    'Requests to sites that no list names. They become a number, and are forgotten.',
    'Visits to protected sites (health, unions, faith, whistle-blowing, press tips and what else the list holds): only a number for each day and organization.',
    'Query strings, referring pages, request headers and content. No page is ever fetched.',
    'User names and client addresses in clear. The path of an address is stored, but is left out where the user’s own name stands in it.',
    'Visits by people whom the policy does not review, and in categories that had not been announced: only a number for each day.',
    'Any score of a person.',
  ],
  time: {
    head: ['What', 'Kept for', 'Decision'],
    what: { findings: 'Findings', counts: 'Counts', audit: 'Audit chain', sealed: 'Sealed texts' },
    days: (days: string) => `${days} days`,
    noDecision: 'no decision: nothing is deleted',
    forEver: 'without limit',
    deletedAtStart: 'by the configuration; deleted when a worker starts, and hourly',
    overdue: (v: { count: string }) => `Findings that are older than the decision allows: ${v.count}.`,
    notOverdue: 'No finding is older than the decision allows.',
    noDeletion:
      'This version of the program does not delete findings by itself: it only keeps older records out.',
  },
  access: {
    intro: {
      sqlite:
        'The program has no accounts of its own: whoever may read the data folder can search the findings, under pseudonyms. Each search is a line in the audit chain.',
      elasticsearch:
        'The store’s own roles decide who can search the findings, under pseudonyms. Each search with the program is a line in the audit chain. This proof covers what the account that made it may read.',
    },
    rolesHead: ['Role of the store', 'May'],
    roles: {
      granska_setup: 'make the indices; needed once',
      granska_worker: 'create findings and counts; change or delete no finding; read no sealed name or text',
      granska_rejudger:
        'add later judgements, and let findings show the latest: the only role that can change a finding',
      granska_ledger: 'add decisions on cases and proposals for lists; change none that is there',
      granska_reader: 'read findings of class questionable, and counts',
      granska_reader_forbidden: 'read findings of class forbidden, too',
      granska_name_reader: 'read sealed names, which only the private key opens',
      granska_sealed_reader: 'read and delete sealed texts, which only the private key opens',
      granska_kibana: 'open Kibana for reading',
    },
    placesHead: ['Place', 'Mode', 'Open to other accounts'],
    places: {
      data: 'data folder',
      store: 'database',
      audit: 'audit chain',
      rejects: 'sealed texts',
      keys: 'keys folder',
      'epoch-keys': 'keys of the pseudonyms',
      'private-key': 'private sealing key',
    } satisfies Record<ProofPlace['place'], string>,
    notThere: 'not there',
    yes: 'yes',
    no: 'no',
    open: 'Folders and files that are open to other accounts should be closed to them.',
    listening: (place: string) =>
      `A worker tells its health and its counts on ${place}: numbers only, no name and no address.`,
    notListening: 'A worker answers on no address.',
  },
  dropped: {
    head: ['Counted, and nothing else', 'Records'],
    kinds: {
      protected: 'on protected sites',
      unreviewed: 'on listed sites, by people who are not reviewed',
      unannounced: 'in categories that had not been announced',
      tooOld: 'older than the retention',
      authChallenges: 'requests for log-on by the proxy (407)',
    } satisfies Record<ProofDayKind, string>,
    rejects: (v: { lines: string; without: string }) =>
      `Of ${v.lines} lines that could not be read, the texts of ${v.without} were dropped, as a protected site could be made out in them.`,
  },
  identity: {
    who: 'Whoever holds the key of a year and the directory can find out who is behind each pseudonym of that year. Whoever holds the private sealing key and the store can open the sealed names.',
    head: ['Year', 'Key of its pseudonyms', 'Findings'],
    keys: {
      there: 'there: its pseudonyms can be resolved',
      destroyed: 'destroyed: its pseudonyms cannot be resolved',
      missing: 'not in the keys folder here',
    },
    privateThere:
      'The private sealing key lies on this machine. It should be kept by somebody who does not run the program.',
    privateAway: 'The private sealing key does not lie in the keys folder here.',
    directory: (v: { users: string; changed: string; age: string }) =>
      `Persons in the directory: ${v.users}. It was last changed on ${v.changed} (age in days: ${v.age}).`,
    noDirectory:
      'There is no directory: where no network says otherwise, everybody whom the proxy knows by name counts as staff, in no department.',
  },
  told: {
    notice: (v: { date: string; reference: string }) => `Notice to staff: ${v.reference}, of ${v.date}.`,
    noNotice: 'There is no notice to staff.',
    negotiation: (v: { date: string; reference: string }) =>
      `Negotiation with the unions (MBL): ${v.reference}, of ${v.date}.`,
    noNegotiation: 'There is no negotiation with the unions (MBL).',
    reviewed: (v: { populations: string }) => `Reviewed: ${v.populations}.`,
    small: (v: { smallGroup: string }) =>
      `Departments with fewer than ${v.smallGroup} persons are never counted by themselves.`,
    controller: (who: string) => `Controller: ${who}`,
    officer: (who: string) => `Data protection officer: ${who}`,
    head: ['Category', 'Class', 'Announced from'],
    class: { forbidden: 'forbidden', questionable: 'questionable' },
    never: 'never: gives no finding',
    forWhom: (v: { day: string; who: string }) => `${v.day} (${v.who})`,
  },
  and: 'and',
  foot: (made: string) =>
    `Made by Granska on ${made} by reading all that is stored. Making it is a line in the audit chain.`,
};

const sv: typeof en = {
  title: 'Intyg om uppgiftsminimering',
  lead: v => `${v.organization}, ${v.day}`,
  version: v => `Policyversion ${v.hash}. ${v.standing}`,
  standing: {
    trial: 'Den är på prov.',
    coming: from => `Den börjar gälla ${from}.`,
    live: from => `Den gäller sedan ${from}.`,
  },
  banner: {
    failed: checks => `Kontrollen visar fel: ${checks}. Se första avsnittet.`,
    trial:
      'Policyn är på prov: information till personalen och förhandling saknas, och inget som hittas får läggas någon till last.',
    coming: from =>
      `Policyn gäller inte före ${from}: till dess får inget som hittas läggas någon till last.`,
  },
  headings: {
    checks: 'Det som har kontrollerats',
    stored: 'Det som lagras',
    never: 'Det som aldrig lagras',
    time: 'Hur länge det sparas',
    access: 'Vem som kan se vad',
    dropped: 'Det som har valts bort',
    identity: 'Vem som kan ta reda på vem någon är',
    told: 'Vad människor har fått veta',
  },
  checksHead: ['Resultat', 'Vad', 'Granskat'],
  checkCounts: v => {
    const parts = [v.examined];
    if (v.failed !== '0') parts.push(`${v.failed} fel`);
    if (v.unclear !== '0') parts.push(`${v.unclear} går inte att avgöra`);
    return parts.join(', ');
  },
  checks: {
    'no-query': 'Inget fynd innehåller en frågesträng eller ett namn före @ i adressen.',
    pseudonyms: 'Varje person och varje klientadress står under pseudonym.',
    'no-names': 'Ingen fil och ingen proxy som ett fynd nämner är uppkallad efter någon i katalogen.',
    'class-apart': 'Fynd av klassen förbjudet ligger åtskilda från de andra.',
    'reviewed-only': 'Varje fynd gäller någon som granskas enligt den policy som bedömde det.',
    'announced-only': 'Varje fynd hör till en kategori som då var meddelad.',
    'protected-sites': 'Inget fynd finns på en skyddad webbplats.',
    'versions-known': 'De versioner som bedömde varje fynd finns kvar.',
    'kept-without-names': 'Sparade versioner av policy och katalog har pseudonymer i stället för namn.',
    'small-departments': 'Ingen räkning gäller en för liten förvaltning.',
    'audit-intact': 'Åtkomstloggen är hel: ingen rad har ändrats, tagits bort eller lagts till.',
  },
  remarks: {
    'no-names': 'Det finns ingen katalog att jämföra med.',
    'class-apart': 'Återtagna fynd prövas inte mot det.',
    'reviewed-only': 'Återtagna fynd prövas inte mot det.',
    'announced-only': 'Återtagna fynd prövas inte mot det.',
    'protected-sites':
      'Några finns på webbplatser som skyddats senare. `granska rejudge --apply` tar dem ur sikte: de ligger då kvar i lagret, men inget kommando visar dem.',
    'versions-known': 'Några listor som har bedömt ligger på en annan dator.',
    'small-departments': 'Några förvaltningar finns inte längre i katalogen.',
  },
  stored: {
    nothing: 'Inget fynd är lagrat.',
    findings: v =>
      `Antal fynd: ${v.count}, om anrop från ${v.first} till ${v.last}. Ett fynd är ett anrop till en listad webbplats av någon som granskas, i en kategori.`,
    verdicts: v =>
      `Av dem är ${v.examine} att bedöma, ${v.exempt} undantagna, ${v.attempts} försök som proxyn stoppade och ${v.withdrawn} återtagna genom en senare bedömning.`,
    forbidden: v => `Av klassen förbjudet: ${v.count}. De ligger i en egen tabell eller ett eget index.`,
    fields:
      'Ett fynd innehåller: tider, adressen utan frågesträng, metod, status, svarets storlek och typ, webbläsare, hur den hänvisande sidan förhåller sig till adressen, pseudonymer för person och klient, personalgrupp, förvaltning, roller, kategori, lagrum, bedömning, undantag, lista och post samt fil och plats i loggen.',
    usage: v =>
      `Trafiken räknas per timme och förvaltning, och av anrop som inte gav något fynd finns inget annat kvar: ${v.rows} räkningar över ${v.requests} anrop.`,
    versions: v =>
      `För att varje bedömning ska kunna räknas om sparas de versioner som har bedömt: ${v.policy} av policyn, ${v.directory} av katalogen, ${v.lists} av listorna.`,
    names: 'Namnet bakom en pseudonym ligger förseglat, åtskilt från fynden.',
    desk: 'Senare bedömningar, och beslut i ärenden med det konto som fattade dem, läggs bara till och ändras aldrig.',
    clear:
      'Katalog, policy, beslut om undantag och filer om adresslån eller inloggningar innehåller namn i klartext: de är filer i konfigurationen och ingår inte i lagret.',
    sealed: v =>
      `Rader som inte kunde läsas (${v.rejected}) och dokument som lagret avvisade (${v.refused}) ligger förseglade.`,
    audit: v => `Antal rader i åtkomstloggen, som visar vem som har sett vad och när: ${v.lines}.`,
    tenants: v => `Organisationer: ${v.names}.`,
  },
  never: [
    'Anrop till webbplatser som ingen lista nämner. De blir en siffra och glöms.',
    'Besök på skyddade webbplatser (vård, fack, tro, visselblåsning, tips till medier och annat som listan innehåller): bara en siffra per dag och organisation.',
    'Frågesträngar, hänvisande sidor, anropshuvuden och innehåll. Ingen sida hämtas någonsin.',
    'Användarnamn och klientadresser i klartext. Adressens sökväg sparas, men utelämnas om användarens eget namn står i den.',
    'Besök av personer som policyn inte granskar, och i kategorier som inte var meddelade: bara en siffra per dag.',
    'Någon poäng på en person.',
  ],
  time: {
    head: ['Vad', 'Sparas i', 'Beslut'],
    what: { findings: 'Fynd', counts: 'Räkningar', audit: 'Åtkomstlogg', sealed: 'Förseglade texter' },
    days: days => `${days} dagar`,
    noDecision: 'inget beslut: inget gallras',
    forEver: 'utan gräns',
    deletedAtStart: 'enligt konfigurationen; raderas när programmet startar och varje timme',
    overdue: v => `Antal fynd som är äldre än vad beslutet medger: ${v.count}.`,
    notOverdue: 'Inget fynd är äldre än vad beslutet medger.',
    noDeletion:
      'Den här versionen av programmet gallrar inte fynd på egen hand: den håller bara äldre poster utanför.',
  },
  access: {
    intro: {
      sqlite:
        'Programmet har inga egna konton: den som får läsa datamappen kan söka bland fynden, under pseudonym. Varje sökning blir en rad i åtkomstloggen.',
      elasticsearch:
        'Lagrets egna roller avgör vem som kan söka bland fynden, under pseudonym. Varje sökning med programmet blir en rad i åtkomstloggen. Intyget omfattar det som kontot som tog fram det får läsa.',
    },
    rolesHead: ['Roll i lagret', 'Får'],
    roles: {
      granska_setup: 'skapa indexen; behövs en gång',
      granska_worker:
        'skapa fynd och räkningar; inte ändra eller ta bort något fynd; inte läsa förseglade namn eller texter',
      granska_rejudger:
        'lägga till senare bedömningar och låta fynden visa den senaste: den enda roll som kan ändra ett fynd',
      granska_ledger: 'lägga till beslut i ärenden och förslag om listor; inte ändra något som finns',
      granska_reader: 'läsa fynd av klassen tveksamt, och räkningar',
      granska_reader_forbidden: 'läsa även fynd av klassen förbjudet',
      granska_name_reader: 'läsa förseglade namn, som bara den privata nyckeln öppnar',
      granska_sealed_reader: 'läsa och ta bort förseglade texter, som bara den privata nyckeln öppnar',
      granska_kibana: 'öppna Kibana för läsning',
    },
    placesHead: ['Plats', 'Rättigheter', 'Öppen för andra konton'],
    places: {
      data: 'datamapp',
      store: 'databas',
      audit: 'åtkomstlogg',
      rejects: 'förseglade texter',
      keys: 'nyckelmapp',
      'epoch-keys': 'pseudonymernas nycklar',
      'private-key': 'privat förseglingsnyckel',
    },
    notThere: 'finns inte',
    yes: 'ja',
    no: 'nej',
    open: 'Mappar och filer som är öppna för andra konton bör stängas för dem.',
    listening: place =>
      `Programmet lämnar driftuppgifter och räkningar på ${place}: bara siffror, inga namn och inga adresser.`,
    notListening: 'Programmet svarar inte på någon adress.',
  },
  dropped: {
    head: ['Bara räknat', 'Poster'],
    kinds: {
      protected: 'på skyddade webbplatser',
      unreviewed: 'på listade webbplatser, av personer som inte granskas',
      unannounced: 'i kategorier som inte var meddelade',
      tooOld: 'äldre än gallringsfristen',
      authChallenges: 'proxyns begäran om inloggning (407)',
    },
    rejects: v =>
      `Av ${v.lines} rader som inte kunde läsas har texten i ${v.without} tagits bort, eftersom en skyddad webbplats kunde urskiljas i den.`,
  },
  identity: {
    who: 'Den som har ett års nyckel och katalogen kan ta reda på vem som står bakom varje pseudonym från det året. Den som har den privata förseglingsnyckeln och lagret kan öppna de förseglade namnen.',
    head: ['År', 'Pseudonymernas nyckel', 'Fynd'],
    keys: {
      there: 'finns: årets pseudonymer går att lösa upp',
      destroyed: 'förstörd: årets pseudonymer går inte att lösa upp',
      missing: 'finns inte i nyckelmappen här',
    },
    privateThere:
      'Den privata förseglingsnyckeln ligger på den här datorn. Den bör förvaras av någon som inte kör programmet.',
    privateAway: 'Den privata förseglingsnyckeln ligger inte i nyckelmappen här.',
    directory: v =>
      `Personer i katalogen: ${v.users}. Den ändrades senast ${v.changed} (ålder i dagar: ${v.age}).`,
    noDirectory:
      'Det finns ingen katalog: där inget nätverk säger något annat räknas alla som proxyn känner vid namn som anställda, utan förvaltning.',
  },
  told: {
    notice: v => `Information till personalen: ${v.reference}, ${v.date}.`,
    noNotice: 'Information till personalen saknas.',
    negotiation: v => `Förhandling enligt medbestämmandelagen (MBL): ${v.reference}, ${v.date}.`,
    noNegotiation: 'Förhandling enligt medbestämmandelagen (MBL) saknas.',
    reviewed: v => `Granskas: ${v.populations}.`,
    small: v => `Förvaltningar med färre än ${v.smallGroup} personer räknas aldrig för sig.`,
    controller: who => `Personuppgiftsansvarig: ${who}`,
    officer: who => `Dataskyddsombud: ${who}`,
    head: ['Kategori', 'Klass', 'Meddelad från'],
    class: { forbidden: 'förbjudet', questionable: 'tveksamt' },
    never: 'aldrig: ger inga fynd',
    forWhom: v => `${v.day} (${v.who})`,
  },
  and: 'och',
  foot: made =>
    `Framtaget av Granska ${made} genom läsning av allt som är lagrat. Framtagandet är en rad i åtkomstloggen.`,
};

export const PROOF_TEXT = { en, sv };
