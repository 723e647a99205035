import { expect } from 'chai';
import { blankRecord, type LogRecord } from '../../src/model/record.ts';
import { exemption, subject } from '../policy/support.ts';
import { AT_MS, aJudge, aPolicy, type BenchOptions } from './support.ts';

function record(over: Partial<LogRecord> = {}): LogRecord {
  const at = { stampMs: AT_MS, startMs: AT_MS, endMs: AT_MS };
  const request = {
    client: '192.0.2.1',
    user: 'anna',
    method: 'GET',
    url: 'http://casino.example/',
    status: 200,
  };
  return { ...blankRecord(), ...at, ...request, outcome: 'success', ...over };
}

const kindOf = (over: Partial<LogRecord>, options: BenchOptions = {}) =>
  aJudge(options).judge(record(over)).kind;

describe('the judge of a record', () => {
  it('§2.0 asks in this order: too old, challenge, protected, unreviewed, flagged', () => {
    const retention = { findings: { days: 30, decision: 'KS 1' } };
    const strict = { policy: aPolicy({ retention }) };
    const worst = { isAuthChallenge: true, status: 407, url: 'http://halsa.example/', user: 'elected' };
    expect(kindOf({ ...worst }, strict)).to.equal('tooOld');
    expect(kindOf({ ...worst })).to.equal('authChallenge');
    expect(kindOf({ url: 'http://halsa.example/', user: 'elected' })).to.equal('protected');
    expect(kindOf({ user: 'elected' })).to.equal('unreviewed');
    expect(kindOf({})).to.equal('flagged');
    expect(kindOf({ url: 'http://nothing.example/', user: 'elected' })).to.equal('clear');
  });

  it('§1.1 goes by the start of the request, not by its stamp', () => {
    const options = { policy: aPolicy({ retention: { findings: { days: 30, decision: 'KS 1' } } }) };
    const recent = Date.parse('2026-11-20T08:00:00Z');
    expect(kindOf({ stampMs: recent, endMs: recent, startMs: AT_MS }, options)).to.equal('tooOld');
    expect(kindOf({ stampMs: recent, endMs: recent, startMs: recent }, options)).to.equal('flagged');
  });

  it('§3.5 counts as too old what falls into an epoch whose key was destroyed, whatever else it is', () => {
    const options = { isEpochOpen: (startMs: number) => startMs !== AT_MS };
    expect(kindOf({}, options)).to.equal('tooOld');
    expect(kindOf({ url: 'http://nothing.example/' }, options)).to.equal('tooOld');
    expect(kindOf({ startMs: AT_MS + 1 }, options)).to.equal('flagged');
  });

  it('§2.3 takes the name of a challenge for nobody’s', () => {
    const { subject } = aJudge().judge(record({ isAuthChallenge: true, user: 'anna' }));
    expect(subject).to.deep.include({ kind: 'client', name: '192.0.2.1' });
  });

  it('§2.3 names nobody by a challenge, not even where a lease would', () => {
    const resolve = () => subject({ kind: 'user', confidence: 'lease', name: 'anna', client: '192.0.2.1' });
    const judged = aJudge({ resolve }).judge(record({ isAuthChallenge: true, user: '' }));
    expect(judged.kind).to.equal('authChallenge');
    expect(judged.subject).to.deep.include({
      kind: 'client',
      confidence: 'none',
      name: '192.0.2.1',
      roles: [],
    });
  });

  it('§6.2 lets a protected site win, as the target or wrapped in a flagged one', () => {
    for (const url of [
      'http://www.halsa.example/x',
      'http://xn--rddning-5wa.example/',
      'http://web.archive.org/web/2020/http://halsa.example/',
      'http://casino.example/?u=1'
        .replace('casino.example/', 'translate.google.com/translate')
        .replace('u=1', 'u=http://halsa.example/'),
    ]) {
      const judged = aJudge().judge(record({ url }));
      expect(judged.kind, url).to.equal('protected');
      expect(judged.matches).to.deep.equal([]);
    }
    expect(kindOf({ method: 'CONNECT', url: 'halsa.example:443', isTunnel: true })).to.equal('protected');
  });

  it('§4.3 finds all categories of a target, and puts the closest match of each first', () => {
    const { categories } = aJudge().judge(record({ url: 'http://x.live.casino.example/' }));
    expect([...categories.keys()]).to.deep.equal(['gambling']);
    expect(categories.get('gambling')!.map(match => match.entry)).to.deep.equal([
      'live.casino.example',
      'casino.example',
    ]);
    const wrapped = aJudge().judge(record({ url: 'http://web.archive.org/web/2020/http://mixed.example/' }));
    expect([...wrapped.categories.keys()].sort()).to.deep.equal(['drugs', 'weapons']);
    expect(wrapped.categories.get('weapons')![0]!.via).to.equal('archive');
  });

  it('§5.5 judges each category by itself: an exemption for one is a fact on the other', () => {
    const policy = aPolicy({ exemptions: [exemption({ categories: ['drugs'] })] });
    const later = Date.parse('2026-10-20T08:00:00Z');
    const { decision } = aJudge({ policy }).judge(record({ url: 'http://mixed.example/', startMs: later }));
    const byCategory = new Map(decision!.judgements.map(judgement => [judgement.category, judgement]));
    expect(byCategory.get('drugs')).to.deep.include({ verdict: 'exempt', exemptions: ['E-1'] });
    expect(byCategory.get('weapons')).to.deep.include({ verdict: 'examine', otherExemptions: ['E-1'] });
  });

  it('§5.6 gives no judgement for a category that was not announced by then', () => {
    const { kind, decision } = aJudge().judge(record({ url: 'http://mixed.example/' }));
    expect(kind).to.equal('flagged');
    expect(decision!.unannounced).to.deep.equal(['drugs']);
    expect(decision!.judgements.map(judgement => judgement.category)).to.deep.equal(['weapons']);
  });
});
