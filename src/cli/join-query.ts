/** Fields whose values can hold spaces, which the shell's quotes no longer show. */
const SPACED = /^-?(?:department|organization|statute|exemption|source|role|list):[^"]*\s[^"]*$/;
const OTHER_FIELD = /\s-?[a-z]+:[^\s]/;

/** Joins the words of a query, giving back the quotes that the shell took off `department:"Barn och utbildning"`. */
export function joinQuery(words: readonly string[]): string {
  return words
    .map(word => {
      if (!SPACED.test(word) || (OTHER_FIELD.test(word) && !word.startsWith('statute:'))) return word;
      const colon = word.indexOf(':');
      return `${word.slice(0, colon)}:"${word.slice(colon + 1)}"`;
    })
    .join(' ');
}
