// How a statement is known, and how a check came out, in words: the same on every page that people must rely on.
import type { CheckResult, Mark } from './page.ts';

const en = {
  marks: {
    checked: {
      short: 'checked in the store',
      long: 'everything that is stored was read, and this was verified',
    },
    configured: {
      short: 'from the configuration',
      long: 'follows from the configuration and the policy that are in use',
    },
    found: { short: 'found on the machine', long: 'as it was found where this proof was made' },
    program: { short: 'built in', long: 'the program works in this way, whatever is configured' },
  } satisfies Record<Mark, { short: string; long: string }>,
  results: {
    holds: 'Holds',
    fails: 'Fails',
    unclear: 'Holds, with remarks',
    empty: 'Nothing to check',
  } satisfies Record<CheckResult, string>,
};

const sv: typeof en = {
  marks: {
    checked: {
      short: 'kontrollerat i lagret',
      long: 'allt som är lagrat har lästs och uppgiften har kontrollerats',
    },
    configured: {
      short: 'enligt konfigurationen',
      long: 'följer av den konfiguration och policy som används',
    },
    found: { short: 'påträffat på datorn', long: 'så som det var där intyget togs fram' },
    program: { short: 'inbyggt', long: 'så arbetar programmet, oavsett konfiguration' },
  },
  results: {
    holds: 'Stämmer',
    fails: 'Stämmer inte',
    unclear: 'Stämmer, med anmärkning',
    empty: 'Inget att kontrollera',
  },
};

export const MARK_TEXT = { en, sv };
