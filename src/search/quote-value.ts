/** Writes a value as it can be typed in a query: in quotes where it needs them. */
export function quoteValue(text: string): string {
  const isPlain = /^[^\s",:\\-][^\s",:\\]*$/.test(text);
  return isPlain ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
