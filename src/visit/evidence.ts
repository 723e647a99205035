// One finding → what it can say of a person's choice (§7.3). Whatever other pages or programs can have fetched by
// themselves says nothing of it.
import type { Finding } from '../model/finding.ts';

/** `own` speaks of a choice; the others can have come without one. */
export type Evidence = 'own' | 'foreign' | 'embedded' | 'background';

/** Says what kind of evidence a finding is. */
export function evidenceOf(finding: Finding): Evidence {
  if (finding.facts.agent === 'background') return 'background';
  if (isEmbedded(finding)) return 'embedded';
  // What a protected site led to came from another site too; which one is not known.
  if (finding.referrer === 'foreign' || finding.referrer === 'protected') return 'foreign';
  return 'own';
}

/** Says whether an HTML document was shown, by the answer's own words. */
export function isShownDocument(finding: Finding): boolean {
  return finding.facts.document === true && finding.outcome === 'success' && isShown(finding);
}

/** Of an answer that was broken off before its first byte nothing was shown; a 304 has no content of its own. */
function isShown({ status, bytes }: Finding): boolean {
  return (status >= 200 && status < 300 && !isEmptyAnswer(status) && bytes !== 0) || status === 304;
}

/** Answers without content: what beacons get. No page is shown by them. */
function isEmptyAnswer(status: number): boolean {
  return status === 204 || status === 205;
}

function isEmbedded({ facts, mime, status }: Finding): boolean {
  if (isEmptyAnswer(status)) return true;
  if (facts.document !== false || mime === null) return false;
  const type = mime.split(';', 1)[0]!.trim().toLowerCase();
  return type.startsWith('image/') || type.startsWith('font/') || EMBEDDED.has(type);
}

/** What pages fetch for themselves beside images and fonts: styles, scripts, fonts under their older names. */
const EMBEDDED: ReadonlySet<string> = new Set([
  'text/css',
  'text/javascript',
  'text/ecmascript',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/font-woff',
  'application/font-woff2',
  'application/x-font-woff',
  'application/x-font-ttf',
  'application/x-font-otf',
  'application/vnd.ms-fontobject',
]);
