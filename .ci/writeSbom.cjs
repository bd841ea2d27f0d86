'use strict';
// Writes the software bill of materials (CycloneDX) of all packages in package-lock.json, made by `npm sbom`.
//   node .ci/writeSbom.cjs FILE
// Not with `--omit dev`: npm 11 then also leaves out packages that both podlift and a tool of development use, cdktf among them. npm marks
// packages of development (`cdx:npm:package:development`), by the first of several copies. The result is compared with the lock file.
const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');

const [, , file = 'sbom.json'] = process.argv;
const text = execFileSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
  {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  },
);
const listed = new Set(JSON.parse(text).components.map(({ purl }) => decodeURIComponent(purl)));
const packages = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
const missing = packages.flatMap(([path, { version, name, dev, link }]) => {
  const called = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return path === '' || dev || link || listed.has(`pkg:npm/${called}@${version}`) ? [] : [`${called}@${version}`];
});
writeFileSync(file, text);
console.log(`${file}: ${listed.size} packages`);
if (missing.length > 0) {
  console.error(`npm sbom left out packages that podlift uses at run time: ${missing.join(', ')}`);
  process.exitCode = 1;
}
