// The fields that a query can name: what each looks at, which values it has, and how what was typed becomes what is
// stored. The reference page and the help are made of this table.
import type { QueryField } from '../model/query.ts';
import { POPULATIONS } from '../model/subject.ts';
import { refang } from '../url/defang.ts';
import { canonicalHost } from '../url/host.ts';
import { ANY, ATTEMPT, STATUS_CLASS } from './matches.ts';

export interface FieldRule {
  /** What it looks at, in a few words. */
  meaning: string;
  /** The values of a closed field; absent for free ones. */
  known?: readonly string[];
  /** How a value must look, said where one does not. */
  form: string;
  /** Where its values come from: a fixed set, what findings have, or anything that somebody types. */
  vocabulary: 'closed' | 'open' | 'free';
}

/** All fields of the query language. */
export const FIELDS: Readonly<Record<QueryField, FieldRule>> = {
  id: { meaning: 'id of the finding, or its beginning', form: 'ids are hex digits', vocabulary: 'closed' },
  record: { meaning: 'id of the record, or its beginning', form: 'ids are hex digits', vocabulary: 'closed' },
  organization: { meaning: 'the organisation (tenant)', form: 'a name', vocabulary: 'open' },
  category: { meaning: 'category', form: 'a name', vocabulary: 'open' },
  class: { meaning: 'class', known: ['forbidden', 'questionable'], form: '', vocabulary: 'closed' },
  verdict: {
    meaning: 'verdict; `withdrawn` for what a later judgement took back, `attempt` for what the proxy denied',
    known: ['examine', 'exempt', 'withdrawn', ATTEMPT],
    form: '',
    vocabulary: 'closed',
  },
  type: { meaning: "the proxy's answer", known: ['allowed', 'denied'], form: '', vocabulary: 'closed' },
  outcome: {
    meaning: 'how it ended',
    known: ['success', 'failure', 'unknown'],
    form: '',
    vocabulary: 'closed',
  },
  department: { meaning: 'department then', form: 'a name', vocabulary: 'open' },
  population: { meaning: 'population then', known: POPULATIONS, form: '', vocabulary: 'closed' },
  role: { meaning: 'one of the roles then', form: 'a name', vocabulary: 'open' },
  subject: {
    meaning: 'pseudonym of the subject, or its beginning',
    form: 'such as u26-k3j4',
    vocabulary: 'open',
  },
  kind: {
    meaning: 'what the subject is known by',
    known: ['user', 'client', 'none'],
    form: '',
    vocabulary: 'closed',
  },
  client: {
    meaning: "pseudonym of the client's address, or its beginning",
    form: 'such as c261005-k3j4',
    vocabulary: 'open',
  },
  domain: { meaning: 'host, and the hosts under it', form: 'a host such as example.com', vocabulary: 'free' },
  site: { meaning: 'registrable domain', form: 'a host such as example.com', vocabulary: 'free' },
  path: { meaning: 'beginning of the path', form: 'a path such as /news', vocabulary: 'free' },
  method: { meaning: 'HTTP method', form: 'a word such as GET', vocabulary: 'free' },
  status: {
    meaning: 'HTTP status, or its class',
    form: 'a number such as 404, or a class such as 4xx',
    vocabulary: 'closed',
  },
  list: { meaning: 'list that matched', form: 'a name', vocabulary: 'open' },
  entry: {
    meaning: 'entry of the list that matched',
    form: 'a host, or a host with a path',
    vocabulary: 'free',
  },
  exemption: { meaning: 'one of the exemptions that fit', form: 'an id', vocabulary: 'open' },
  statute: { meaning: 'one of the statutes', form: 'such as "BrB 16:8"', vocabulary: 'open' },
  via: {
    meaning: 'how it was unwrapped',
    known: ['translate', 'cache', 'archive', 'redirect'],
    form: '',
    vocabulary: 'closed',
  },
  referrer: {
    meaning: "the referrer's relation",
    known: ['none', 'same', 'foreign', 'notLogged', 'protected'],
    form: '',
    vocabulary: 'closed',
  },
  observer: {
    meaning: 'name of the proxy, where the source of its lines tells it',
    form: 'a name',
    vocabulary: 'open',
  },
  source: { meaning: 'name of the source (scan --source)', form: 'a name', vocabulary: 'free' },
};

/** Tells whether a word is the name of a field. */
export function isField(word: string): word is QueryField {
  return Object.hasOwn(FIELDS, word);
}

/** Turns a value as typed into the form in which it is stored; null for what the field cannot have. */
export function canonicalValue(field: QueryField, typed: string): string | null {
  if (typed === ANY) return ANY;
  const { known } = FIELDS[field];
  if (known !== undefined) return known.find(value => value.toLowerCase() === typed.toLowerCase()) ?? null;
  switch (field) {
    case 'id':
    case 'record':
      return /^[0-9a-f]{1,32}$/i.test(typed) ? typed.toLowerCase() : null;
    case 'subject':
    case 'client':
      return typed.toLowerCase();
    case 'domain':
    case 'site':
      return hostOf(typed);
    case 'entry':
      return refang(typed).replace(SCHEME, '');
    case 'path':
      return encodedPath(refang(typed));
    case 'method':
      return typed.toUpperCase();
    case 'status':
      return STATUS_CLASS.test(typed.toLowerCase()) || /^\d{3}$/.test(typed) ? typed.toLowerCase() : null;
    default:
      return typed.normalize('NFC');
  }
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Takes a host as it may be pasted: defanged, with scheme, port or path, or as `*.example.com`. */
function hostOf(typed: string): string | null {
  const bare = refang(typed)
    .replace(SCHEME, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^\*?\./, '');
  const host = canonicalHost(bare.replace(/^(\[.*\]|[^:]*):\d*$/, '$1'));
  return host === '' ? null : host;
}

/** Writes a path as it is stored: percent-encoded where it must be. */
function encodedPath(typed: string): string {
  const path = typed.startsWith('/') ? typed : `/${typed}`;
  return path.replace(/[^\x21-\x7e]+/g, run => encodeURI(run.toWellFormed()));
}
