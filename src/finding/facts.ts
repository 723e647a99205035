// record → the evidence facts that a finding keeps (§7.3). Facts only: the grade is computed on reading.
import type { AgentClass, Facts } from '../model/finding.ts';
import type { MatchedBy } from '../model/match.ts';
import type { LogRecord } from '../model/record.ts';

/** Takes from a record the facts from which a visit's grade will follow. */
export function factsOf(record: LogRecord, matchedBy: MatchedBy): Facts {
  return {
    document: isDocument(record),
    tunnel: record.isTunnel,
    matchedBy,
    agent: classifyAgent(record.userAgent),
  };
}

/**
 * Says whether an HTML document was shown. Null where the log cannot tell: inside a tunnel, and where the
 * answer's mime type is missing (a 304 seldom has one).
 */
function isDocument(record: LogRecord): boolean | null {
  if (record.isTunnel) return null;
  if (record.access === 'denied') return false;
  const shown = (record.status >= 200 && record.status < 300) || record.status === 304;
  if (!shown) return record.status === 0 ? null : false;
  if (record.method !== 'GET' && record.method !== 'POST') return false;
  if (record.mime === null || record.mime === '') return null;
  const mime = record.mime.toLowerCase();
  return mime.startsWith('text/html') || mime.startsWith('application/xhtml');
}

/** Programs that fetch by themselves; a person need not have been there. Matched as parts of the agent's own name. */
const BACKGROUND = [
  'microsoft-cryptoapi',
  'microsoft bits',
  'windows-update-agent',
  'microsoft office',
  'microsoft-delivery-optimization',
  'onedrive',
  'dropbox',
  'google update',
  'googleupdate',
  'trustd',
  'cfnetwork',
  'apt-http',
  'curl/',
  'wget/',
  'python-requests',
  'go-http-client',
  'java/',
  'okhttp',
  'bot',
  'crawler',
  'spider',
  'feed',
  'monitor',
];

const BROWSER = /^mozilla\/5\.0 \(.*(gecko|applewebkit|trident)/i;

function classifyAgent(userAgent: string | null): AgentClass {
  if (userAgent === null) return 'notLogged';
  if (userAgent === '') return 'none';
  const lower = userAgent.toLowerCase();
  if (BACKGROUND.some(name => lower.includes(name))) return 'background';
  return BROWSER.test(userAgent) ? 'browser' : 'other';
}
