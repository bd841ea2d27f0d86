'use strict';
const { projects } = require('../../jest.config.js');

/** The unit tests alone. Stryker needs one project. */
module.exports = { ...projects[0], rootDir: process.cwd(), testTimeout: 60_000 };
