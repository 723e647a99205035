import { expect } from 'chai';
import { canonicalJson } from '../../src/policy/canonical-json.ts';
import { canonicalSite } from '../../src/policy/canonical-site.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { parseHours } from '../../src/policy/hours.ts';
import { exemption, policy, rules, stockholm, taxonomy } from './support.ts';

describe('policy/compile', () => {
  it('§4.2 maps lists to categories, one list to several', () => {
    const made = policy();
    expect(made.categoriesOf('casino')).to.deep.equal(['gambling']);
    expect(made.categoriesOf('mixed')).to.deep.equal(['drugs', 'weapons']);
    expect(made.categoriesOf('nowhere')).to.deep.equal([]);
    expect(made.mappedLists()).to.deep.equal(['betting', 'casino', 'drugs', 'mixed', 'protected', 'weapons']);
    expect(made.protectedLists).to.deep.equal(['protected']);
  });

  it('§1.4 takes nothing as too old unless a retention was decided', () => {
    const nowMs = Date.parse('2026-11-25T01:00:00Z');
    expect(policy().oldestMs(nowMs)).to.equal(null);
    const kept = policy({ retention: { findings: { days: 30, decision: 'KS 7' } } });
    expect(kept.oldestMs(nowMs)).to.equal(Date.parse('2026-10-25T22:00:00Z') + 3_600_000);
    expect(policy({ retention: { counts: { days: 30, decision: 'KS 7' } } }).oldestMs(nowMs)).to.equal(null);
  });

  it('§5.7 hashes content, not spelling: order of keys and of writing names does not matter', () => {
    const a = policy({ exemptions: [exemption({ users: ['Anna'], sites: ['CASINO.example.'] })] });
    const b = policy({ exemptions: [exemption({ sites: ['casino.example'], users: ['anna'] })] });
    expect(a.hash).to.equal(b.hash);
  });

  it('§5.7 changes the hash with anything that can change a verdict', () => {
    const base = policy().hash;
    expect(policy({ exemptions: [exemption()] }).hash).to.not.equal(base);
    expect(policy({ reviewed: ['staff', 'elected'] }).hash).to.not.equal(base);
    const options = {
      rules: rules(),
      taxonomy,
      canonicalName: (raw: string) => raw,
      sha256: (text: string) => text,
    };
    expect(compilePolicy({ ...options, zone: stockholm }).hash).to.equal(base);
    expect(compilePolicy({ ...options, zone: { ...stockholm, name: 'UTC' } }).hash).to.not.equal(base);
    const gambling = { ...taxonomy.categories.gambling!, class: 'forbidden' as const };
    const stricter = { categories: { ...taxonomy.categories, gambling } };
    expect(compilePolicy({ ...options, zone: stockholm, taxonomy: stricter }).hash).to.not.equal(base);
  });

  it('§5.7 can be compiled again from its content', () => {
    const first = policy({ exemptions: [exemption({ users: ['Anna'] })] });
    const again = compilePolicy({
      ...first.content,
      zone: stockholm,
      canonicalName: raw => raw,
      sha256: text => text,
    });
    expect(again.hash).to.equal(first.hash);
  });

  it('leaves out a category that the taxonomy does not have', () => {
    const made = policy({ categories: { dice: { lists: ['dice'], announcedFrom: '1970-01-01' } } });
    expect([...made.categories.keys()]).to.deep.equal([]);
    expect(made.categoriesOf('dice')).to.deep.equal([]);
  });
});

describe('policy/canonical-json', () => {
  it('sorts keys at every depth and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).to.equal('{"a":null,"b":[{"d":1}]}');
  });
});

describe('policy/hours', () => {
  const cases: [string, [number, number] | null][] = [
    ['08:00-17:00', [480, 1020]],
    ['22:00 – 06:00', [1320, 360]],
    ['00:00-24:00', [0, 1440]],
    ['08:00-08:00', null],
    ['24:00-06:00', null],
    ['08:60-17:00', null],
    ['08:00-24:01', null],
    ['8-17', null],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text} as ${expected?.join(' to ') ?? 'none'}`, () => {
      const hours = parseHours(text);
      expect(hours === null ? null : [hours.startMinute, hours.endMinute]).to.deep.equal(expected);
    });
  }
});

describe('policy/canonical-site', () => {
  const cases: [string, string][] = [
    ['Casino.Example.', 'casino.example'],
    ['*.casino.example', 'casino.example'],
    ['vårdguiden.se', 'xn--vrdguiden-52a.se'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['https://casino.example/', ''],
    ['casino.example/slots', ''],
    ['casino.example:8080', ''],
    ['anna@casino.example', ''],
    ['', ''],
  ];
  for (const [raw, expected] of cases) {
    it(`reads ${JSON.stringify(raw)} as ${expected === '' ? 'no site' : expected}`, () => {
      expect(canonicalSite(raw)).to.equal(expected);
    });
  }
});
