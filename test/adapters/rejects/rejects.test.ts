import { expect } from 'chai';
import { readRejectLines } from '../../../src/adapters/rejects/reject-lines.ts';
import { createRejects } from '../../../src/adapters/rejects/rejects.ts';
import { placeOfSealed } from '../../../src/adapters/rejects/sealed-name.ts';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import type { RejectedText } from '../../../src/ports/sealed-texts.ts';
import { aBatch } from '../../contract/store.ts';
import { createSealedMemory } from './sealed-memory.ts';

const stream = 'ab'.repeat(32);
const BASE = 'abababababababab';

const line = (offset: number, text: string | null, more: Partial<RejectedText> = {}): RejectedText => ({
  ...{ stream, offset, code: 'fields' },
  text: text === null ? null : Uint8Array.from(Buffer.from(text, 'latin1')),
  ...more,
});

const make = (writers: 'one' | 'several' = 'one') => {
  const sealed = createSealedMemory();
  return { sealed, rejects: createRejects({ sealed, seal: async plain => plain, writers }) };
};

describe('rejected lines under seal', () => {
  it('§6.4 are one sealed text per transaction: what is text as text, other bytes as base64, what was dropped not at all', async () => {
    const { sealed, rejects } = make();
    const lines = [line(1, null), line(7, 'räv'), line(20, 'plain', { code: 'status' })];
    expect(await rejects.seal(lines, { rejectedMs: 5 })).to.deep.equal([
      { stream, code: 'fields', count: 1, firstOffset: 1, file: null, rejectedMs: 5 },
      { stream, code: 'fields', count: 1, firstOffset: 7, file: `${BASE}-7.age`, rejectedMs: 5 },
      { stream, code: 'status', count: 1, firstOffset: 20, file: `${BASE}-7.age`, rejectedMs: 5 },
    ]);
    const rows = new TextDecoder()
      .decode(sealed.texts.get(`${BASE}-7.age`))
      .trim()
      .split('\n');
    expect(rows.map(row => JSON.parse(row))).to.deep.equal([
      { stream, offset: 7, code: 'fields', base64: Buffer.from('räv', 'latin1').toString('base64') },
      { stream, offset: 20, code: 'status', text: 'plain' },
    ]);
    expect(await rejects.seal([line(1, null)], { rejectedMs: 5 })).to.have.length(1);
    expect(sealed.texts.size).to.equal(1);
  });

  it('come back as they were, with all that was known of them', async () => {
    const { sealed, rejects } = make();
    const origin = { tenant: 'Bolaget', format: null, proxy: 'proxy-2' };
    const lines = [
      line(7, 'räv\r', { path: '/logs/access.log', format: 'squid' }),
      line(20, 'plain\u0000', { code: 'nul-bytes', origin }),
    ];
    await rejects.seal(lines, { rejectedMs: 5 });
    expect(readRejectLines(sealed.texts.get(`${BASE}-7.age`)!)).to.deep.equal(lines);
  });

  it('are told from what is something else', () => {
    const encode = (text: string) => new TextEncoder().encode(text);
    for (const text of [
      'no json',
      'null',
      '{"stream":"a"}',
      '{"stream":"a","offset":1.5,"code":"x","text":""}',
    ]) {
      expect(readRejectLines(encode(`${text}\n`)), text).to.equal(null);
    }
    expect(readRejectLines(Uint8Array.of(0xff))).to.equal(null);
    expect(readRejectLines(encode(''))).to.deep.equal([]);
  });

  it('count a stream, a code and a text together', async () => {
    const { rejects } = make();
    const other = { stream: 'cd'.repeat(32) };
    const rows = await rejects.seal([line(7, 'a'), line(9, 'b'), line(3, 'c', other)], { rejectedMs: 5 });
    expect(rows.map(row => [row.stream.slice(0, 2), row.count, row.firstOffset])).to.deep.equal([
      ['ab', 2, 7],
      ['cd', 1, 3],
    ]);
    expect(new Set(rows.map(row => row.file)).size).to.equal(1);
  });

  it('are the same text where a transaction of the only writer is done again, and cut otherwise', async () => {
    const { sealed, rejects } = make();
    await rejects.seal([line(7, 'a')], { rejectedMs: 5 });
    await rejects.seal([line(7, 'a'), line(9, 'b')], { rejectedMs: 5 });
    expect([...sealed.texts.keys()]).to.deep.equal([`${BASE}-7.age`]);
  });

  it('§9.4 of a worker that was taken over do not replace those of its successor, unless they are the same lines', async () => {
    const { sealed, rejects } = make('several');
    const seal = async (...lines: RejectedText[]) => (await rejects.seal(lines, { rejectedMs: 5 }))[0]!.file!;
    const successor = await seal(line(7, 'a'), line(9, 'b'));
    expect(await seal(line(7, 'a'))).to.not.equal(successor);
    expect(await seal(line(7, 'a'), line(9, 'b', { code: 'status' }))).to.not.equal(successor);
    expect(await seal(line(7, 'a'), line(8, null), line(9, 'b'))).to.equal(successor);
    expect(sealed.texts.size).to.equal(3);
    for (const name of sealed.texts.keys()) {
      expect(placeOfSealed(name)).to.deep.equal({ base: `${BASE}-7`, reading: 1 });
    }
  });

  it('of a retry get a name of their own, and keep the time at which they were first rejected', async () => {
    for (const writers of ['one', 'several'] as const) {
      const { rejects } = make(writers);
      let retryOf = (await rejects.seal([line(7, 'a'), line(9, 'b')], { rejectedMs: 5 }))[0]!.file!;
      for (const reading of [2, 3, 4]) {
        const [row] = await rejects.seal([line(9, 'b')], { rejectedMs: 5, retryOf });
        expect(placeOfSealed(row!.file!)).to.deep.equal({ base: `${BASE}-7`, reading });
        expect(row!.rejectedMs).to.equal(5);
        retryOf = row!.file!;
      }
    }
  });

  it('§6.4 are swept once they are old: with what is known of them, and where nothing names them', async () => {
    const { sealed, rejects } = make();
    const store = createMemoryStore();
    const old = await rejects.seal([line(1, 'a')], { rejectedMs: 1_000 });
    const named = await rejects.seal([line(2, 'b')], { rejectedMs: 9_000 });
    await rejects.seal([line(3, 'c')], { rejectedMs: 1_000 });
    await store.write(aBatch({ rejects: [...old, ...named] }));
    for (const name of sealed.texts.keys()) sealed.writtenMs.set(name, 1_000);
    sealed.nowMs = 9_000;
    await rejects.seal([line(4, 'd')], { rejectedMs: 9_000 });
    await rejects.sweep(store, 5_000);
    expect([...sealed.texts.keys()]).to.deep.equal([`${BASE}-2.age`, `${BASE}-4.age`]);
    expect(await store.rejects()).to.deep.equal(named);
  });
});
