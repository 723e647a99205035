import { expect } from 'chai';
import fc from 'fast-check';
import {
  canonicalName,
  createIdentity,
  DEFAULT_IDENTITY_RULES,
  type IdentityRules,
} from '../../src/subject/identity.ts';

const rules = (changed: Partial<IdentityRules> = {}): IdentityRules => ({
  ...DEFAULT_IDENTITY_RULES,
  ...changed,
});

const KOMMUN = rules({ stripDomains: ['KOMMUN'], stripRealms: ['kommun.se'], distinguishedName: 'cn' });
const ALL = rules({ stripDomains: 'all', stripRealms: 'all', distinguishedName: 'uid' });

const SPELLINGS: readonly [string, IdentityRules, string][] = [
  ['bo', rules(), 'bo'],
  ['  Bo ', rules(), 'bo'],
  ['Bo', rules({ caseFold: false }), 'Bo'],
  ['%c3%a5sa', rules(), 'åsa'],
  ['%C5sa', rules(), 'åsa'],
  ['%e5sa', rules(), 'åsa'],
  ['ÅSA', rules(), 'åsa'],
  ['A\u030Asa', rules(), 'åsa'],
  ['%61sa%cc%8a', rules(), 'aså'],
  ['%2541sa', rules(), 'asa'],
  ['%%34%31sa', rules(), 'asa'],
  ['100%', rules(), '100%'],
  ['%c3%a5sa', rules({ percentDecode: false }), '%c3%a5sa'],
  ['%c5sa%20%d6berg', rules(), 'åsa öberg'],
  ['KOMMUN\\bo', rules(), 'kommun\\bo'],
  ['KOMMUN\\\\bo', rules(), 'kommun\\bo'],
  ['KOMMUN\\\\bo', rules({ backslashEscapes: false }), 'kommun\\\\bo'],
  ['KOMMUN%5cbo', KOMMUN, 'bo'],
  ['kommun\\\\bo', KOMMUN, 'bo'],
  ['kommun+bo', KOMMUN, 'bo'],
  ['kommun/bo', KOMMUN, 'bo'],
  ['ANNAN\\bo', KOMMUN, 'annan\\bo'],
  ['bo@KOMMUN.SE', KOMMUN, 'bo'],
  ['bo@annan.se', KOMMUN, 'bo@annan.se'],
  ['KOMMUN\\bo@kommun.se', KOMMUN, 'bo'],
  ['ANNAN\\bo@x.se', ALL, 'bo'],
  ['a+b', ALL, 'a+b'],
  ['CN=Åsa Öberg,OU=Social,O=Kommun', KOMMUN, 'åsa öberg'],
  ['CN=%c3%85sa %c3%96berg,OU=Social', KOMMUN, 'åsa öberg'],
  ['CN=Öberg\\, Åsa,OU=Social', KOMMUN, 'öberg, åsa'],
  ['CN=Öberg, Åsa,OU=Social', KOMMUN, 'öberg, åsa'],
  ['CN=\\C3\\85sa,OU=Social', KOMMUN, 'åsa'],
  ['CN="Öberg, Åsa",OU=Social', KOMMUN, 'öberg, åsa'],
  ['cn=bo+uid=b1,ou=x', ALL, 'b1'],
  ['uid=b1, ou=people', ALL, 'b1'],
  ['OU=x,O=y', KOMMUN, 'ou=x,o=y'],
  ['CN = Bo , OU = X', rules(), 'cn=bo,ou=x'],
  ['key=value', KOMMUN, 'key=value'],
  ['-', rules(), ''],
  ['', rules(), ''],
  [' ', rules(), ''],
  ['Anonymous', rules(), ''],
  ['NT AUTHORITY\\\\ANONYMOUS LOGON', rules(), ''],
  ['KOMMUN\\-', KOMMUN, ''],
  ['KOMMUN\\', KOMMUN, ''],
  ['svc', rules({ aliases: { SVC: 'Bo', bo: 'bo.ek' } }), 'bo.ek'],
  ['b', rules({ aliases: { a: 'b', b: 'a' } }), 'a'],
];

describe('identity', () => {
  for (const [raw, how, name] of SPELLINGS) {
    const told = how === KOMMUN ? 'one domain' : how === ALL ? 'all domains' : 'the safe rules';
    it(`§3.4 takes ${JSON.stringify(raw)} by ${told} for ${JSON.stringify(name)}`, () => {
      expect(canonicalName(raw, how)).to.equal(name);
    });
  }

  it('§3.4 never merges people of two domains or realms unless told to', () => {
    const names = ['bo', 'A\\bo', 'B\\bo', 'bo@a.se', 'bo@b.se', 'cn=bo,ou=a', 'cn=bo,ou=b'];
    expect(new Set(names.map(createIdentity(rules()))).size).to.equal(names.length);
  });

  const pieces = fc.constantFrom(
    'a',
    'Å',
    '\u030A',
    '%',
    '2',
    '5',
    '4',
    '%e5',
    '%c3%a5',
    '\\',
    '@',
    'x.se',
    'KOMMUN',
  );
  const more = fc.constantFrom(
    'CN=',
    'uid=',
    ',',
    '"',
    ' ',
    '+',
    '/',
    '-',
    '\\2C',
    'İ',
    'Σ',
    '\uD800',
    '\u00A0',
    '\0',
  );
  const hostile = fc.array(fc.oneof(pieces, more), { maxLength: 24 }).map(parts => parts.join(''));
  const names = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

  for (const [title, how] of Object.entries({ safe: rules(), one: KOMMUN, all: ALL })) {
    it(`is idempotent and total whatever the name (${title})`, () => {
      const identify = createIdentity({ ...how, aliases: { a: 'å', å: 'å@x.se' } });
      fc.assert(
        fc.property(names, raw => {
          const once = identify(raw);
          expect(identify(once)).to.equal(once);
        }),
        { numRuns: 2000 },
      );
    });
  }

  it('does not take longer than its length allows, however deep the escapes are', () => {
    expect(canonicalName(`%${'25'.repeat(30_000)}41`, rules())).to.equal('a');
    expect(canonicalName('CN='.repeat(20_000), KOMMUN)).to.equal('');
    expect(canonicalName('KOMMUN\\'.repeat(20_000), KOMMUN)).to.equal('');
    expect(canonicalName('\\'.repeat(60_000), rules())).to.equal('\\');
  });
});
