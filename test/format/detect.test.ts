import { expect } from 'chai';
import { DETECT_LINES, detect } from '../../src/format/detect.ts';
import { bytesOf } from './support.ts';

const SQUID =
  '1795563829.595      3 192.0.2.7 TCP_MISS/200 275 GET http://a.example/ok anna HIER_DIRECT/192.0.2.80 text/html\n';
const COMMON =
  '192.0.2.7 - anna [24/Nov/2026:23:43:49 +0000] "GET http://a.example/ HTTP/1.1" 200 275 TCP_MISS:HIER_DIRECT\n';
const COMBINED =
  '192.0.2.7 - anna [24/Nov/2026:23:43:49 +0000] "GET http://a.example/ HTTP/1.1" 200 275 "-" "curl" TCP_MISS:HIER_DIRECT\n';
const GUARD =
  '2026-02-14 00:00:24 [26] Request(default/gambling/-) a.example:443 192.0.2.1/- - CONNECT REDIRECT\n';

function detectText(text: string) {
  const bytes = bytesOf(text);
  return detect(bytes, 0, bytes.length);
}

describe('format/detect', () => {
  for (const [name, line] of [
    ['squid', SQUID],
    ['common', COMMON],
    ['combined', COMBINED],
  ] as const) {
    it(`is sure of ${name}`, () => {
      const found = detectText(line.repeat(5));
      expect(found.format.name).to.equal(name);
      expect([found.confidence, found.sure, found.lines]).to.deep.equal([1, true, 5]);
      const others = Object.entries(found.scores).filter(([other]) => other !== name);
      expect(others.map(([, score]) => score)).to.deep.equal([0, 0]);
    });
  }

  it('takes a file of squidGuard and Squid lines for squid, and does not count the others', () => {
    const found = detectText(`${GUARD.repeat(8)}\n# comment\n${SQUID}`);
    expect([found.format.name, found.sure, found.lines]).to.deep.equal(['squid', true, 1]);
  });

  it('falls back on squid, not sure, where nothing fits', () => {
    for (const text of ['hello\nworld\n', '', '\n\n', GUARD]) {
      const found = detectText(text);
      expect([found.format.name, found.sure, found.confidence]).to.deep.equal(['squid', false, 0]);
    }
  });

  it('is not sure where a fifth or more of the lines do not fit', () => {
    expect(detectText(`${COMMON.repeat(3)}x\n`).sure).to.equal(false);
    expect(detectText(`${COMMON.repeat(8)}x\n`).sure).to.equal(true);
  });

  it('is not sure where two formats fit equally', () => {
    const found = detectText(COMMON + COMBINED);
    expect([found.sure, found.confidence]).to.deep.equal([false, 0.5]);
  });

  it('looks at the first lines only', () => {
    const found = detectText(COMMON.repeat(DETECT_LINES) + COMBINED.repeat(1_000));
    expect([found.format.name, found.lines]).to.deep.equal(['common', DETECT_LINES]);
  });

  it('leaves a last line without line feed out, unless it is the only one', () => {
    expect(detectText(SQUID + SQUID.slice(0, 30)).confidence).to.equal(1);
    expect(detectText(SQUID.trimEnd()).sure).to.equal(true);
  });

  it('stays inside its range', () => {
    const bytes = bytesOf(COMBINED + SQUID);
    expect(detect(bytes, bytesOf(COMBINED).length, bytes.length).format.name).to.equal('squid');
    expect(detect(bytes, 0, bytesOf(COMBINED).length).format.name).to.equal('combined');
  });
});
