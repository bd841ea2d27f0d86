#!/usr/bin/env node
// Runs the TypeScript below without a build step, as cdktf.json does with main.ts.
// Some colour libraries take CI=true for a wish for colour; what is not a terminal gets plain lines unless it asks for more.
if (!process.stdout.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR ??= '1';
require('tsx/cjs');
require('./program.ts').run(process.argv);
