'use strict';
// Mutation testing by folder: changes the code, one place at a time, and counts the changes that no unit test notices.
//   npm run test:mutation
//   npm run test:mutation -- iam/strangers comparison
// A second run tests only what has changed since the first: the results are in .podlift/mutation/, one file for each part.
const { spawnSync } = require('node:child_process');
const { createRequire } = require('node:module');
const { mkdirSync, readdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** What is changed, and the tests that have to notice it: those of the same folder, and of what uses it. */
const PARTS = [
  {
    mutate: ['src/iam/conditions/**/*.ts', 'src/iam/*.ts', '!src/iam/sameMeaning.ts'],
    tests: ['test/iam'],
    // Generated cases, and tests of the other two parts: the tables notice more, in a fifth of the time.
    without: ['iam/oracle', 'iam/partialContext', 'iam/valueSets', 'iam/sameMeaning', 'iam/strangers/strangersOf'],
    name: 'iam',
  },
  {
    mutate: ['src/iam/meaning/**/*.ts', 'src/iam/sameMeaning.ts'],
    tests: ['test/iam/meaning'],
    name: 'iam/meaning',
  },
  {
    mutate: ['src/iam/strangers/**/*.ts'],
    tests: ['test/iam/strangers'],
    name: 'iam/strangers',
  },
  { mutate: ['src/blueprint/**/*.ts'], tests: ['test/blueprint'], name: 'blueprint' },
  { mutate: ['src/proof/**/*.ts'], tests: ['test/proof', 'test/attacks/attacks'], name: 'proof' },
  { mutate: ['src/comparison/**/*.ts'], tests: ['test/comparison'], name: 'comparison' },
];
/** The score in percent below which the run fails. */
const LOWEST = 90;
/** Tests of thousands of generated cases, which take seconds each: a survivor would run them all. And one that cannot run twice in a process. */
const LEFT_OUT = [
  ...['iam/sameMeaning', 'iam/strangers/properties', 'proof/walks', 'proof/sabotage', 'proof/random'],
  'proof/proveCommand',
];

/** The unit tests below some paths. */
function unitTests(paths, without = []) {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((name) => join('test', name))
    .filter((file) => /(?<!\.io|\.long)\.test\.ts$/.test(file) && paths.some((path) => file.startsWith(path)))
    .filter((file) => ![...LEFT_OUT, ...without].some((name) => file === `test/${name}.test.ts`))
    .toSorted();
}

const manifest = createRequire(__filename).resolve('@stryker-mutator/core/package.json');
const stryker = join(dirname(manifest), 'bin', 'stryker.js');

let status = 0;
const chosen = process.argv.slice(2);
const unknown = chosen.filter((part) => !PARTS.some(({ name }) => name === part));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; the parts are ${PARTS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
for (const { name: part, mutate, tests, without } of PARTS.filter(
  ({ name }) => chosen.length === 0 || chosen.includes(name),
)) {
  const name = part.replaceAll('/', '-');
  const options = {
    mutate,
    testRunner: 'mocha',
    mochaOptions: {
      spec: unitTests(tests, without),
      require: ['tsx/cjs', './test/plainOutput.ts', './test/mutation/jestInterface.cjs'],
    },
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    checkers: [],
    incremental: true,
    incrementalFile: `.podlift/mutation/${name}.json`,
    tempDirName: '.podlift/mutation/stryker',
    ignorePatterns: ['.podlift', 'cdktf.out', 'bench'],
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: true },
    concurrency: 2,
    timeoutMS: 10_000,
    timeoutFactor: 1,
    thresholds: { high: 95, low: LOWEST, break: LOWEST },
  };
  const file = join('.podlift', 'mutation', `${name}.config.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(options));
  const run = spawnSync(process.execPath, [stryker, 'run', file], { stdio: 'inherit' });
  if (run.status !== 0) status = 1;
}
process.exitCode = status;
