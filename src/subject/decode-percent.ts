/** Marks a byte that came from a percent sign, until it is known in which encoding it was. */
const RAW = 0x10000;

/**
 * Decodes `%xx` in a name until none is left, so that decoding again changes nothing. Runs of bytes above 0x7f
 * are read as UTF-8 where they are UTF-8, else as Latin-1: `%c3%a5sa` and `%e5sa` are both `åsa`.
 */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  // From the right, so that what a decoded sign makes of its neighbours is seen at once: one pass, however deep.
  const units: number[] = [];
  for (let at = text.length - 1; at >= 0; at--) {
    units.push(text.charCodeAt(at));
    while (decodeTop(units));
  }
  return decodeUnits(units.reverse());
}

/** Decodes a byte sequence as UTF-8 where it is that, else as Latin-1. */
export function decodeBytes(bytes: readonly number[]): string {
  const octets = Uint8Array.from(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return new TextDecoder('windows-1252').decode(octets);
  }
}

/** Replaces `%xx` on top of the stack (its last unit is the leftmost sign) by the byte it stands for. */
function decodeTop(units: number[]): boolean {
  const top = units.length - 1;
  if (units[top] !== 0x25 || top < 2) return false;
  const high = hexValue(units[top - 1]!);
  const low = hexValue(units[top - 2]!);
  if (high < 0 || low < 0) return false;
  const byte = high * 16 + low;
  units.length = top - 2;
  units.push(byte < 0x80 ? byte : RAW + byte);
  return true;
}

function decodeUnits(units: readonly number[]): string {
  let text = '';
  for (let at = 0; at < units.length; ) {
    if (units[at]! < RAW) {
      text += String.fromCharCode(units[at]!);
      at++;
      continue;
    }
    const bytes: number[] = [];
    for (; at < units.length && units[at]! >= RAW; at++) bytes.push(units[at]! - RAW);
    text += decodeBytes(bytes);
  }
  return text;
}

function hexValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const folded = unit | 0x20;
  return folded >= 0x61 && folded <= 0x66 && unit < 0x80 ? folded - 0x57 : -1;
}
