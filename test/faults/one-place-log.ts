// A town and a log that try to get around what is enforced in one place: announced-from, populations, protected sites, the
// cutting of queries, small groups. Each line has a word of its own that must be found nowhere, but for those of findings.
// Out: lines of any format, and what they must come to.
import { type LineParts, MONDAY_MS } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { wrappings } from './wrappings.ts';

/** In the path of findings: these must be found. */
export const STORED = 'staffmarker';

/** These must not be, wherever one looks. */
export const HIDDEN = {
  query: 'querymarker',
  fragment: 'fragmentmarker',
  secret: 'Pa55wordMarker',
  unannounced: 'untoldmarker',
  elected: 'electedmarker',
  pupil: 'pupilmarker',
  unflagged: 'unflaggedmarker',
  protected: 'skyddadmarker',
} as const;

export const HIDDEN_WORDS: readonly string[] = Object.values(HIDDEN);

const PROTECTED = `${HIDDEN.protected}.example`;
const BIG = ['bo', 'b2', 'b3', 'b4', 'b5', 'b6'];

/** Six persons in Bygg, two in Social: below the size of a group that is counted by itself. */
export const ONE_PLACE_TOWN: Readonly<Record<string, string>> = {
  ...TOWN,
  'config/lists/protected/domains': `${PROTECTED}\n`,
  'config/directory.csv': `user,roles,department,population,validFrom,validThrough
${BIG.map(user => `${user},,Bygg,staff,2020-01-01,\n`).join('')}cecilia,counsellor,Social,staff,2020-01-01,
head,,Social,staff,2020-01-01,
disa,,Nämnden,elected,2020-01-01,
`,
};

type Parts = Partial<LineParts>;

/** What all of the lines come to. */
export interface Expected {
  findings: number;
  exempt: number;
  protected: number;
  unreviewed: number;
  unannounced: number;
}

/** Gives the lines of the log, each as its parts, and what they come to. */
export function onePlace(): { lines: readonly Parts[]; expected: Expected } {
  const bo = { user: 'bo', client: '10.20.4.1' };
  const ways = { casino: wrappings('casino.example'), drugs: wrappings('drugs.example') };
  const shut = wrappings(PROTECTED);
  const foreign = `http://news.example/?${HIDDEN.query}`;
  const flagged: Parts[] = [
    { ...bo, url: `http://casino.example/${STORED}` },
    { ...bo, url: `http://casino.example/${STORED}?${HIDDEN.query}=1#${HIDDEN.fragment}` },
    { ...bo, url: `http://${HIDDEN.secret}:${HIDDEN.secret}@casino.example/${STORED}` },
    { ...bo, url: `http://casino.example/${STORED}`, referrer: foreign },
    { ...bo, url: `http://casino.example/${STORED}`, referrer: `https://${PROTECTED}/x` },
    { ...bo, url: `http://casino.example/${STORED}`, referrer: shut[0]! },
    { ...bo, url: 'casino.example:443', method: 'CONNECT', tag: 'TCP_TUNNEL/200' },
    ...ways.casino.map(url => ({ ...bo, url })),
  ];
  const exempt: Parts[] = [{ user: 'cecilia', client: '10.20.4.2', url: `http://casino.example/${STORED}` }];
  const shielded: Parts[] = [
    { ...bo, url: `https://www.${PROTECTED}/x?${HIDDEN.query}` },
    { ...bo, url: `${PROTECTED}:443`, method: 'CONNECT', tag: 'TCP_TUNNEL/200' },
    { ...bo, url: `https://${PROTECTED}/`, tag: 'TCP_DENIED/403' },
    ...shut.map(url => ({ ...bo, url })),
  ];
  const unreviewed: Parts[] = [
    { user: 'disa', client: '10.20.4.3', url: `http://casino.example/${HIDDEN.elected}` },
    { user: '-', client: '10.30.1.1', url: `http://casino.example/${HIDDEN.pupil}` },
    ...ways.casino.map(url => ({ user: 'disa', client: '10.20.4.3', url })),
  ];
  const unannounced: Parts[] = [
    { ...bo, url: `http://drugs.example/${HIDDEN.unannounced}` },
    { ...bo, url: `http://drugs.example/${HIDDEN.unannounced}`, tag: 'TCP_DENIED/403' },
    ...ways.drugs.map(url => ({ ...bo, url })),
  ];
  const unflagged: Parts[] = [{ ...bo, url: `http://news.example/${HIDDEN.unflagged}` }];
  const lines = [flagged, exempt, shielded, unreviewed, unannounced, unflagged].flat();
  return {
    lines: lines.map((parts, index) => ({ atMs: MONDAY_MS + index * 1000, ...parts })),
    expected: {
      findings: flagged.length + exempt.length,
      exempt: exempt.length,
      protected: shielded.length,
      unreviewed: unreviewed.length,
      unannounced: unannounced.length,
    },
  };
}
