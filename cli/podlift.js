#!/usr/bin/env node
// Runs the TypeScript below without a build step, as cdktf.json does with main.ts.
require('tsx/cjs');
require('./program.ts').run(process.argv);
