import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';

const root = resolve(import.meta.dirname, '..');
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
  options: ICruiseOptions;
};

/** One bad import for each rule: the file that makes it, and what it imports. */
const PLANTED: Record<string, [from: string, to: string][]> = {
  'no-circles': [
    ['src/url/a.ts', './b.ts'],
    ['src/url/b.ts', './a.ts'],
  ],
  'model-imports-nothing': [['src/model/a.ts', '../errors.ts']],
  'calendar-imports-errors-only': [['src/calendar/a.ts', '../model/record.ts']],
  'words-import-nothing': [['src/words/a.ts', '../errors.ts']],
  'text-imports-model-only': [['src/text/a.ts', '../errors.ts']],
  'stages-are-pure': [['src/policy/a.ts', '../ports/store.ts']],
  'stages-know-no-platform': [['src/format/a.ts', 'node:fs']],
  'stages-know-no-package': [['src/category/a.ts', 'tldts']],
  'ports-know-model-only': [['src/ports/a.ts', '../errors.ts']],
  'pipeline-knows-no-edge': [['src/pipeline/a.ts', 'node:fs']],
  'adapters-know-no-edge': [['src/adapters/store/a.ts', '../../cli/b.ts']],
  'only-compose-builds-adapters': [['src/cli/a.ts', '../adapters/store/b.ts']],
  'only-main-calls-compose': [['src/cli/a.ts', '../compose.ts']],
  'cli-and-web-are-strangers': [['src/cli/a.ts', '../web/b.ts']],
  'src-never-imports-test': [['src/cli/a.ts', '../../test/b.ts']],
  'one-home-for-age-encryption': [['src/cli/a.ts', 'age-encryption']],
  'one-home-for-fast-csv': [['src/config/a.ts', 'fast-csv']],
  'one-home-for-elastic-elasticsearch': [['src/adapters/source/a.ts', '@elastic/elasticsearch']],
  'one-home-for-kafkajs': [['src/adapters/store/a.ts', 'kafkajs']],
  'one-home-for-node-cron': [['src/cli/a.ts', 'node-cron']],
  'one-home-for-pdfmake': [['src/cli/a.ts', 'pdfmake']],
  'one-home-for-pino': [['src/cli/a.ts', 'pino']],
  'one-home-for-prom-client': [['src/adapters/store/a.ts', 'prom-client']],
  'one-home-for-commander': [['src/config/a.ts', 'commander']],
  'one-home-for-tldts': [['src/cli/a.ts', 'tldts']],
  'one-home-for-yaml': [['src/cli/a.ts', 'yaml']],
  'one-home-for-zod': [['src/cli/a.ts', 'zod']],
};

describe('the architecture', () => {
  it('is kept by every file of src', async () => {
    const result = await run(root);
    expect(
      result.summary.violations.map(found => `${found.rule.name}: ${found.from} → ${found.to}`),
    ).to.deep.equal([]);
    const read = new Set(
      result.modules.map(module => module.source).filter(source => source.startsWith('src/')),
    );
    expect([...read].sort()).to.deep.equal(sourceFiles('src').sort());
  }).timeout(120_000);

  it('has a planted fault for every rule', () => {
    expect(Object.keys(PLANTED).sort()).to.deep.equal(config.forbidden.map(rule => rule.name).sort());
  });

  for (const [rule, imports] of Object.entries(PLANTED)) {
    it(`sees a planted import that breaks ${rule}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'granska-architecture-'));
      try {
        symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
        writeFileSync(
          join(folder, 'tsconfig.json'),
          '{ "compilerOptions": { "allowImportingTsExtensions": true } }',
        );
        for (const [from, to] of imports) {
          if (to.startsWith('.')) plant(folder, join(dirname(from), to), 'export const there = 1;\n');
        }
        for (const [from, to] of imports)
          plant(folder, from, `import * as x from '${to}';\nexport const y = x;\n`);
        const result = await run(folder);
        expect(result.summary.violations.map(found => found.rule.name)).to.include(rule);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

async function run(baseDir: string): Promise<ICruiseResult> {
  const { tsConfig, ...options } = config.options as ICruiseOptions & { tsConfig: unknown };
  const result = await cruise(['src'], {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  } as ICruiseOptions);
  return result.output as ICruiseResult;
}

function plant(folder: string, path: string, text: string): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}
