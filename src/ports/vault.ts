// Vault: seals what may hold names, for a public key whose private half the worker does not have,
// and keeps the keys from which pseudonyms are made.

export interface Vault {
  /** Seals bytes as an age file. */
  seal(plain: Uint8Array): Promise<Uint8Array>;
  /** Gives the HMAC key (32 bytes) of an epoch (local year), made on first use; null where it was destroyed. */
  epochKey(year: number): Uint8Array | null;
  /** Gives the key (32 bytes) that hides free text in the audit chain. */
  auditKey(): Uint8Array;
}
