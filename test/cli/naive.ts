// What a scan must count, found the slow way: one regular expression, the platform's URL and sets. It shares no line
// with the program. It reads the plain cases that the tests write: two kinds of wrapped addresses, no spaces in names.

export interface NaiveRules {
  timeZone: string;
  /** Category → hosts, and hosts with a path. */
  lists: Readonly<Record<string, readonly string[]>>;
  protectedHosts: readonly string[];
  /** Category → first local day on which it was announced. */
  announced: Readonly<Record<string, string>>;
  isReviewed(user: string, client: string): boolean;
  /** Says whether the subject is known by a name, an address, or not at all. */
  kindOf(user: string, client: string): 'user' | 'client' | 'none';
  isExempt(visit: { category: string; user: string; host: string; startMs: number; day: string }): boolean;
  /** Stamps after this one are in the future. */
  latestMs: number;
}

/** The same keys as `scan --json`, as far as they follow from the log. */
export interface NaiveCounts {
  lines: number;
  records: number;
  rejected: number;
  skipped: number;
  bytes: number;
  findings: number;
  verdicts: { examine: number; exempt: number };
  attempts: number;
  authChallenges: number;
  protected: number;
  unannounced: number;
  unreviewed: number;
  subjects: { user: number; client: number; none: number };
  categories: Record<string, number>;
  firstRecord: string | null;
  lastRecord: string | null;
  /** Bytes sent for all records that are neither challenge nor protected. */
  sent: number;
  usage: number;
}

const LINE =
  /^\s*(\d{9,10})\.(\d{3})\s+(-?\d+)\s+([^\s"]+)\s+([A-Z][A-Z_0-9]*)\/(\d{3})\s+(\d+|-)\s+([A-Za-z_-]+)\s+(\S+)\s+(\S+)\s+[A-Z_]+\/(\S+)\s+(\S+)/;

/** Counts a log of Squid's native lines. */
export function countNaively(log: string, rules: NaiveRules): NaiveCounts {
  const counts: NaiveCounts = {
    lines: 0,
    records: 0,
    rejected: 0,
    skipped: 0,
    bytes: Buffer.byteLength(log),
    findings: 0,
    verdicts: { examine: 0, exempt: 0 },
    attempts: 0,
    authChallenges: 0,
    protected: 0,
    unannounced: 0,
    unreviewed: 0,
    subjects: { user: 0, client: 0, none: 0 },
    categories: {},
    firstRecord: null,
    lastRecord: null,
    sent: 0,
    usage: 0,
  };
  for (const line of log.split('\n').slice(0, -1)) countLine(line.replace(/\r$/, ''), rules, counts);
  return counts;
}

function countLine(line: string, rules: NaiveRules, counts: NaiveCounts): void {
  counts.lines++;
  if (/^\s*(#|$)/.test(line) || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[\d+\]/.test(line)) {
    counts.skipped++;
    return;
  }
  const found = line.includes('\0') ? null : LINE.exec(line);
  const stampMs = found === null ? 0 : Number(found[1]) * 1000 + Number(found[2]);
  if (found === null || stampMs > rules.latestMs) {
    counts.rejected++;
    return;
  }
  const [, , , elapsed, client, tag, status, bytes, method, url, loggedUser] = found as unknown as string[];
  const startMs = stampMs - Math.max(0, Number(elapsed));
  const iso = new Date(startMs).toISOString();
  counts.records++;
  if (counts.firstRecord === null || iso < counts.firstRecord) counts.firstRecord = iso;
  if (counts.lastRecord === null || iso > counts.lastRecord) counts.lastRecord = iso;
  const isChallenge = status === '407';
  const user = loggedUser === '-' || isChallenge ? '' : loggedUser!;
  counts.subjects[rules.kindOf(user, client!)]++;
  if (isChallenge) {
    counts.authChallenges++;
    return;
  }
  const targets = targetsOf(method!, url!);
  const isCovered = (entries: readonly string[]) =>
    entries.some(entry => targets.some(({ host, path }) => covers(entry, host, path)));
  if (isCovered(rules.protectedHosts)) {
    counts.protected++;
    return;
  }
  counts.usage++;
  counts.sent += bytes === '-' ? 0 : Number(bytes);
  const categories = Object.keys(rules.lists).filter(category => isCovered(rules.lists[category]!));
  if (categories.length === 0) return;
  if (!rules.isReviewed(user, client!)) {
    counts.unreviewed++;
    return;
  }
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: rules.timeZone }).format(startMs);
  const isDenied = tag!.startsWith('TCP_DENIED') || (tag!.startsWith('NONE') && status === '403');
  for (const category of categories) {
    if (day < rules.announced[category]!) {
      counts.unannounced++;
      continue;
    }
    counts.findings++;
    counts.categories[category] = (counts.categories[category] ?? 0) + 1;
    if (isDenied) counts.attempts++;
    else if (rules.isExempt({ category, user, host: targets[0]!.host, startMs, day }))
      counts.verdicts.exempt++;
    else counts.verdicts.examine++;
  }
}

interface NaiveTarget {
  host: string;
  path: string;
}

/** Gives the target, and one that is wrapped in it by the two wrappers that the demo has. */
function targetsOf(method: string, url: string): NaiveTarget[] {
  const target = targetOf(method === 'CONNECT' ? `http://${url}` : url);
  if (method === 'CONNECT') target.path = '';
  const archived = target.host === 'web.archive.org' ? /^\/web\/\d+\/(.*)/.exec(target.path) : null;
  if (archived !== null) return [target, targetOf(archived[1]!)];
  const translated = /^([^.]+)\.translate\.goog$/.exec(target.host);
  if (translated !== null) return [target, { host: translated[1]!.replaceAll('-', '.'), path: '' }];
  return [target];
}

function targetOf(url: string): NaiveTarget {
  try {
    const { hostname, pathname } = new URL(url);
    return { host: hostname.replace(/\.$/, ''), path: pathname };
  } catch {
    return { host: '', path: '' };
  }
}

function covers(entry: string, host: string, path: string): boolean {
  const slash = entry.indexOf('/');
  const entryHost = slash === -1 ? entry : entry.slice(0, slash);
  if (host !== entryHost && !host.endsWith(`.${entryHost}`)) return false;
  if (slash === -1) return true;
  const entryPath = entry.slice(slash);
  return path === entryPath || path.startsWith(`${entryPath}/`);
}
