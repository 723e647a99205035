import { expect } from 'chai';
import fc from 'fast-check';
import { configSchemas, documentConfig } from '../../src/config/document.ts';
import { listNames } from '../../src/config/list-names.ts';
import { locateConfig, locateFolders, shownPath } from '../../src/config/locate.ts';
import { formatProblems, hasErrors, type Problem, sortProblems } from '../../src/config/problem.ts';
import { keyText, readYaml } from '../../src/config/yaml-file.ts';
import { makeFolder, removeFolders, VALID } from './support.ts';

const yaml = (text: string) => readYaml(new TextEncoder().encode(text), 'x.yaml');

describe('config/problem', () => {
  const problem = (over: Partial<Problem>): Problem => ({
    file: 'a.yaml',
    line: 2,
    column: 3,
    key: 'k',
    message: 'is wrong',
    hint: '',
    severity: 'error',
    ...over,
  });

  it('sorts by file and place and writes each on a line', () => {
    const list = [
      problem({ file: 'b.yaml', line: 0, key: '' }),
      problem({ line: 10 }),
      problem({ hint: 'do that' }),
    ];
    expect(formatProblems(list)).to.equal(
      [
        'a.yaml:2:3: error: k: is wrong (do that)',
        'a.yaml:10:3: error: k: is wrong',
        'b.yaml: error: is wrong',
      ].join('\n'),
    );
    expect(sortProblems(list).map(item => item.line)).to.deep.equal([2, 10, 0]);
  });

  it('tells errors from warnings', () => {
    expect(hasErrors([problem({ severity: 'warning' })])).to.equal(false);
    expect(hasErrors([problem({ severity: 'warning' }), problem({})])).to.equal(true);
  });
});

describe('config/yaml-file', () => {
  it('keeps dates and clock times as texts', () => {
    expect(yaml('a: 2026-01-01\nb: 08:00-17:00\nc: no\n').data).to.deep.equal({
      a: '2026-01-01',
      b: '08:00-17:00',
      c: 'no',
    });
  });

  it('knows the place of keys and values at any depth', () => {
    const file = yaml('a:\n  - b: 1\n    c: [x, yy]\nd:\n');
    expect(file.placeOf(['a', 0, 'c', 1])).to.deep.equal({ line: 3, column: 12 });
    expect(file.keyPlaceOf(['a', 0, 'c'])).to.deep.equal({ line: 3, column: 5 });
    expect(file.placeOf(['d'])).to.deep.equal({ line: 4, column: 1 });
    expect(file.placeOf(['a', 0, 'none'])).to.deep.equal({ line: 2, column: 5 });
    expect(file.placeOf([])).to.deep.equal({ line: 1, column: 1 });
    expect(file.has(['a', 0, 'b'])).to.equal(true);
    expect(file.has(['a', 1])).to.equal(false);
  });

  it('writes paths as people do', () => {
    expect(keyText(['exemptions', 0, 'approvers', 1])).to.equal('exemptions[0].approvers[1]');
  });

  it('never throws and never repeats the text of a file, whatever it holds', () => {
    const line = fc.constantFrom(
      'a: 1',
      'secret: [',
      '- secret',
      '\tsecret',
      '"secret',
      '&a secret',
      '*secret',
      '!secret x',
      '? secret',
      '%secret',
      '---',
      '{secret',
      'a: b: secret',
      '@secret',
      '<<: *a',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), lines => {
        const { problems } = yaml(lines.join('\n'));
        for (const problem of problems) {
          expect(problem.message + problem.hint).to.not.contain('secret');
          expect(problem.line).to.be.within(1, lines.length + 1);
        }
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        expect(readYaml(bytes, 'x.yaml').name).to.equal('x.yaml');
      }),
    );
  });

  it('takes duplicates and bombs of aliases as mistakes', () => {
    expect(yaml('a: 1\na: 2\n').problems.map(item => [item.line, item.key])).to.deep.equal([[2, 'a']]);
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(', ')}]`)
      .join('\n')}\n`;
    expect(yaml(bomb).data).to.equal(null);
    expect(yaml(bomb).problems).to.have.length(1);
  });
});

describe('config/locate', () => {
  afterEach(removeFolders);

  it('takes flag, then environment, then the shipped configuration, and a folder for the file in it', () => {
    const dir = makeFolder(VALID);
    const at = (flag: string | undefined, env: string | undefined) =>
      locateConfig({ flags: { config: flag }, env: { GRANSKA_CONFIG: env }, cwd: dir, packageRoot: '/pkg' });
    expect(at('.', 'x.yaml')).to.equal(`${dir}/granska.yaml`);
    expect(at('own.yaml', 'x.yaml')).to.equal(`${dir}/own.yaml`);
    expect(at(undefined, 'x.yaml')).to.equal(`${dir}/x.yaml`);
    expect(at('', '')).to.equal('/pkg/config');
  });

  it('takes flag, then environment, then file, then the working directory for data and keys', () => {
    const at = (dataDir: string | undefined, env: string | undefined, data: string | undefined) =>
      locateFolders(
        { flags: { dataDir }, env: { GRANSKA_DATA_DIR: env }, cwd: '/here', packageRoot: '/pkg' },
        { root: '/etc/granska', data, keys: undefined },
      );
    expect(at('f', 'e', 'd').dataDir).to.equal('/here/f');
    expect(at(undefined, 'e', 'd').dataDir).to.equal('/here/e');
    expect(at(undefined, undefined, 'd').dataDir).to.equal('/etc/granska/d');
    expect(at(undefined, undefined, undefined)).to.deep.equal({
      dataDir: '/here/data',
      keysDir: '/here/keys',
    });
  });

  it('shows a path as short as it is clear', () => {
    expect(shownPath('/here/config/policy.yaml', '/here')).to.equal('config/policy.yaml');
    expect(shownPath('/etc/granska/policy.yaml', '/here')).to.equal('/etc/granska/policy.yaml');
  });
});

describe('config/list-names', () => {
  afterEach(removeFolders);

  it('names the folders of lists, and a folder that is a list itself', () => {
    const dir = makeFolder({
      ...VALID,
      'lists/.hidden/domains': '',
      'lists/taxonomy.yaml': '',
      'lists/own.txt': '',
      'lists/README.txt': '',
      'lists/docs/licence.txt': '',
      'lists/ads/ads.hosts': '',
    });
    expect(listNames([`${dir}/lists`, `${dir}/lists/casino`, `${dir}/none`])).to.deep.equal([
      'ads',
      'casino',
      'own',
      'protected',
      'weapons',
    ]);
  });
});

describe('config/document', () => {
  it('documents every key of every file', () => {
    const text = documentConfig();
    for (const key of [
      'rejects.keepDays',
      'store.kind',
      'store.passwordFile',
      'sources[].paths',
      'sources[].sasl.mechanism',
      'run.parseRate.lines',
      'exemptions[].validThrough',
      'tests[].expect.verdict',
      'categories.NAME.statutes[].act.sv',
    ]) {
      expect(text).to.contain(`| \`${key}\` |`);
    }
    expect(text).to.not.match(/undefined|\[object/);
    expect(text).to.contain('| `store.kind` | `sqlite`, `elasticsearch` | `sqlite` |');
    expect(text).to.contain('| `sources[].kind` | `files`, `kafka` | required |');
    expect(text).to.match(/\| `sources\[\]\.topics` \| list of text \| required \| \(kafka\) /);
    expect(Object.keys(configSchemas())).to.deep.equal([
      'granska.yaml',
      'policy.yaml',
      'policy.tests.yaml',
      'people.yaml',
      'reviews.yaml',
      'taxonomy.yaml',
    ]);
  });
});
