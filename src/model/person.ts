// A person who acts in the product: known by the accounts that they use, never by what they type (§8.4).

/** What somebody may do. */
export type Duty = 'analyst' | 'reviewer' | 'signer' | 'granter' | 'hr' | 'dpo' | 'registrar' | 'operator';

/** Lists every duty. */
export const DUTIES: readonly Duty[] = [
  'analyst',
  'reviewer',
  'signer',
  'granter',
  'hr',
  'dpo',
  'registrar',
  'operator',
];

export interface Person {
  /** User name in the directory. */
  id: string;
  /** Accounts of the operating system; two accounts of one person are one person. */
  accounts: readonly string[];
  duties: readonly Duty[];
  /** Ed25519, base64 of its 32 bytes; null until a key was made. */
  publicKey: string | null;
}
