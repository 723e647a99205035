import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect } from 'chai';
import { compileFolders } from '../../../src/adapters/lists/compile-folders.ts';
import { loadImageFile } from '../../../src/adapters/lists/image-file.ts';
import { type ListsDeps, runListsCompile, runListsInfo } from '../../../src/cli/commands/lists.ts';
import { runLookup } from '../../../src/cli/commands/lookup.ts';
import type { Io } from '../../../src/cli/io.ts';
import { GranskaError } from '../../../src/errors.ts';

const deps: ListsDeps = {
  compileLists: (paths, out, overridesDir) => compileFolders(paths, { out, overridesDir }),
  loadImage: loadImageFile,
};

interface Captured extends Io {
  out(): string;
  err(): string;
}

function captured(input: readonly (string | Uint8Array)[] = []): Captured {
  const texts = { out: [] as Buffer[], err: [] as Buffer[] };
  const into = (parts: Buffer[]) =>
    new Writable({
      write(chunk: Buffer, _, done) {
        parts.push(Buffer.from(chunk));
        setImmediate(done);
      },
    });
  return {
    stdin: Readable.from(input.map(part => Buffer.from(part))),
    stdout: into(texts.out),
    stderr: into(texts.err),
    isTerminal: false,
    isErrorTerminal: false,
    columns: 80,
    out: () => Buffer.concat(texts.out).toString('utf8'),
    err: () => Buffer.concat(texts.err).toString('utf8'),
  };
}

describe('the commands lists and lookup', () => {
  let root: string;
  let image: string;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'granska-lookup-'));
    image = join(root, 'lists.image');
    for (const [list, text] of [
      ['gambling', 'casino.example\nco.uk\nPoker.example\n'],
      ['proxies', 'casino.example\n'],
    ] as const) {
      mkdirSync(join(root, 'lists', list), { recursive: true });
      writeFileSync(join(root, 'lists', list, 'domains'), text);
    }
    writeFileSync(join(root, 'lists', 'gambling', 'licence.txt'), 'licence: CC0-1.0\n');
    await runListsCompile({ paths: [join(root, 'lists')], out: image, json: false }, deps, captured());
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  function options() {
    return { image: loadImageFile(image), listNames: null, categoriesOf: null };
  }

  async function look(
    input: readonly (string | Uint8Array)[],
    inputs: string[] = [],
    json = false,
  ): Promise<string> {
    const io = captured(input);
    expect(await runLookup({ inputs, json }, options(), io)).to.equal(0);
    io.stdout.end();
    await finished(io.stdout);
    expect(io.err()).to.equal('');
    return io.out();
  }

  it('says what the installation itself has changed in a list (§4.3)', async () => {
    const overrides = join(root, 'overrides');
    mkdirSync(overrides, { recursive: true });
    writeFileSync(join(overrides, 'remove'), 'gambling,casino.example   # case 1\n');
    writeFileSync(join(overrides, 'never'), 'proxies,a.example\nproxies,b.example\n');
    const out = join(root, 'corrected.image');
    await runListsCompile({ paths: [join(root, 'lists')], out, overrides, json: false }, deps, captured());
    const io = captured();
    await runListsInfo({ image: out, json: false }, deps, io);
    expect(io.out()).to.contain('gambling: own overrides: 1 entry removed\n');
    expect(io.out()).to.contain('proxies: own overrides: 2 hosts never matched\n');
  });

  it('say on stderr what was compiled, what was refused and where', async () => {
    const io = captured();
    expect(
      await runListsCompile({ paths: [join(root, 'lists')], out: image, json: false }, deps, io),
    ).to.equal(0);
    expect(io.out()).to.equal('');
    expect(io.err()).to.contain('2 lists, 2 entries');
    expect(io.err()).to.contain('gambling: refused 1, a bare public suffix');
    expect(io.err()).to.contain('gambling/domains, line 2');
    expect(io.err()).to.contain('gambling: cleaned 1, upper case');
  });

  it('say the same of an image, as text and as JSON', async () => {
    const text = captured();
    expect(await runListsInfo({ image, json: false }, deps, text)).to.equal(0);
    expect(text.out()).to.match(/^ {2}gambling {2}[0-9a-f]{12} {2}CC0-1\.0 {2} +2/m);
    const json = captured();
    await runListsInfo({ image, json: true }, deps, json);
    const parsed = JSON.parse(json.out());
    expect(parsed.schema).to.equal('granska.lists/1');
    expect(parsed.entries).to.equal(2);
    expect(parsed.lists.map(({ name }: { name: string }) => name)).to.deep.equal(['gambling', 'proxies']);
    const compiled = captured();
    await runListsCompile({ paths: [join(root, 'lists')], out: image, json: true }, deps, compiled);
    expect(JSON.parse(compiled.out())).to.deep.equal(parsed);
  });

  it('ask for a folder of lists', async () => {
    const error = await runListsCompile({ paths: [], out: image, json: false }, deps, captured()).catch(
      e => e,
    );
    expect(error).to.be.instanceOf(GranskaError);
    expect(error.code).to.equal('USAGE');
  });

  it('answer each line of stdin with the line, a tab, and its categories', async () => {
    const input =
      'http://casino.example/x\nother.example\n\nPOKER.example:443\r\nåäö.example\nlast.casino.example';
    const expected =
      'http://casino.example/x\tgambling,proxies\nother.example\t-\n\t-\nPOKER.example:443\tgambling\nåäö.example\t-\nlast.casino.example\tgambling,proxies\n';
    expect(await look([input])).to.equal(expected);
    // Cut anywhere, the answers are the same.
    const bytes = Buffer.from(input);
    for (const size of [1, 2, 7, 16]) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(await look(parts), String(size)).to.equal(expected);
    }
  });

  it('answer arguments in their order, `-` standing for stdin', async () => {
    expect(await look(['b.example\n'], ['casino.example', '-', 'c.example'])).to.equal(
      'casino.example\tgambling,proxies\nb.example\t-\nc.example\t-\n',
    );
    expect(await look(['unread\n'], ['a.example'])).to.equal('a.example\t-\n');
  });

  it('echo a line of any bytes as it is', async () => {
    const io = captured([Buffer.from('http://r\xe4v.example/\nb.example\n', 'latin1')]);
    const parts: Buffer[] = [];
    io.stdout = new Writable({
      write(chunk: Buffer, _, done) {
        parts.push(Buffer.from(chunk));
        done();
      },
    });
    await runLookup({ inputs: [], json: false }, options(), io);
    expect(Buffer.concat(parts).toString('latin1')).to.equal('http://r\xe4v.example/\t-\nb.example\t-\n');
  });

  it('answer as JSON with list, version, entry, file, line and via', async () => {
    const [line, other] = (await look(['casino-example.translate.goog\nb.example\n'], [], true))
      .trim()
      .split('\n');
    const parsed = JSON.parse(line!);
    expect(parsed).to.not.have.property('schema');
    expect(parsed.host).to.equal('casino-example.translate.goog');
    expect(parsed.categories).to.deep.equal(['gambling', 'proxies']);
    const version = loadImageFile(image).lists[0]!.version;
    expect(parsed.matches[0]).to.deep.equal({
      list: 'gambling',
      version,
      entry: 'casino.example',
      file: 'domains',
      line: 1,
      via: 'translate',
      matchedBy: 'host',
    });
    expect(JSON.parse(other!)).to.deep.equal({
      input: 'b.example',
      host: 'b.example',
      categories: [],
      matches: [],
    });
  });

  it('name the category of each match where lists are mapped', async () => {
    const io = captured();
    const mapped = { ...options(), categoriesOf: (list: string) => [`${list}-category`] };
    await runLookup({ inputs: ['casino.example'], json: true }, mapped, io);
    io.stdout.end();
    await finished(io.stdout);
    const { categories, matches } = JSON.parse(io.out());
    expect(categories).to.deep.equal(['gambling-category', 'proxies-category']);
    expect(matches[0].category).to.equal('gambling-category');
  });

  it('answer very many lines, and wait for a slow reader', async () => {
    const lines = Array.from({ length: 60_000 }, (_, n) => `https://www.site${n}.example/path/${n}`);
    const out = await look([`${lines.join('\n')}\n`]);
    expect(out).to.equal(lines.map(line => `${line}\t-\n`).join(''));
  });

  it('stop quietly when the reader is gone', async () => {
    const io = captured();
    io.stdin = Readable.from(
      (function* () {
        for (;;) yield Buffer.from('a.example\n'.repeat(1000));
      })(),
    );
    const out = new PassThrough();
    out.once('data', () => out.destroy(new Error('EPIPE')));
    io.stdout = out;
    expect(await runLookup({ inputs: ['-', 'b.example'], json: false }, options(), io)).to.equal(0);
  });

  it('refuse a line without end', async () => {
    const io = captured(['ok.example\n', ...Array.from({ length: 20 }, () => 'x'.repeat(65_536))]);
    const error = await runLookup({ inputs: [], json: false }, options(), io).catch(e => e);
    expect(error.code).to.equal('USAGE');
    expect(error.message).to.contain('Line 2');
  });
});
