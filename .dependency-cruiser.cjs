// What may import what (docs/architecture.md). test/architecture.test.ts plants one bad import per rule and
// sees it fire, and counts that every file was read.
'use strict';

const STAGES =
  '^src/(frame|format|url|category|subject|policy|finding|search|visit|case|schedule|sign|review|report)/';
const NPM = { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] };

/** One folder per npm package: leaving a package means changing one folder. */
const PACKAGE_HOMES = {
  'age-encryption': '^src/adapters/vault/',
  'fast-csv': '^src/(adapters/directory|cli)/',
  '@elastic/elasticsearch': '^src/adapters/store/',
  kafkajs: '^src/adapters/source/',
  'node-cron': '^src/adapters/schedule/',
  pdfmake: '^src/adapters/pdf/',
  pino: '^src/adapters/telemetry/',
  'prom-client': '^src/adapters/telemetry/',
  commander: '^src/cli/',
  tldts: '^src/url/site\\.ts$',
  yaml: '^src/config/',
  zod: '^src/config/',
};

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle has no beginning to read from.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'model-imports-nothing',
      comment: 'The words know only each other.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    {
      name: 'calendar-imports-errors-only',
      severity: 'error',
      from: { path: '^src/calendar/' },
      to: { pathNot: '^src/(calendar/|errors\\.ts)' },
    },
    {
      name: 'words-import-nothing',
      severity: 'error',
      from: { path: '^src/words/' },
      to: { pathNot: '^src/words/' },
    },
    {
      name: 'text-imports-model-only',
      comment:
        'What people read: words and numbers, nothing decided in them. Stages, ports and model speak in codes (their own rules).',
      severity: 'error',
      from: { path: '^src/text/' },
      to: { pathNot: '^src/(text|model)/' },
    },
    {
      name: 'stages-are-pure',
      comment:
        'A stage imports model, calendar, words, errors and stages; no adapter, port, pipeline or edge.',
      severity: 'error',
      from: { path: STAGES },
      to: {
        path: '^src/',
        pathNot: `^src/(model|calendar|words)/|^src/errors\\.ts$|${STAGES}`,
      },
    },
    {
      name: 'stages-know-no-platform',
      comment: 'No node:* in a stage: a keyed hash, bytes and the time are handed in.',
      severity: 'error',
      from: { path: STAGES },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'stages-know-no-package',
      comment: 'No npm in a stage, except the public suffix list in url/site.ts.',
      severity: 'error',
      from: { path: STAGES, pathNot: '^src/url/site\\.ts$' },
      to: NPM,
    },
    {
      name: 'ports-know-model-only',
      severity: 'error',
      from: { path: '^src/ports/' },
      to: { pathNot: '^src/(ports|model)/' },
    },
    {
      name: 'pipeline-knows-no-edge',
      comment:
        'The pipeline, and the proof, know stages, ports and model; never an adapter, the platform or a package.',
      severity: 'error',
      from: { path: '^src/(pipeline|proof)/' },
      to: { pathNot: `^src/(pipeline|proof|ports|model|calendar)/|^src/errors\\.ts$|${STAGES}` },
    },
    {
      name: 'adapters-know-no-edge',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/(cli|web|pipeline|compose|main)' },
    },
    {
      name: 'only-compose-builds-adapters',
      comment: 'Who imports an adapter decides what runs: that is compose.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|compose(\\.ts|/))' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'only-main-calls-compose',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|compose(\\.ts|/))' },
      to: { path: '^src/compose(\\.ts|/)' },
    },
    {
      name: 'cli-and-web-are-strangers',
      severity: 'error',
      from: { path: '^src/(cli|web)/' },
      to: { path: '^src/(cli|web)/', pathNot: '^src/$1/' },
    },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
    ...Object.entries(PACKAGE_HOMES).map(([name, home]) => ({
      name: `one-home-for-${name.replace(/[^a-z]+/g, '-').replace(/^-/, '')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: home },
      to: { path: `node_modules/${name}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
