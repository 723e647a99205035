// Free text of a record → what of it may be stored (§6.2): nothing that names the person it concerns, the
// client's address or a protected site. What cannot be kept whole is dropped whole: half a text misleads.

export interface MinimiseOptions {
  /** Says whether a text holds a host-like token of a protected site. */
  holdsProtected(text: string): boolean;
  /** What must not stand in the text: the name and the address, as logged and in canonical form. */
  secrets: readonly string[];
}

/** Gives the text if it may be stored, else null. */
export function minimise(text: string | null, options: MinimiseOptions): string | null {
  if (text === null || text === '') return null;
  if (options.holdsProtected(text)) return null;
  const folded = fold(text);
  for (const secret of options.secrets) {
    if (secret.length >= 3 && folded.includes(fold(secret))) return null;
  }
  return text;
}

/** Brings the spellings of one name together: case, Unicode form and percent-encoding. */
function fold(text: string): string {
  return decodePercent(text).normalize('NFC').toLowerCase();
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, run => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
  });
}
