// The log that the fault tests read: Squid's native lines over two days, the turn of a month and of a year between them,
// cut into messages of one line and of a hundred, for four partitions. The same every time.
// Out: messages in the order in which they are produced, and what must come of them by what was written into them.
import { randomFrom, squidLine } from '../../cli/squid-log.ts';

/** The same in every run: the ids of findings follow from it. */
export const TOPIC = 'squid';
export const PARTITIONS = 4;
const LINES = 60_000;

export interface LogMessage {
  partition: number;
  value: string;
}

export interface FaultLog {
  messages: LogMessage[];
  /** Lines in it, and how many of them are no records. */
  lines: number;
  rejected: number;
  /** Findings: record × category. */
  findings: number;
  protected: number;
  authChallenges: number;
}

/** 31 December 2025, 08:00 in Sweden; the last line is of the evening of the day after. */
const FIRST_MS = Date.UTC(2025, 11, 31, 7);
/** 1 January 2026 in Sweden: from then on drugs were announced. */
const NEW_YEAR_MS = Date.UTC(2025, 11, 31, 23);
const STEP_MS = 2_000;
const LINES_OF_BUNDLE = 100;
const USERS = ['bo', 'eva', 'fredrik', 'cecilia', 'jan', 'karin', 'olle', 'disa', 'PROVBY%5Cbo', 'stranger'];
/** Longer than any line may be. */
const OVERLONG = 'x'.repeat(70_000);

/** Writes the log. */
export function makeLog(): FaultLog {
  const random = randomFrom(4);
  const log: FaultLog = {
    messages: [],
    lines: 0,
    rejected: 0,
    findings: 0,
    protected: 0,
    authChallenges: 0,
  };
  while (log.lines < LINES) {
    // So that about half of the lines are in either kind of message.
    const size = random() < 1 / LINES_OF_BUNDLE ? LINES_OF_BUNDLE : 1;
    const lines = Array.from({ length: Math.min(size, LINES - log.lines) }, () => nextLine(log, random));
    log.messages.push({ partition: Math.floor(random() * PARTITIONS), value: lines.join('\n') });
  }
  return log;
}

/** Writes one line and notes what must come of it. */
function nextLine(log: FaultLog, random: () => number): string {
  const n = log.lines++;
  const atMs = FIRST_MS + n * STEP_MS + Math.floor(random() * STEP_MS);
  const user = random() < 0.6 ? USERS[Math.floor(random() * USERS.length)]! : '-';
  const parts = { atMs, elapsedMs: 5, client: `10.20.4.${n % 250}`, user, bytes: 500 + (n % 900) };
  const isReviewed = user !== 'disa';
  const flagged = (url: string, categories: number) => {
    if (isReviewed) log.findings += categories;
    return squidLine({ ...parts, url });
  };
  const chance = random() * 1_000;
  if (chance < 7) return flagged(`http://casino.example/spel/${n}`, 1);
  if (chance < 10) return flagged('http://armoury.example/', 2);
  if (chance < 13) return flagged(`http://www.weapons.example/${n}`, 1);
  if (chance < 16) return flagged(`http://drugs.example/${n}`, atMs - 5 >= NEW_YEAR_MS ? 1 : 0);
  if (chance < 19) return flagged(`http://kiosk.example/odds?q=${n}`, 1);
  if (chance < 21) {
    if (isReviewed) log.findings++;
    return squidLine({ ...parts, url: 'http://casino.example/', tag: 'TCP_DENIED/403' });
  }
  if (chance < 24)
    return squidLine({ ...parts, user: '-', client: '10.30.1.1', url: 'http://casino.example/' });
  if (chance < 29) {
    log.protected++;
    return squidLine({ ...parts, url: `http://halsa.example/${n}` });
  }
  if (chance < 33) {
    log.authChallenges++;
    return squidLine({ ...parts, user: '-', url: 'http://a.example/', tag: 'TCP_DENIED/407' });
  }
  if (chance < 37) return rejected(log, squidLine(parts).slice(0, 40));
  if (chance < 38) return rejected(log, squidLine({ ...parts, atMs: 99_999_999_999_000 }));
  if (chance < 38.3) return rejected(log, squidLine({ ...parts, url: `http://a.example/${OVERLONG}` }));
  const url = chance < 300 ? `CONNECT host${n % 977}.example:443` : `GET http://host${n % 977}.example/${n}`;
  const [method, target] = url.split(' ') as [string, string];
  return squidLine({ ...parts, method, url: target });
}

function rejected(log: FaultLog, line: string): string {
  log.rejected++;
  return line;
}
