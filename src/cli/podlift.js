#!/usr/bin/env node
// In the package the compiled program is in dist/. In the repository the TypeScript beside this file runs without a build step, as cdktf.json does with main.ts.
// Some colour libraries take CI=true for a wish for colour; what is not a terminal gets plain lines unless it asks for more.
if (!process.stdout.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR ??= '1';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
if (existsSync(join(__dirname, 'program.ts'))) {
  require('tsx/cjs');
  require('./program.ts').run(process.argv);
} else require('../../dist/src/cli/program.js').run(process.argv);
