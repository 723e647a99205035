// Every way in which an address can hide in another that the program says it sees through, made from the same table.
// Example: `wrappings('casino.example')` → `https://casino-example.translate.goog/`, `https://web.archive.org/web/2020/…`, …
import { blankTarget } from '../../src/model/target.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { unwrap } from '../../src/url/unwrap.ts';
import { WRAPPERS, type Wrapper } from '../../src/url/wrappers.ts';

const PATHS = (
  '/ /translate /transpage /search /gwt/n /cache /gview /x/proxy /save /submit /url /aclk /ck/a /l/ /l.php ' +
  '/redirect /redir/redirect /offsite /link/v2 /iv /link /linkfilter /away.php /v1/url /v2/url /x/query'
).split(' ');

const PREFIXES = ['/proxy_u/x/https/', '/amp/s/', '/c/s/', '/', '/web/2020/http://', '/wayback/2020/http://'];

/** Gives one address for each way, which wraps `http://HOST/`; throws where a way is not seen through. */
export function wrappings(host: string): string[] {
  const ways = new Map<Wrapper, string>();
  for (const [domain, wrappers] of WRAPPERS) {
    for (const wrapper of wrappers) if (!ways.has(wrapper)) ways.set(wrapper, domain);
  }
  return [...ways].map(([wrapper, domain]) => {
    const found = candidates(wrapper, domain, host).find(url => hidden(url).includes(host));
    if (found === undefined) throw new Error(`nothing wraps a host in ${domain} by its ${wrapper.in}`);
    return found;
  });
}

function hidden(url: string): string[] {
  const target = blankTarget();
  parseTarget(url, 'GET', target);
  return unwrap(target).map(inner => inner.target.host);
}

function candidates(wrapper: Wrapper, domain: string, host: string): string[] {
  switch (wrapper.in) {
    case 'label':
      return [`https://${host.replaceAll('-', '--').replaceAll('.', '-')}.${domain}/`];
    case 'search':
      return [`https://${domain}/?http://${host}/`];
    case 'query':
      return PATHS.filter(path => wrapper.path?.test(path) ?? true).map(
        path => `https://${domain}${path}?${wrapper.names[0]}=${spelled(wrapper.spelling ?? 'plain', host)}`,
      );
    case 'path':
      return [
        ...PREFIXES.map(prefix => `${prefix}${host}/`),
        `/x/RU=http%3a%2f%2f${host}%2f/RK=2`,
        `/v3/__http://${host}/__;!!x`,
        `/x/http%3A%2F%2F${host}%2F`,
      ]
        .filter(path => wrapper.path.test(path))
        .map(path => `https://${domain}${path}`);
    default:
      return wrapper satisfies never;
  }
}

function spelled(spelling: NonNullable<Extract<Wrapper, { in: 'query' }>['spelling']>, host: string): string {
  const url = `http://${host}/`;
  const base64 = Buffer.from(url).toString('base64url');
  switch (spelling) {
    case 'plain':
      return encodeURIComponent(url);
    case 'cache':
      return `cache:${host}`;
    case 'a1':
      return `a1${base64}`;
    case 'base64':
      return base64;
    case 'dashes':
      return `http-3A__${host}_`;
    default:
      return spelling satisfies never;
  }
}
