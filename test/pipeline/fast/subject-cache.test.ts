import { expect } from 'chai';
import fc from 'fast-check';
import { LINE } from '../../../src/pipeline/fast/line.ts';
import {
  createSubjectCache,
  type SlotAnswer,
  type SubjectCache,
} from '../../../src/pipeline/fast/subject-cache.ts';

/** Asks the cache about a user and a client that stand in a line as they do in a log. */
function ask(
  cache: SubjectCache,
  user: string,
  client: string,
  at: { startMs: number; hash: number },
): number {
  const bytes = new TextEncoder().encode(`${client} url ${user} xxxxxxxx`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batch = new Int32Array(LINE.stride);
  batch[LINE.clientEnd] = client.length;
  batch[LINE.urlEnd] = client.length + 4;
  batch[LINE.userEnd] = client.length + 5 + user.length;
  batch[LINE.userHash] = at.hash;
  return cache.find({ bytes, view, batch }, 0, at.startMs);
}

function slotOf(user: string, client: string, startMs: number): SlotAnswer {
  const name = user === '' ? client : user;
  const fromMs = Math.floor(startMs / 1000) * 1000;
  return {
    slot: name === 'gone' ? -1 : (name.length * 7 + fromMs / 1000) % 50,
    named: user !== '' && user !== 'nobody',
    fromMs,
    toMs: fromMs + 1000,
  };
}

function expected(user: string, client: string, startMs: number): number {
  const { slot, named } = slotOf(user === '-' ? '' : user, client, startMs);
  return slot < 0 || (user !== '-' && !named) ? -1 : slot * 2 + Number(named);
}

describe('the subject cache', () => {
  it('answers as the resolver does, for every key, time and collision of hashes', () => {
    const field = fc.oneof(fc.stringMatching(/^[a-b.]{1,40}$/), fc.constantFrom('gone', 'nobody', 'a', 'ab'));
    const user = fc.oneof(field, fc.constant('-'));
    fc.assert(
      fc.property(fc.array(fc.tuple(user, field, fc.nat(3000)), { maxLength: 60 }), questions => {
        const cache = createSubjectCache(slotOf, false);
        for (const [name, client, startMs] of questions) {
          const at = { startMs, hash: name.length & 1 };
          expect(ask(cache, name, client, at)).to.equal(expected(name, client, startMs));
        }
      }),
    );
  });

  it('asks the resolver once for a key and interval', () => {
    let asked = 0;
    const cache = createSubjectCache((...question) => {
      asked++;
      return slotOf(...question);
    }, false);
    for (let i = 0; i < 5; i++) ask(cache, 'anna', `10.0.0.${i}`, { startMs: 1000 + i, hash: 5 });
    expect(asked).to.equal(1);
    ask(cache, 'anna', '10.0.0.1', { startMs: 2000, hash: 5 });
    ask(cache, 'anna', '10.0.0.1', { startMs: 1999, hash: 5 });
    expect(asked).to.equal(3);
    for (let i = 0; i < 5; i++) ask(cache, '-', `10.0.0.${i}`, { startMs: 1000, hash: 6 });
    expect(asked).to.equal(8);
  });

  it('keeps users of several clients apart where clients matter', () => {
    const cache = createSubjectCache(
      (_user, client) => ({ slot: client.length, named: true, fromMs: 0, toMs: 9 }),
      true,
    );
    for (const client of ['10.0.0.1', '10.0.0.10', '10.0.0.1']) {
      expect(ask(cache, 'anna', client, { startMs: 1, hash: 1 })).to.equal(2 * client.length + 1);
    }
  });

  it('leaves a name that is not plain ASCII, or too long, to the exact path', () => {
    const cache = createSubjectCache(slotOf, false);
    expect(ask(cache, 'a\u007fb', '10.0.0.1', { startMs: 1, hash: 1 })).to.equal(-1);
    expect(ask(cache, 'a'.repeat(300), '10.0.0.1', { startMs: 1, hash: 1 })).to.be.lessThan(0);
    expect(ask(cache, 'a'.repeat(200), '10.0.0.1', { startMs: 1, hash: 1 })).to.be.greaterThan(0);
  });
});
