import { expect } from 'chai';
import fc from 'fast-check';
import { buildFinding } from '../../src/finding/build.ts';
import { observerName } from '../../src/finding/observer-name.ts';
import { secretsOf } from '../../src/finding/secrets.ts';
import type { Finding } from '../../src/model/finding.ts';
import { blankRecord } from '../../src/model/record.ts';
import { subject, target } from '../policy/support.ts';

const holdsProtected = (text: string) => text.includes('halsa.example');
const rules = { holdsProtected, secrets: secretsOf(['anna.berg'], ['192.0.2.7']) };
const keep = (told: string | null) => observerName(told, rules);

describe('the name of a proxy', () => {
  it('is kept as it was told, trimmed and in the form in which queries are written', () => {
    expect(keep('proxy-1')).to.equal('proxy-1');
    expect(keep(' proxy-1\r\n')).to.equal('proxy-1');
    expect(keep('proxy-a\u030a')).to.equal('proxy-å');
    expect(keep('å'.repeat(256))).to.equal('å'.repeat(256));
  });

  it('is null where nothing, too much or what does not print was told', () => {
    for (const told of [
      null,
      '',
      ' \n',
      'x'.repeat(257),
      'a\u0007b',
      'a\u001b[31m',
      'a\u202eb',
      'a\u2028b',
    ]) {
      expect(keep(told), JSON.stringify(told)).to.equal(null);
    }
  });

  it('§3.6 §6.2 is dropped where it names the person, the address or a protected site', () => {
    for (const told of ['pc-Anna.Berg', '%61nna.berg', 'at-192.0.2.7', 'proxy.halsa.example']) {
      expect(keep(told), told).to.equal(null);
    }
  });

  it('never holds a sign that a terminal or a log would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), told => {
        expect(keep(told) ?? '').to.not.match(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a finding', () => {
  const build = (observer: string | null): Finding =>
    buildFinding({
      ...{ id: '0', recordId: '1', stream: 's', offset: 0, path: 'access.log', ingestedMs: 0 },
      observer,
      record: { ...blankRecord(), user: 'anna.berg', client: '192.0.2.7' },
      subject: subject({ name: 'anna.berg' }),
      ...{ subjectId: 'u', clientId: 'c' },
      match: {
        ...{ list: 'casino', version: 'v', entry: 'casino.example', file: 'domains', line: 1 },
        ...{ matchedBy: 'host', target: target('casino.example'), via: null },
      },
      judgement: {
        ...{ category: 'gambling', class: 'questionable', statutes: [] },
        ...{ verdict: 'examine', exemptions: [], otherExemptions: [] },
      },
      referrer: 'none',
      versions: { lists: null, policy: null, directory: null },
      siteOf: host => host,
      holdsProtected,
    });

  it('§3.6 §6.2 tells which proxy it was, unless the name tells more', () => {
    expect(build('proxy-1').observerName).to.equal('proxy-1');
    expect(build('anna.berg-pc').observerName).to.equal(null);
    expect(build('halsa.example').observerName).to.equal(null);
    expect(build(null).observerName).to.equal(null);
  });
});
