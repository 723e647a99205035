import { expect } from 'chai';
import { defangText } from '../../src/url/defang-text.ts';

describe('defangText', () => {
  const cases: [string, string][] = [
    ['see http://casino.example/a.html, and more.', 'see hxxp://casino[.]example/a.html, and more.'],
    ['www.casino.example is a shop.', 'www[.]casino[.]example is a shop.'],
    ['(casino.example:443)', '(casino[.]example:443)'],
    ['“https://a.example”', '“hxxps://a[.]example”'],
    ['räksmörgås.example och a.example', 'räksmörgås[.]example och a[.]example'],
    ['Decision SN 2026/112, 3.5 hours, e.g. on leave.', 'Decision SN 2026/112, 3.5 hours, e.g. on leave.'],
    ['', ''],
  ];
  for (const [text, expected] of cases) {
    it(`makes ${JSON.stringify(text)} harmless`, () => expect(defangText(text)).to.equal(expected));
  }
});
