import { expect } from 'chai';
import { createStoredText } from '../../src/finding/stored-text.ts';

describe('a text of a source', () => {
  const storedText = createStoredText(['anna.berg', 'bo']);

  it('is kept where it names nobody of the directory', () => {
    expect(storedText('/var/log/squid/access.log')).to.equal('/var/log/squid/access.log');
    expect(storedText('boden-proxy')).to.equal('boden-proxy');
  });

  it('§3.6 is dropped where it names somebody, for every record and each time it is asked', () => {
    for (const text of ['/home/Anna.Berg/access.log', 'pc-bo', '%61nna.berg']) {
      expect([storedText(text), storedText(text)], text).to.deep.equal([null, null]);
    }
  });

  it('gives the same answers after its memory was full and was dropped', () => {
    for (let n = 0; n < 5_000; n++) expect(storedText(`proxy-${n}`)).to.equal(`proxy-${n}`);
    expect(storedText('pc-bo')).to.equal(null);
  });
});
