// Words of the notice to staff, English and Swedish: what is logged, why, for whom, and what can follow.
// "Crime" is said only where the law punishes the visit itself.

const en = {
  title: 'Notice: use of the internet at work is reviewed',
  lead: (v: { organization: string; day: string }) => `${v.organization}, ${v.day}`,
  draft:
    'DRAFT. The policy is on trial: it is not in force, and nothing that is found can be held against anybody.',
  coming: (from: string) => `The policy comes into force on ${from}.`,
  headings: {
    what: 'What is logged',
    why: 'Why',
    forbidden: 'Categories: what the law is about',
    questionable: 'Categories: what is barred by the policy alone',
    who: 'Whom it concerns',
    exemptions: 'If your work needs it',
    readers: 'Who reads it',
    protected: 'Protected sites',
    time: 'How long it is kept',
    follow: 'What can follow',
    rights: 'Your rights',
    dates: 'Dates and references',
  },
  what: [
    'The web proxy writes a line for every request to the internet: time, user or computer, address, size and type of the answer.',
    'The lines are compared with lists of sites. A request to a site that is on no list only becomes a number, by hour and department, and is forgotten.',
    'If the site is on a list, this is stored: time, the address without what comes after a question mark, type and size of the answer, browser, category, department and roles. You stand in it under a pseudonym.',
    'The content of pages, what you write, search words and passwords are not stored. No page is ever fetched.',
  ],
  leases:
    'Where the proxy does not know who made a request, lists of who was logged on to which computer, or had which address, can tell. The lists are not stored with it.',
  why: [
    'Employees may not visit pages that are forbidden by law or may be judged morally questionable, unless the need lies in the individual official’s duties.',
    'The use of the IT systems is reviewed systematically, by a common method.',
    'Each one gets only the information that is needed for the work, and the systems are protected from unauthorised access.',
  ],
  legalBasis: (basis: string) => `Legal basis: ${basis}.`,
  noLegalBasis: '[legal basis: to be filled in]',
  forbiddenIntro:
    'What the law forbids is mostly to spread, to provide or to acquire. For each category it says here what the law forbids.',
  noCategory: 'None.',
  category: (v: { name: string; since: string }) => `${v.name}. Reviewed ${v.since}.`,
  since: {
    all: (day: string) => `from ${day}`,
    some: (days: string) => `from ${days}`,
    one: (v: { day: string; who: string }) => `${v.day} (${v.who})`,
  },
  statute: (v: { statute: string; act: string }) => `${v.statute} forbids: ${v.act}.`,
  visitIsCrime: 'To look at it can be a crime by itself.',
  visitIsNot: 'A visit is not in itself what the law forbids.',
  notAnnounced: (names: string) => `Not reviewed: ${names}. Visits there are only counted.`,
  reviewed: (populations: string) => `Reviewed: ${populations}. The use of others is only counted.`,
  unsure: {
    authenticated:
      'Where the proxy does not know who made a request, nothing is held against anybody for it.',
    lease:
      'Where neither the proxy nor those lists can tell who made a request, or more than one person can be meant, nobody is named and nothing is held against anybody.',
    none: 'Where it cannot be told who made a request, nobody is named. What is found on the address of a single computer can be looked into.',
  },
  small: (persons: string) => `Departments with fewer than ${persons} persons are not counted by themselves.`,
  exemptions: [
    'Whoever needs to visit such sites in their duties can get an exemption. It is a decision with a reason, a case number and a last day, and it holds for persons, roles or departments.',
    'Visits that an exemption covers are marked as exempt. Nobody approves an exemption for themselves.',
  ],
  readers: [
    'Those who review see pseudonyms, not names.',
    'A name is brought out in a single case only, for a stated reason, and only when two different people have agreed.',
    'Managers and others get numbers, never for groups that are so small that somebody could be recognised.',
    'Every look at what is stored is written into a log, which is itself reviewed.',
  ],
  protected: [
    'Visits to protected sites (health care, unions, faith, whistle-blowing, tips to the press and the like) leave no trace: only a number for each day. This holds whatever other list a site is on.',
  ],
  time: {
    kept: (v: { days: string; decision: string }) =>
      `Findings are kept for ${v.days} days (decision ${v.decision}).`,
    undecided: 'No time limit has been decided for findings yet.',
    sealed: (days: string) => `Lines that could not be read lie sealed, and are deleted after ${days} days.`,
  },
  follow: [
    'A finding does not say that anybody did wrong. It can come of a link, an advertisement, a programme in the background or somebody else at the computer.',
    'A person decides, never a program. Before anything is decided, you are told what it is about and may reply.',
    'Breach of the policy can lead to measures under labour law, at the extreme to dismissal.',
  ],
  rights: [
    'You have the right to know what is stored about you and who has looked at it, to have what is wrong corrected, and to object.',
    'You can complain to the data protection authority (Integritetsskyddsmyndigheten, IMY).',
  ],
  controller: (who: string) => `Controller: ${who}`,
  noController: '[controller and how to reach it: to be filled in]',
  officer: (who: string) => `Data protection officer: ${who}`,
  noOfficer: '[data protection officer: to be filled in]',
  dates: {
    from: (day: string) => `In force from ${day}.`,
    notice: (v: { date: string; reference: string }) => `This notice: ${v.reference}, ${v.date}.`,
    negotiation: (v: { date: string; reference: string }) =>
      `Negotiated with the unions (MBL): ${v.reference}, ${v.date}.`,
    noFrom: '[first day: to be filled in]',
    noNotice: '[number and date of this notice: to be filled in]',
    noNegotiation: '[number and date of the negotiation with the unions (MBL): to be filled in]',
  },
  and: 'and',
  foot: (day: string) => `Written by Granska on ${day}, from the policy that is in use.`,
};

const sv: typeof en = {
  title: 'Information: användningen av internet i arbetet granskas',
  lead: v => `${v.organization}, ${v.day}`,
  draft: 'UTKAST. Policyn är på prov: den gäller inte, och inget som hittas får läggas någon till last.',
  coming: from => `Policyn börjar gälla ${from}.`,
  headings: {
    what: 'Vad som loggas',
    why: 'Varför',
    forbidden: 'Kategorier: sådant som lagen handlar om',
    questionable: 'Kategorier: sådant som bara policyn tar upp',
    who: 'Vem det gäller',
    exemptions: 'Om ditt arbete kräver det',
    readers: 'Vem som läser',
    protected: 'Skyddade webbplatser',
    time: 'Hur länge uppgifterna sparas',
    follow: 'Vad det kan leda till',
    rights: 'Dina rättigheter',
    dates: 'Datum och diarienummer',
  },
  what: [
    'Webbproxyn skriver en rad för varje anrop till internet: tid, användare eller dator, adress samt svarets storlek och typ.',
    'Raderna jämförs med listor över webbplatser. Ett anrop till en webbplats som inte står på någon lista blir bara en siffra, per timme och förvaltning, och glöms.',
    'Står webbplatsen på en lista sparas detta: tid, adressen utan det som följer efter ett frågetecken, svarets typ och storlek, webbläsare, kategori, förvaltning och roller. Du står där under pseudonym.',
    'Sidors innehåll, det du skriver, sökord och lösenord sparas inte. Ingen sida hämtas någonsin.',
  ],
  leases:
    'Där proxyn inte vet vem som gjorde ett anrop kan listor över vem som var inloggad på vilken dator, eller hade vilken adress, visa det. Listorna sparas inte med uppgifterna.',
  why: [
    'Anställda får inte besöka sidor som är förbjudna enligt svensk lag eller som kan bedömas som moraliskt tveksamma, om inte behovet ligger i den enskilda tjänstemannens arbetsuppgifter.',
    'Användningen av IT-systemen granskas systematiskt, med en gemensam metod.',
    'Var och en får bara den information som behövs för arbetet, och systemen skyddas mot obehörig åtkomst.',
  ],
  legalBasis: basis => `Rättslig grund: ${basis}.`,
  noLegalBasis: '[rättslig grund: fyll i]',
  forbiddenIntro:
    'Det lagen förbjuder är oftast att sprida, tillhandahålla eller skaffa. För varje kategori står här vad lagen förbjuder.',
  noCategory: 'Inga.',
  category: v => `${v.name}. Granskas ${v.since}.`,
  since: {
    all: day => `från och med ${day}`,
    some: days => `från och med ${days}`,
    one: v => `${v.day} (${v.who})`,
  },
  statute: v => `${v.statute} förbjuder: ${v.act}.`,
  visitIsCrime: 'Redan att titta kan vara ett brott.',
  visitIsNot: 'Ett besök är i sig inte det som lagen förbjuder.',
  notAnnounced: names => `Granskas inte: ${names}. Besök där räknas bara.`,
  reviewed: populations => `Granskas: ${populations}. Andras användning räknas bara.`,
  unsure: {
    authenticated: 'Vet proxyn inte vem som gjorde ett anrop läggs det inte någon till last.',
    lease:
      'Kan varken proxyn eller listorna visa vem som gjorde ett anrop, eller kan det vara fler än en, pekas ingen ut och inget läggs någon till last.',
    none: 'Går det inte att säga vem som gjorde ett anrop pekas ingen ut. Det som hittas på en enskild dators adress kan följas upp.',
  },
  small: persons => `Förvaltningar med färre än ${persons} personer räknas inte för sig.`,
  exemptions: [
    'Den som i sina arbetsuppgifter behöver besöka sådana webbplatser kan få ett undantag. Det är ett beslut med skäl, diarienummer och sista dag, och det gäller personer, roller eller förvaltningar.',
    'Besök som omfattas av ett undantag markeras som undantagna. Ingen godkänner ett undantag för sig själv.',
  ],
  readers: [
    'De som granskar ser pseudonymer, inte namn.',
    'Ett namn tas fram bara i ett enskilt ärende, av ett angivet skäl och först när två olika personer har godkänt det.',
    'Chefer och andra får siffror, aldrig för så små grupper att någon kan kännas igen.',
    'Varje gång någon ser det som är lagrat skrivs det i en logg, som i sin tur granskas.',
  ],
  protected: [
    'Besök på skyddade webbplatser (vård, fack, tro, visselblåsning, tips till medier och liknande) lämnar inga spår: bara en siffra per dag. Det gäller vilken annan lista webbplatsen än står på.',
  ],
  time: {
    kept: v => `Fynd sparas i ${v.days} dagar (beslut ${v.decision}).`,
    undecided: 'Någon tidsgräns för fynd är ännu inte beslutad.',
    sealed: days => `Rader som inte kunde läsas ligger förseglade och raderas efter ${days} dagar.`,
  },
  follow: [
    'Ett fynd säger inte att någon har gjort fel. Det kan bero på en länk, en annons, ett program i bakgrunden eller någon annan vid datorn.',
    'En människa beslutar, aldrig ett program. Innan något beslutas får du veta vad det gäller och kan yttra dig.',
    'Den som bryter mot policyn kan mötas av arbetsrättsliga åtgärder, ytterst uppsägning eller avsked.',
  ],
  rights: [
    'Du har rätt att få veta vad som är lagrat om dig och vem som har sett det, att få fel rättade och att invända mot behandlingen.',
    'Du kan klaga hos Integritetsskyddsmyndigheten (IMY).',
  ],
  controller: who => `Personuppgiftsansvarig: ${who}`,
  noController: '[personuppgiftsansvarig och kontaktuppgifter: fyll i]',
  officer: who => `Dataskyddsombud: ${who}`,
  noOfficer: '[dataskyddsombud: fyll i]',
  dates: {
    from: day => `Gäller från ${day}.`,
    notice: v => `Denna information: ${v.reference}, ${v.date}.`,
    negotiation: v => `Förhandlat enligt medbestämmandelagen (MBL): ${v.reference}, ${v.date}.`,
    noFrom: '[första dag: fyll i]',
    noNotice: '[diarienummer och datum för denna information: fyll i]',
    noNegotiation: '[diarienummer och datum för förhandlingen enligt medbestämmandelagen (MBL): fyll i]',
  },
  and: 'och',
  foot: day => `Skrivet av Granska ${day}, ur den policy som används.`,
};

export const NOTICE_TEXT = { en, sv };
