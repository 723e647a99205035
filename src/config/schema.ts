// The schema of `granska.yaml`: types, defaults and the words of the reference page, in one place.
import { z } from 'zod';
import { DEFAULT_IDENTITY_RULES as SAFE } from '../subject/identity.ts';
import { path, text, version } from './fields.ts';
import { logSchema, runSchema } from './run-schema.ts';
import { sourcesSchema } from './sources-schema.ts';
import { storeSchema } from './store-schema.ts';

/** Rules that make one canonical name of a person's spellings (§3.4). */
const identity = z.strictObject({
  stripDomains: z
    .union([z.literal('all'), z.array(text)])
    .default(SAFE.stripDomains as string[] | 'all')
    .describe('domains that are cut from `DOMAIN\\user`, or `all`; others stay part of the name'),
  stripRealms: z
    .union([z.literal('all'), z.array(text)])
    .default(SAFE.stripRealms as string[] | 'all')
    .describe('realms that are cut from `user@realm`, or `all`; others stay part of the name'),
  distinguishedName: z
    .enum(['cn', 'uid', 'none'])
    .default(SAFE.distinguishedName)
    .describe(
      'which part of `CN=…,OU=…` is the name; `none` keeps it whole; `cn` and `uid` merge people who share one',
    ),
  percentDecode: z.boolean().default(SAFE.percentDecode).describe('decode `%c3%a5sa`, as Squid writes names'),
  backslashEscapes: z
    .boolean()
    .default(SAFE.backslashEscapes)
    .describe('read a doubled backslash as one, as Squid writes it'),
  caseFold: z.boolean().default(SAFE.caseFold).describe('take upper and lower case as the same'),
  anonymous: z
    .array(z.string())
    .default([...SAFE.anonymous])
    .describe('names that stand for nobody'),
  sharedAccounts: z
    .array(text)
    .default([...SAFE.sharedAccounts])
    .describe("accounts that several people use: their records are nobody's"),
  aliases: z
    .record(text, text)
    .default({ ...SAFE.aliases })
    .describe('other spelling → name, for one person with two names'),
});

/** The schema of `granska.yaml`. */
export const granskaSchema = z.strictObject({
  version,
  organization: text.default('unnamed').describe('the tenant: whose log this is'),
  timezone: text.default('Europe/Stockholm').describe('IANA name of the time zone in which days are counted'),
  policy: path.default('policy.yaml').describe('the policy file'),
  policyTests: path.optional().describe('tests that the policy must pass'),
  directory: path.optional().describe('CSV of users: roles, department, population, with dates'),
  networks: path.optional().describe('CSV of networks: population, department, shared, with dates'),
  departments: path.optional().describe('CSV of departments and their parents'),
  exemptions: path
    .optional()
    .describe(
      'file of decisions that `granska exemptions` writes; it need not be there before the first one',
    ),
  people: path.optional().describe('people who act: their accounts, duties and public keys'),
  reviews: path.optional().describe('plans of systematic reviews, and deliveries of reports'),
  reports: path.default('reports').describe('folder that reports are delivered into'),
  intervals: z
    .array(path)
    .default([])
    .describe('CSV or JSON lines of leases and log-ons: which user had which address, from when to when'),
  delivery: z
    .strictObject({
      maxVanished: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe('share of people that may vanish with a delivery of the directory without being confirmed'),
      maxAgeDays: z
        .int()
        .min(1)
        .max(3650)
        .default(35)
        .describe('age of the latest delivery of the directory that raises an alarm'),
    })
    .prefault({})
    .describe('what a delivery of the directory must keep to'),
  lists: z.array(path).min(1).describe('folders that hold one folder for each category list'),
  overrides: path
    .optional()
    .describe(
      'folder of corrections that win over the lists: files `add`, `remove` and `never`; it need not be there before the first one',
    ),
  taxonomy: path.describe('the taxonomy: names, class and statutes of each category'),
  data: path.optional().describe('data folder; `./data` of the working directory unless set here or by flag'),
  keys: path.optional().describe('keys folder; `./keys` of the working directory unless set here or by flag'),
  identity: identity.prefault({}).describe('how the spellings of a user name become one name'),
  source: z
    .strictObject({
      maxLineBytes: z
        .int()
        .min(1024)
        .max(16 * 1024 * 1024)
        .default(65_536)
        .describe('longer lines are rejected'),
    })
    .prefault({})
    .describe('how logs are read'),
  rejects: z
    .strictObject({
      keepDays: z
        .int()
        .min(0)
        .max(3650)
        .default(14)
        .describe('days that sealed texts of rejected lines are kept'),
    })
    .prefault({})
    .describe('what becomes of lines that cannot be read'),
  store: storeSchema.prefault({}).describe('where findings and counts go'),
  sources: sourcesSchema.default([]).describe('where `granska run` reads lines from'),
  run: runSchema.prefault({}).describe('how `granska run` goes on'),
  log: logSchema.prefault({}).describe('what `granska run` tells of itself, on stderr'),
});

/** `granska.yaml` with its defaults filled in; paths are as written. */
export type GranskaFile = z.output<typeof granskaSchema>;
