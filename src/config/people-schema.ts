// The schema of `people.yaml`: who acts in the product, by which accounts, with which duties and which public key (§8.4).
import { z } from 'zod';
import { DUTIES } from '../model/person.ts';
import { listOf, version } from './fields.ts';

/** A name of a person or an account. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(value => !/\p{Cc}/u.test(value), { message: 'must not hold control characters' });

const person = z.strictObject({
  id: name.describe('user name in the directory'),
  accounts: z
    .array(name)
    .max(100)
    .describe(
      'accounts of the operating system; two accounts of one person are one person. Empty for somebody who has left: they act no more, and what they signed still counts',
    ),
  duties: listOf(z.enum(DUTIES)).describe('what the person may do'),
  publicKey: z
    .string()
    .refine(isPublicKey, { message: 'is no public key: copy the line that `granska people keygen` printed' })
    .optional()
    .describe('Ed25519, base64, as `granska people keygen` prints it; what is signed is verified with it'),
});

/** The schema of `people.yaml`. */
export const peopleSchema = z.strictObject({
  version,
  people: z.array(person).max(10_000).describe('people who act'),
});

/** `people.yaml` as written. */
export type PeopleFile = z.output<typeof peopleSchema>;

const KEY_BYTES = 32;

function isPublicKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text) return false;
  bytes[KEY_BYTES - 1]! &= 0x7f;
  return !WEAK.includes(bytes.toString('hex'));
}

/** Points of small order: with such a key signatures can be made up that fit any text. Without the sign bit. */
const WEAK: readonly string[] = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];
