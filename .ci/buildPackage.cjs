'use strict';
// Builds what `npm pack` puts into the package: compiled JavaScript and types in dist/. `prepack` runs it.
//   node .ci/buildPackage.cjs
// Each TypeScript file becomes one JavaScript file, so that a command loads only what it needs. stacks/roots.js alone is a bundle: it has the
// classes of cdktf and of the provider bindings inside, with their licences in THIRD_PARTY_LICENCES.txt. So `podlift synth`, `plan` and `apply` need neither.
const { execFileSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { buildSync, build } = require('esbuild');

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');
const TARGET = { platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' };
const CODE = ['index.ts', 'main.ts', 'src', 'stacks', 'modules'];
/** Write files of this repository; a package has no use for them. */
const WRITERS = /\/write[A-Z]\w*(Schema|Page|Policies)\.ts$/;

process.chdir(ROOT);
rmSync(DIST, { recursive: true, force: true });
const files = CODE.flatMap(filesBelow).filter((file) => !WRITERS.test(file));
const sources = files.filter((file) => file.endsWith('.ts'));

buildSync({ ...TARGET, entryPoints: sources, outdir: DIST, outbase: ROOT });
for (const file of files.filter((one) => !sources.includes(one) && one !== 'src/cli/podlift.js')) {
  mkdirSync(dirname(join(DIST, file)), { recursive: true });
  cpSync(file, join(DIST, file));
}
const { name, version, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify({ name, version, peerDependencies }, null, 2)}\n`);
loadStacksLate();
writeTypes();
bundleRoots().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/** Inventories can be read without cdktf: index.js loads stacks and constructs when one of them is used first. */
function loadStacksLate() {
  const index = join(DIST, 'index.js');
  const text = readFileSync(index, 'utf8');
  const late = text.replace(
    /^var (\w+) = require\("(\.\/(?:stacks|modules)\/[^"]+)"\);$/gm,
    'var $1 = new Proxy({}, { get: (_, name) => require("$2")[name] });',
  );
  if (late === text) throw new Error('index.ts exports no stack');
  writeFileSync(index, late);
}

/** The declarations of all that index.ts exports. */
function writeTypes() {
  const config = join(DIST, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: '..',
    outDir: '.',
    types: ['node'],
  };
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions,
      include: ['../index.ts', '../main.ts'],
      exclude: [],
    }),
  );
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', config], { stdio: 'inherit' });
  rmSync(config);
}

async function bundleRoots() {
  const { metafile } = await build({
    ...TARGET,
    entryPoints: ['stacks/roots.ts'],
    outfile: join(DIST, 'stacks', 'roots.js'),
    allowOverwrite: true,
    bundle: true,
    minify: true,
    keepNames: true,
    metafile: true,
    // What podlift's other commands load too is loaded once: stacks/ and modules/ are one level below dist/, as here.
    plugins: [
      {
        name: 'own',
        setup: (one) => one.onResolve({ filter: /^\.\.\/src\// }, ({ path }) => ({ path, external: true })),
      },
    ],
  });
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[0] ?? []),
  );
  writeFileSync(join(DIST, 'THIRD_PARTY_LICENCES.txt'), [...packages].sort().map(licenceOf).join('\n'));
}

/** The licence of a bundled package, and where its source is: the Mozilla Public License asks for both. */
function licenceOf(folder) {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const source =
    typeof repository === 'string' ? repository : (repository?.url ?? `https://www.npmjs.com/package/${name}`);
  const text =
    file === undefined
      ? `Licence: ${license} (the package has no file with its text)\n`
      : readFileSync(join(folder, file), 'utf8');
  return `${'='.repeat(80)}\n${name} ${version} (${license}), unchanged\nSource: ${source}\n${'='.repeat(80)}\n${text}`;
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
  );
}
