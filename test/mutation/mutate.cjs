'use strict';
// Mutation testing by folder: changes the code, one place at a time, and counts the changes that no unit test notices.
//   npm run test:mutation -- src/iam/conditions
//   npm run test:mutation -- src/iam src/blueprint src/proof src/comparison
// A second run tests only what has changed since the first: the results are in .podlift/mutation/, one file for each folder.
const { spawnSync } = require('node:child_process');
const { createRequire } = require('node:module');
const { mkdirSync, readdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const FOLDERS = ['src/iam', 'src/blueprint', 'src/proof', 'src/comparison'];
/** The score in percent below which the run fails. */
const LOWEST = 90;
/** Tests of thousands of generated cases, which take seconds each: a survivor would run them all. And one that cannot run twice in a process. */
const LEFT_OUT = ['iam/strangers/properties', 'proof/walks', 'proof/sabotage', 'proof/random', 'proof/proveCommand'];
/** All unit tests of these folders, and the attacks on the proof. */
const tests = [
  ...FOLDERS.map((folder) => folder.replace('src', 'test')).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map((name) => join(folder, name)),
  ),
  'test/attacks/attacks.test.ts',
].filter(
  (file) => /(?<!\.io|\.long)\.test\.ts$/.test(file) && !LEFT_OUT.some((name) => file === `test/${name}.test.ts`),
);

const manifest = createRequire(__filename).resolve('@stryker-mutator/core/package.json');
const stryker = join(dirname(manifest), 'bin', 'stryker.js');

let status = 0;
const chosen = process.argv.slice(2);
for (const folder of chosen.length === 0 ? FOLDERS : chosen) {
  const name = folder.replaceAll('/', '-').replace(/\.ts$/, '');
  const options = {
    mutate: [folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`],
    testRunner: 'mocha',
    mochaOptions: {
      spec: tests,
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
