'use strict';
// Fails for a package whose licence is unknown or not allowed. Reads package-lock.json only, so it also runs before an installation.
//   node .ci/checkLicences.cjs [package-lock.json]
const { readFileSync } = require('node:fs');

/** Licences of packages that run with podlift, with the reason why each is allowed. */
const RUN_TIME = {
  '0BSD': 'no conditions',
  'Apache-2.0': 'the licence of podlift',
  'BSD-2-Clause': 'only the notice has to stay',
  'BSD-3-Clause': 'only the notice has to stay',
  'BlueOak-1.0.0': 'only the notice has to stay',
  ISC: 'only the notice has to stay',
  MIT: 'only the notice has to stay',
  'MPL-2.0': 'applies to changed files of the package only: podlift changes none (cdktf and its providers)',
};

/** Further licences of packages that only development and tests use: none of them is distributed with podlift. */
const DEVELOPMENT = {
  'AGPL-3.0-or-later':
    'the evaluator that tests compare with (@cloud-copilot/iam-simulate); it never runs with podlift',
  'CC-BY-4.0': 'data of browsers (caniuse-lite)',
  'CC0-1.0': 'no conditions',
  'Python-2.0': 'only the notice has to stay (argparse, of mocha)',
  Unlicense: 'no conditions',
};

/** Packages whose licence is not an SPDX identifier, with what was read in their files. */
const READ_BY_HAND = { 'jsonify@0.0.1': 'public domain (README of the package)' };

/** Packages of development that .ci/buildPackage.cjs puts into the package: they are distributed with podlift. */
const BUNDLED = /^(cdktf|constructs|@cdktf\/.*)@/;

/** True when an SPDX expression of `AND` and `OR` is allowed; nested parentheses count as unknown. */
function isAllowed(expression, allowed) {
  const plain = /^\((.*)\)$/.exec(expression)?.[1] ?? expression;
  if (/[()]/.test(plain)) return false;
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((one) => Object.hasOwn(allowed, one)));
}

const lock = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'));
const refused = [];
let count = 0;
for (const [path, { version, license, dev, link }] of Object.entries(lock.packages)) {
  if (path === '' || link) continue;
  count += 1;
  const name = `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;
  const isDevelopment = dev && !BUNDLED.test(name);
  const allowed = isDevelopment ? { ...RUN_TIME, ...DEVELOPMENT } : RUN_TIME;
  if (Object.hasOwn(READ_BY_HAND, name) || isAllowed(license ?? 'none', allowed)) continue;
  refused.push(
    `${name}: the licence ${license ?? 'is not stated'} is not allowed ${isDevelopment ? 'for development' : 'at run time'}`,
  );
}
for (const line of refused) console.error(line);
if (refused.length > 0) {
  console.error(`Read the licence, then add it with the reason to .ci/checkLicences.cjs, or remove the package.`);
  process.exitCode = 1;
} else {
  console.log(`licences of ${count} packages: all allowed`);
}
