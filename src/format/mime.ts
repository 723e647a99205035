/** Gives a mime type in lower case without parameters, as Squid itself cuts it. */
export function mimeOf(text: string): string {
  const semicolon = text.indexOf(';');
  return (semicolon === -1 ? text : text.slice(0, semicolon)).toLowerCase();
}
