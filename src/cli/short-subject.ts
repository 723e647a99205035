/** Signs of a pseudonym that are shown: enough to tell people apart, and to search by (`subject:u26-k3j4mn`). */
const SUBJECT_SIGNS = 8;

/** Cuts a pseudonym to what a table shows of it; `-` where there is none. */
export function shortSubject(subjectId: string | null): string {
  if (subjectId === null) return '-';
  return subjectId.slice(0, subjectId.indexOf('-') + 1 + SUBJECT_SIGNS);
}
