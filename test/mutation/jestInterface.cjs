'use strict';
// Mocha's interface with the names of jest, for mutation testing. Under mocha, Stryker loads the code once, turns on one
// mutation after the other, and runs the tests that reach it. Under jest it loads the code again for each mutation.
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const Mocha = require('mocha');

const mocker = new ModuleMocker(globalThis);

/** Mocha waits for a callback if a test has a parameter. Only tests in tables have parameters, and jest-each fills them. */
const withEach = (define) => Object.assign((title, run) => define(title, run), { each: bind(define, false) });

const { bdd } = Mocha.interfaces;
// Stryker accepts mocha's own interfaces only.
Mocha.interfaces.bdd = (suite) => {
  bdd(suite);
  suite.on('pre-require', (context) => {
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
