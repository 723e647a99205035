/**
 * Normalises the path of a parsed URL so that different spellings of one path are equal: characters that need no
 * percent-encoding are decoded, the others keep it in upper case, empty segments fall out. Dot segments are gone by
 * then: the URL parser resolves them, `%2e` included.
 */
export function normalizePath(path: string): string {
  const decoded = path.includes('%') ? path.replace(/%(?:[0-9a-f]{2})?/gi, decodeUnreserved) : path;
  const merged = decoded.includes('//') ? decoded.replace(/\/{2,}/g, '/') : decoded;
  return merged.startsWith('/') ? merged : `/${merged}`;
}

function decodeUnreserved(encoded: string): string {
  // A stray percent sign would form an escape with what is decoded beside it.
  if (encoded === '%') return '%25';
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[a-z0-9._~-]/i.test(character) ? character : encoded.toUpperCase();
}
