'use strict';
// Builds what `npm pack` puts into the package: compiled JavaScript and types in dist/. `prepack` runs it.
//   node .ci/buildPackage.cjs
// Each TypeScript file becomes one JavaScript file, so that a command loads only what it needs. Two kinds of files are bundles, with the
// licences of their content in THIRD_PARTY_LICENCES.txt: stacks/roots.js has the classes of cdktf and of the provider bindings inside, and packages/ has the packages
// that every command loads. So `podlift synth`, `plan` and `apply` need neither.
const { execFileSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, resolve, sep } = require('node:path');
const { buildSync, build } = require('esbuild');

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');
const TARGET = { platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' };
const BUNDLE = { ...TARGET, bundle: true, minify: true, keepNames: true, metafile: true };
const CODE = ['index.ts', 'main.ts', 'src', 'stacks', 'modules'];
/** Packages that every command loads. Each is one file in dist/packages: to find and to read their 190 files takes a tenth of the time of `podlift validate`. */
const BUNDLED = ['cli-table3', 'commander', 'yaml', 'zod'];
/** Write files of this repository; a package has no use for them. */
const WRITERS = /\/write[A-Z]\w*(Schema|Page|Policies)\.ts$/;

/** What stands for the exports of a module that is not loaded yet. The target is a function, so that it can be a class and a base class. */
const LATE = `
function late(load) {
  const known = new Map();
  const standIn = (name) =>
    new Proxy(function () {}, {
      apply: (_, self, words) => Reflect.apply(load()[name], self, words),
      construct: (target, words, made) => Reflect.construct(load()[name], words, made === known.get(name) ? load()[name] : made),
      get: (_, key) => load()[name][key],
      getPrototypeOf: () => Reflect.getPrototypeOf(load()[name]),
      has: (_, key) => key in load()[name],
    });
  return new Proxy({}, {
    get: (_, name) => {
      if (!known.has(name)) known.set(name, standIn(name));
      return known.get(name);
    },
  });
}
`;

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
bundle().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/**
 * Inventories can be read without cdktf: index.js loads stacks and constructs when one of them is used first. An ES module that imports podlift reads every
 * export at once, so each stands for the real one until it is called, extended or asked for a property.
 */
function loadStacksLate() {
  const index = join(DIST, 'index.js');
  const text = readFileSync(index, 'utf8');
  const late = text.replace(
    /^var (\w+) = require\("(\.\/(?:stacks|modules)\/[^"]+)"\);$/gm,
    'var $1 = late(() => require("$2"));',
  );
  if (late === text) throw new Error('index.ts exports no stack');
  writeFileSync(index, `${late}${LATE}`);
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

async function bundle() {
  const bundles = [await bundleRoots(), await bundlePackages()];
  const packages = new Set(
    bundles
      .flatMap(({ metafile }) => Object.keys(metafile.inputs))
      .flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[0] ?? []),
  );
  writeFileSync(join(DIST, 'THIRD_PARTY_LICENCES.txt'), [...packages].sort().map(licenceOf).join('\n'));
}

/** Makes one file of each package, and lets the compiled files load that. */
async function bundlePackages() {
  const folder = join(DIST, 'packages');
  const pattern = new RegExp(`require\\("(${BUNDLED.join('|')})"\\)`, 'g');
  for (const file of filesBelow(DIST).filter((one) => one.endsWith('.js'))) {
    const text = readFileSync(file, 'utf8');
    const path = relative(dirname(file), folder).split(sep).join('/');
    const bundled = text.replace(pattern, (_, name) => `require("${path}/${name}.js")`);
    if (bundled !== text) writeFileSync(file, bundled);
  }
  return build({ ...BUNDLE, entryPoints: BUNDLED, outdir: folder });
}

function bundleRoots() {
  return build({
    ...BUNDLE,
    entryPoints: ['stacks/roots.ts'],
    outfile: join(DIST, 'stacks', 'roots.js'),
    allowOverwrite: true,
    // What podlift's other commands load too is loaded once: stacks/ and modules/ are one level below dist/, as here.
    plugins: [
      {
        name: 'own',
        setup: (one) => one.onResolve({ filter: /^\.\.\/src\// }, ({ path }) => ({ path, external: true })),
      },
    ],
  });
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
