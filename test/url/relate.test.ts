import { expect } from 'chai';
import type { ReferrerRelation } from '../../src/model/finding.ts';
import { blankTarget, type Target } from '../../src/model/target.ts';
import { parseTarget } from '../../src/url/parse-target.ts';
import { relate } from '../../src/url/relate.ts';

const isProtected = (target: Target) =>
  target.host === 'union.example' || target.host.endsWith('.union.example');

describe('relate', () => {
  const table: [referrer: string | null, target: string, relation: ReferrerRelation][] = [
    [null, 'http://a.example/', 'notLogged'],
    ['', 'http://a.example/', 'none'],
    ['http://a.example/x', 'http://a.example/', 'same'],
    ['https://www.a.example/x', 'http://img.a.example/', 'same'],
    ['http://one.github.io/', 'http://two.github.io/', 'foreign'],
    ['http://b.example/', 'http://a.example/', 'foreign'],
    ['http://192.0.2.1/', 'http://192.0.2.1:8080/', 'same'],
    ['http://192.0.2.1/', 'http://192.0.2.2/', 'foreign'],
    ['android-app://com.some.app/', 'http://a.example/', 'foreign'],
    ['about:blank', 'http://a.example/', 'foreign'],
    ['no address', 'http://a.example/', 'foreign'],
    ['http://www.UNION.example./x', 'http://a.example/', 'protected'],
    ['https://union-example.translate.goog/', 'http://a.example/', 'protected'],
    ['https://www.google.se/url?q=https://union.example/', 'http://a.example/', 'protected'],
    ['http://union.example/', 'http://union.example/', 'protected'],
  ];
  for (const [referrer, url, relation] of table) {
    it(`§6.3 calls the referrer ${JSON.stringify(referrer)} of ${url} ${relation}`, () => {
      const target = blankTarget();
      parseTarget(url, 'GET', target);
      expect(relate(referrer, target, isProtected)).to.equal(relation);
    });
  }
});
