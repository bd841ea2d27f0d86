'use strict';
// Mocha's interface with the names of jest, for mutation testing. Under mocha, Stryker loads the code once, turns on one
// mutation after the other, and runs the tests that reach it. Under jest it loads the code again for each mutation.
const { readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const Mocha = require('mocha');

const mocker = new ModuleMocker(globalThis);

/** Mocha waits for a callback if a test has a parameter. Only tests in tables have parameters, and jest-each fills them. */
const withEach = (define) => Object.assign((title, run) => define(title, run), { each: bind(define, false) });

/**
 * Loads the code that is changed. Without a test, Stryker takes what runs for a part of the loading, and starts a new process for each change there. So the
 * code is loaded first, and what the tests' files call while they are loaded counts as a test of its own, which Stryker leaves out.
 */
function load() {
  const stryker = globalThis.__stryker__;
  if (stryker === undefined || stryker.currentTestId !== undefined) return;
  emptyCaches(stryker);
  for (const folder of FOLDERS)
    for (const file of readdirSync(join('src', folder), { recursive: true }))
      if (file.endsWith('.ts')) require(resolve('src', folder, file));
  stryker.currentTestId = 'the loading of the tests';
}

/** What one change computed is not kept for the next one, nor what one test computed: each test reaches what it calls. */
function emptyCaches(stryker) {
  const file = resolve('src/iam/boundedCache.ts');
  const { boundedCache } = require(file);
  const emptied = (limit, make) => {
    let change, test, cached;
    return (text) => {
      if (cached === undefined || change !== stryker.activeMutant || test !== stryker.currentTestId)
        cached = boundedCache(limit, make);
      change = stryker.activeMutant;
      test = stryker.currentTestId;
      return cached(text);
    };
  };
  require.cache[file].exports = { boundedCache: emptied, lowerCase: (text) => text.toLowerCase() };
}

const FOLDERS = ['iam', 'blueprint', 'proof', 'comparison'];

const { bdd } = Mocha.interfaces;
// Stryker accepts mocha's own interfaces only.
Mocha.interfaces.bdd = (root) => {
  root.on('pre-require', (context, file, mocha) => {
    load();
    // Each file is a suite: under jest, what runs before and after each test belongs to its file.
    const suite = Mocha.Suite.create(root, '');
    bdd(suite);
    suite.emit('pre-require', context, file, mocha);
    const { describe, it, before, after } = context;
    const test = withEach((title, run) => it(title, () => run()));
    Object.assign(context, {
      describe: withEach((title, run) => describe(title, () => void run())),
      it: test,
      test,
      beforeAll: before,
      afterAll: after,
      expect,
      jest: {
        fn: (implementation) => mocker.fn(implementation),
        spyOn: (object, name) => mocker.spyOn(object, name),
        restoreAllMocks: () => mocker.restoreAllMocks(),
      },
    });
  });
};
