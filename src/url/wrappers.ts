// The wrappers that are seen through, as data: whose host it is, on which paths, and where the inner address stands.
import type { Via } from '../model/target.ts';
import { GOOGLE_DOMAINS } from './google-domains.ts';

/** Says how an inner address is written in a query parameter. */
export type Spelling =
  /** As it is, percent-encoded any number of times, with or without scheme. */
  | 'plain'
  /** After `cache:` and perhaps the id of a copy, before the words that were searched for. */
  | 'cache'
  /** After `a1`, in base64url. */
  | 'a1'
  /** In base64 or base64url. */
  | 'base64'
  /** With `-` for `%` and `_` for `/`. */
  | 'dashes';

/** Holds one way to wrap a target. Each domain stands for the hosts under it too. */
export type Wrapper = { via: Via; domains: readonly string[] } & (
  | {
      /** In one of these query parameters, the first that holds an address; `path` limits it to some paths. */
      in: 'query';
      names: readonly string[];
      path?: RegExp;
      spelling?: Spelling;
    }
  | {
      /** In the path: what the group `address` holds, with the query after it. */
      in: 'path';
      path: RegExp;
    }
  /** The whole query is the address. */
  | { in: 'search' }
  /** In the label before the domain: `-` for a dot, `--` for a hyphen. */
  | { in: 'label' }
);

const ARCHIVE_TODAY = 'archive.today archive.ph archive.is archive.li archive.vn archive.fo archive.md'.split(
  ' ',
);
const URLDEFENSE = ['urldefense.proofpoint.com', 'urldefense.com', 'urldefense.us'];
const MICROSOFT_TRANSLATORS = ['microsofttranslator.com', 'translatetheweb.com', 'translatoruser.net'];
const GOOGLE_TRANSLATE = [...GOOGLE_DOMAINS, 'translate.googleusercontent.com'];
const GOOGLE_CACHE = [...GOOGLE_DOMAINS, 'webcache.googleusercontent.com'];
const GOOGLE_ADS = [...GOOGLE_DOMAINS, 'googleadservices.com'];

const TABLE: readonly Wrapper[] = [
  // Translators.
  { via: 'translate', domains: ['translate.goog'], in: 'label' },
  {
    via: 'translate',
    domains: GOOGLE_TRANSLATE,
    path: /^\/translate(?:_[a-z])?$/,
    in: 'query',
    names: ['u'],
  },
  { via: 'translate', domains: MICROSOFT_TRANSLATORS, in: 'query', names: ['a', 'u'] },
  { via: 'translate', domains: ['translate.yandex.com', 'translate.yandex.ru'], in: 'query', names: ['url'] },
  {
    via: 'translate',
    domains: ['translated.turbopages.org', 'translate.yandex.net'],
    in: 'path',
    path: /^\/proxy_u\/[^/]+\/(?:https?\/)?(?<address>.+)$/,
  },
  { via: 'translate', domains: ['papago.naver.net', 'papago.naver.com'], in: 'query', names: ['url'] },
  { via: 'translate', domains: ['fanyi.baidu.com'], path: /^\/transpage$/, in: 'query', names: ['query'] },

  // Caches, and services that fetch a page for somebody.
  { via: 'cache', domains: GOOGLE_CACHE, path: /^\/search$/, in: 'query', names: ['q'], spelling: 'cache' },
  { via: 'cache', domains: GOOGLE_DOMAINS, path: /^\/gwt\/[nx]$/, in: 'query', names: ['u'] },
  { via: 'cache', domains: GOOGLE_DOMAINS, in: 'path', path: /^\/amp\/(?:s\/)?(?<address>.+)$/ },
  {
    via: 'cache',
    domains: ['cdn.ampproject.org'],
    in: 'path',
    path: /^\/(?:[civr]|wp|ii\/w[0-9]+)\/(?:s\/)?(?<address>.+)$/,
  },
  { via: 'cache', domains: ['cdn.ampproject.org'], in: 'label' },
  {
    via: 'cache',
    domains: ['cc.bingj.com', 'bing.com'],
    path: /^\/cache(?:\.aspx)?$/,
    in: 'query',
    names: ['u', 'url'],
  },
  { via: 'cache', domains: ['yandexwebcache.net', 'hghltd.yandex.net'], in: 'query', names: ['url'] },
  { via: 'cache', domains: ['docs.google.com'], path: /^\/(?:g?view|viewer)$/, in: 'query', names: ['url'] },
  { via: 'cache', domains: ['12ft.io', 'r.jina.ai'], in: 'path', path: /^\/(?:proxy\/)?(?<address>.+)$/ },
  { via: 'cache', domains: ['12ft.io'], path: /\/proxy$/, in: 'query', names: ['q'] },

  // Archives.
  {
    via: 'archive',
    domains: ['web.archive.org', 'wayback.archive.org', 'archive.org'],
    in: 'path',
    path: /^\/(?:web|save)\/(?:[0-9*]+(?:[a-z]{2}_)?\/)?(?<address>.+)$/,
  },
  { via: 'archive', domains: ['web.archive.org'], path: /^\/save\/?$/, in: 'query', names: ['url'] },
  { via: 'archive', domains: ['arquivo.pt'], in: 'path', path: /^\/wayback\/[0-9]+[a-z_]*\/(?<address>.+)$/ },
  {
    via: 'archive',
    domains: ARCHIVE_TODAY,
    in: 'path',
    path: /^\/(?:o\/[a-z0-9]+\/|(?:newest|oldest|timegate|timemap)\/|[0-9][0-9.*:-]+\/)?(?<address>.+)$/i,
  },
  { via: 'archive', domains: ARCHIVE_TODAY, path: /^\/(?:submit\/?)?$/, in: 'query', names: ['url'] },

  // Redirects of search engines.
  { via: 'redirect', domains: GOOGLE_DOMAINS, path: /^\/url$/, in: 'query', names: ['q', 'url'] },
  { via: 'redirect', domains: GOOGLE_ADS, path: /^\/(?:pagead\/)?aclk$/, in: 'query', names: ['adurl'] },
  { via: 'redirect', domains: ['bing.com'], path: /^\/ck\/a$/, in: 'query', names: ['u'], spelling: 'a1' },
  { via: 'redirect', domains: ['duckduckgo.com'], path: /^\/l\/?$/, in: 'query', names: ['uddg'] },
  { via: 'redirect', domains: ['search.yahoo.com'], in: 'path', path: /\/RU=(?<address>[^/]+)/ },

  // Redirects of social networks.
  {
    via: 'redirect',
    domains: ['facebook.com', 'messenger.com'],
    path: /^\/l\.php$|^\/flx\/warn\/?$/,
    in: 'query',
    names: ['u'],
  },
  {
    via: 'redirect',
    domains: ['l.instagram.com', 'l.threads.com', 'l.threads.net'],
    in: 'query',
    names: ['u'],
  },
  { via: 'redirect', domains: ['youtube.com'], path: /^\/redirect$/, in: 'query', names: ['q'] },
  { via: 'redirect', domains: ['t.umblr.com'], path: /^\/redirect$/, in: 'query', names: ['z'] },
  { via: 'redirect', domains: ['out.reddit.com', 'exit.sc'], in: 'query', names: ['url'] },
  {
    via: 'redirect',
    domains: ['linkedin.com'],
    path: /^\/(?:redir\/redirect|safety\/go)\/?$/,
    in: 'query',
    names: ['url'],
  },
  { via: 'redirect', domains: ['pinterest.com'], path: /^\/offsite\/?$/, in: 'query', names: ['url'] },
  { via: 'redirect', domains: ['tiktok.com'], path: /^\/link\/v2$/, in: 'query', names: ['target'] },
  { via: 'redirect', domains: ['t.me', 'telegram.me'], path: /^\/iv$/, in: 'query', names: ['url'] },
  { via: 'redirect', domains: ['slack-redir.net'], path: /^\/link$/, in: 'query', names: ['url'] },
  {
    via: 'redirect',
    domains: ['steamcommunity.com'],
    path: /^\/linkfilter\/?$/,
    in: 'query',
    names: ['url', 'u'],
  },
  { via: 'redirect', domains: ['vk.com', 'vk.ru'], path: /^\/away(?:\.php)?$/, in: 'query', names: ['to'] },
  { via: 'redirect', domains: ['href.li', 'anonym.to', 'nullrefer.com'], in: 'search' },

  // Redirects of mail filters.
  { via: 'redirect', domains: ['safelinks.protection.outlook.com'], in: 'query', names: ['url'] },
  { via: 'redirect', domains: URLDEFENSE, path: /^\/v1\/url$/, in: 'query', names: ['u'] },
  {
    via: 'redirect',
    domains: URLDEFENSE,
    path: /^\/v2\/url$/,
    in: 'query',
    names: ['u'],
    spelling: 'dashes',
  },
  { via: 'redirect', domains: URLDEFENSE, in: 'path', path: /^\/v3\/__(?<address>.+?)__(?:;|$)/ },
  { via: 'redirect', domains: ['linkprotect.cudasvc.com'], path: /^\/url$/, in: 'query', names: ['a'] },
  {
    via: 'redirect',
    domains: ['secure-web.cisco.com'],
    in: 'path',
    path: /\/(?<address>https?(?:%3a|:).+)$/i,
  },
  { via: 'redirect', domains: ['protection.sophos.com'], in: 'query', names: ['u'], spelling: 'base64' },
  { via: 'redirect', domains: ['protection.sophos.com'], in: 'query', names: ['d'] },
  { via: 'redirect', domains: ['ctp.trendmicro.com'], path: /\/query$/, in: 'query', names: ['url'] },
  { via: 'redirect', domains: ['deref-gmx.net', 'deref-web.de'], in: 'query', names: ['redirectUrl'] },
];

/** Maps each wrapper's domain to the ways in which it wraps. */
export const WRAPPERS: ReadonlyMap<string, readonly Wrapper[]> = byDomain(TABLE);

/** Lists the wrappers' domains, for a filter that must let no wrapper go unseen. */
export const WRAPPER_DOMAINS: readonly string[] = [...WRAPPERS.keys()];

function byDomain(table: readonly Wrapper[]): Map<string, Wrapper[]> {
  const wrappers = new Map<string, Wrapper[]>();
  for (const wrapper of table) {
    for (const domain of wrapper.domains) wrappers.set(domain, [...(wrappers.get(domain) ?? []), wrapper]);
  }
  return wrappers;
}
