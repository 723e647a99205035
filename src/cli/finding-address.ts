import type { Finding } from '../model/finding.ts';
import { defang } from '../url/defang.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/** Writes a target so that nothing makes a link of it: `hxxps://example[.]com/a`. */
export function defangedAddress(finding: Pick<Finding, 'scheme' | 'domain' | 'port' | 'urlPath'>): string {
  const scheme = finding.scheme === '' ? '' : `${finding.scheme}://`;
  const host = finding.domain.includes(':') ? `[${finding.domain}]` : finding.domain;
  const isUsual = finding.port === null || DEFAULT_PORTS[finding.scheme] === finding.port;
  return defang(`${scheme}${host}${isUsual ? '' : `:${finding.port}`}${finding.urlPath}`);
}
