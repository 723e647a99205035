import { expect } from 'chai';
import { factsOf } from '../../src/finding/facts.ts';
import { blankRecord, type LogRecord } from '../../src/model/record.ts';

const record = (over: Partial<LogRecord>): LogRecord => ({
  ...blankRecord(),
  method: 'GET',
  status: 200,
  mime: 'text/html',
  ...over,
});
const documentOf = (over: Partial<LogRecord>) => factsOf(record(over), 'host').document;
const agentOf = (userAgent: string | null) => factsOf(record({ userAgent }), 'host').agent;

describe('§7.3 the facts of a finding', () => {
  it('say that a page was shown: HTML that came, by GET or POST', () => {
    expect(documentOf({})).to.equal(true);
    expect(documentOf({ method: 'POST', mime: 'text/html; charset=utf-8' })).to.equal(true);
    expect(documentOf({ mime: 'APPLICATION/XHTML+XML', status: 206 })).to.equal(true);
    expect(documentOf({ status: 304 })).to.equal(true);
  });

  it('say that none was: another type, another method, a failure, a denial', () => {
    expect(documentOf({ mime: 'image/gif' })).to.equal(false);
    expect(documentOf({ method: 'HEAD' })).to.equal(false);
    expect(documentOf({ status: 404 })).to.equal(false);
    expect(documentOf({ status: 302 })).to.equal(false);
    expect(documentOf({ access: 'denied', status: 403 })).to.equal(false);
  });

  it('leave open what the log cannot tell', () => {
    expect(documentOf({ isTunnel: true, method: 'CONNECT' })).to.equal(null);
    expect(documentOf({ mime: null })).to.equal(null);
    expect(documentOf({ mime: null, status: 304 })).to.equal(null);
    expect(documentOf({ status: 0 })).to.equal(null);
  });

  it('tell browsers from programs that fetch by themselves', () => {
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0';
    expect(agentOf(firefox)).to.equal('browser');
    for (const agent of [
      'Microsoft-CryptoAPI/10.0',
      'curl/8.5',
      'Googlebot/2.1',
      'Mozilla/5.0 (compatible; bingbot)',
    ]) {
      expect(agentOf(agent), agent).to.equal('background');
    }
    expect(agentOf('SomeApp/1')).to.equal('other');
    expect(agentOf('')).to.equal('none');
    expect(agentOf(null)).to.equal('notLogged');
  });

  it('say whether it was a tunnel, and by what it matched', () => {
    expect(factsOf(record({ isTunnel: true }), 'url')).to.deep.include({ tunnel: true, matchedBy: 'url' });
  });
});
