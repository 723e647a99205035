// What to change in the proxy's configuration so that its log tells more, or less.
import type { Format } from '../../format/formats.ts';
import type { Observation } from './observe.ts';

/** One piece of advice: what it would give, and the lines of squid.conf that do it. */
export interface Advice {
  id: 'format' | 'passwords' | 'truncated' | 'users' | 'referrers' | 'query' | 'tunnels' | 'clock';
  text: string;
  config: readonly string[];
}

/** The one log format that holds all that Granska can use; its lines are read as `squid`. */
const RECOMMENDED_LOGFORMAT =
  'logformat granska %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt "%{Referer}>h" "%{User-Agent}>h"';

/** Gives the advice for one log, the most pressing first. */
export function adviceFor(seen: Observation, read: { format: Format; isSure: boolean }): Advice[] {
  const advice: Advice[] = [];
  if (seen.lines - seen.skipped > 0 && (!read.isSure || seen.records === 0)) advice.push(formatAdvice());
  if (seen.headers > 0) advice.push(PASSWORDS);
  if (seen.rejects.has('truncated')) advice.push(TRUNCATED);
  if (seen.rejects.has('time-future')) advice.push(CLOCK);
  if (seen.records === 0) return advice;
  if (share(seen.users, seen.records - seen.authChallenges) < 0.05) advice.push(USERS);
  if (seen.referrersLogged < seen.records || seen.mimeTypes === 0 || seen.elapsed < seen.records)
    advice.push(REFERRERS);
  if (seen.queries === 0 && seen.tunnels < seen.records) advice.push(QUERY);
  if (share(seen.tunnels, seen.records) >= 0.5) advice.push(TUNNELS);
  return advice;
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : part / whole;
}

function formatAdvice(): Advice {
  return {
    id: 'format',
    text: 'No known format reads most of this log. Granska reads Squid native, common and combined lines; let the proxy write one of them beside the present log.',
    config: [RECOMMENDED_LOGFORMAT, 'access_log stdio:/var/log/squid/granska.log logformat=granska'],
  };
}

const PASSWORDS: Advice = {
  id: 'passwords',
  text: 'Lines end in request headers, which hold passwords and cookies. Granska passes over them, but the log file has them. A bare %>h, %>ha or %note in any logformat adds them to every built-in format; ask for single headers instead, and protect or delete the old files.',
  config: ['log_mime_hdrs off', '# instead of %>h: "%{Referer}>h" "%{User-Agent}>h"'],
};

const TRUNCATED: Advice = {
  id: 'truncated',
  text: 'Some lines are cut short. Squid cuts a record of its built-in formats at 8,191 bytes together with its line feed, so that the next record is lost with it; a format of your own keeps the line feed.',
  config: [RECOMMENDED_LOGFORMAT, 'access_log stdio:/var/log/squid/access.log logformat=granska'],
};

const CLOCK: Advice = {
  id: 'clock',
  text: 'Some stamps lie ahead of this machine’s clock. Let the proxy and this machine take their time from the same servers.',
  config: [],
};

const USERS: Advice = {
  id: 'users',
  text: 'Hardly any line has a user name: findings will be about addresses, and nobody can be named. Names come when the proxy asks people to sign in (Kerberos by negotiate is the usual way).',
  config: [
    'auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth',
    'acl signed_in proxy_auth REQUIRED',
    'http_access allow signed_in',
  ],
};

const REFERRERS: Advice = {
  id: 'referrers',
  text: 'The log lacks referrer, user agent, mime type or elapsed time in some lines. With them Granska can tell a page that somebody opened from one that another page embedded. Only the relation to the referrer is stored, never the referrer.',
  config: [RECOMMENDED_LOGFORMAT, 'access_log stdio:/var/log/squid/access.log logformat=granska'],
};

const QUERY: Advice = {
  id: 'query',
  text: 'Addresses are logged without their query. Sites that are opened through a translating or redirecting page can then not be seen. Queries hold what people search for: keep them off unless that is decided. Granska reads them for this alone and never stores them.',
  config: ['strip_query_terms off'],
};

const TUNNELS: Advice = {
  id: 'tunnels',
  text: 'Half or more of the lines are tunnels (CONNECT), of which only the host is known. That is enough for lists of hosts. More is seen only if the proxy opens TLS (ssl_bump), which reads people’s private traffic: decide it with the data protection officer and the unions, and never for protected sites.',
  config: [],
};
