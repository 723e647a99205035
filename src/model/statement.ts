// A statement: what somebody said and signed (§8.4). Its words: `granska.statement/1`.

/** What is said, before it is signed. */
export interface Said {
  schema: 'granska.statement/1';
  /** What it is: `case-request`, `case-grant`, `review-sign`. */
  kind: string;
  /** Id of the person. */
  person: string;
  atMs: number;
  body: Readonly<Record<string, unknown>>;
}

export interface Statement extends Said {
  /** Ed25519 over the canonical JSON of all the rest, base64. */
  signature: string;
}
