// address: what a log calls a client → one spelling per address (§3.2).
// In: any text; out: IPv4 in dotted form, IPv6 as RFC 5952 writes it, an IPv4 address inside IPv6 as IPv4, a host
// name in lower case, `''` where there is none. Invariant: total and idempotent; nothing is looked up.
// Example: `::FFFF:10.1.2.3` → `10.1.2.3`; `[2001:DB8:0::1]` → `2001:db8::1`; `PC7.` → `pc7`.

/** Holds an address as groups of 16 bits: two for IPv4, eight for IPv6. */
export type AddressGroups = readonly number[];

/** Gives the canonical form of a client's address or name, `''` for none. */
export function canonicalClient(raw: string): string {
  const folded = raw.toWellFormed().normalize('NFC').toLowerCase().normalize('NFC');
  const bare = folded.trim().replace(/[\s.]+$/, '');
  if (bare === '' || bare === '-') return '';
  const groups = parseAddress(bare);
  return groups === null ? bare : formatAddress(groups);
}

/** Reads an address, with or without brackets, port and zone; null where the text is none. */
export function parseAddress(text: string): AddressGroups | null {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text);
  const bare = bracketed?.[1] ?? text;
  if (bare.includes(':')) {
    const port = bracketed === null ? /^([\d.]+):\d{1,5}$/.exec(bare) : null;
    if (port !== null) return parseIpv4(port[1]!);
    const zone = bare.indexOf('%');
    return parseIpv6(zone < 0 ? bare : bare.slice(0, zone));
  }
  return bracketed === null ? parseIpv4(bare) : null;
}

/** Writes an address in its canonical form. */
export function formatAddress(groups: AddressGroups): string {
  return groups.length === 2 ? formatIpv4(groups[0]!, groups[1]!) : formatIpv6(groups);
}

/** Reads dotted decimal. A leading zero may mean octal or padding: such a text is taken for a name. */
function parseIpv4(text: string): AddressGroups | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
  if (a > 255 || b > 255 || c > 255 || d > 255) return null;
  return [a * 256 + b, c * 256 + d];
}

function parseIpv6(text: string): AddressGroups | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1]!, true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff;
  return isMapped ? groups.slice(6) : groups;
}

/** Reads `a:b:c`; where it ends the address, its last part may be dotted decimal. */
function readGroups(text: string, endsAddress: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const dotted = endsAddress && index === parts.length - 1 ? parseIpv4(part) : null;
    if (dotted === null) return null;
    groups.push(...dotted);
  }
  return groups;
}

function formatIpv4(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Shortens the longest run of two or more zero groups, the first of equals. */
function formatIpv6(groups: AddressGroups): string {
  let runStart = -1;
  let runLength = 1;
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === 0) end++;
    if (end - at > runLength) {
      runStart = at;
      runLength = end - at;
    }
    if (end > at) at = end - 1;
  }
  const hex = groups.map(group => group.toString(16));
  if (runStart < 0) return hex.join(':');
  return `${hex.slice(0, runStart).join(':')}::${hex.slice(runStart + runLength).join(':')}`;
}
