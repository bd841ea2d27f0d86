// `npm run check:cdktn`: podlift on cdktn, the successor of cdktf. It copies the code into a temporary folder, where the two files that name cdktf's packages name cdktn's,
// type-checks it there, and compares the roots of all examples with examples/*/expected. The project keeps its own packages.
//
// cdktn needs Node.js 22: an older one takes it from the npm registry. The Kubernetes bindings of cdktn are not published: those of cdktf run on cdktn, under its old name.
const { execFileSync, spawnSync } = require('node:child_process');
const {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const CDKTN = '0.24.0';
const PACKAGES = [
  `cdktn@${CDKTN}`,
  '@cdktn/provider-aws@25.7.0',
  'constructs@10.7.2',
  '@cdktf/provider-kubernetes@12.1.1',
];
const NODE = 22;
/** The files that name cdktf's packages, and how they name cdktn's. */
const FILES = ['modules/cdktf.ts', 'modules/providers.ts'];
const RENAMED = [
  [/from 'cdktf'/g, "from 'cdktn'"],
  [/@cdktf\/provider-aws\//g, '@cdktn/provider-aws/'],
];
/** What the code and its examples need. */
const COPIED = ['modules', 'stacks', 'src', 'examples', 'inventory.yaml', 'package.json', 'test/stacks'];

const project = resolve(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'podlift-cdktn-'));
let failed = false;
try {
  const node = install();
  copy();
  failed = !typesAreRight(node) || !rootsAreSame(node);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** Installs the packages beside the copy; gives the Node.js that runs them. */
function install() {
  const ownNode = Number(process.versions.node.split('.')[0]) >= NODE;
  const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  say(`installing ${PACKAGES.join(', ')}${ownNode ? '' : `, ${nodePackage}@${NODE}`} into a temporary folder`);
  const words = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--legacy-peer-deps',
    '--fetch-retries=1',
    '--loglevel=error',
  ];
  const packages = [...PACKAGES, ...(ownNode ? [] : [`${nodePackage}@${NODE}`])];
  const { status, stderr } = spawnSync('npm', ['install', ...words, ...packages], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) {
    say('not checked: the npm registry does not give the packages. npm said:');
    process.stderr.write(stderr ?? '');
    rmSync(folder, { recursive: true, force: true });
    process.exit(2);
  }
  // One copy for all: the classes of two copies are different types.
  symlinkSync(join(folder, 'node_modules', 'cdktn'), join(folder, 'node_modules', 'cdktf'), 'junction');
  return ownNode ? process.execPath : join(folder, 'node_modules', nodePackage, 'bin', 'node');
}

/** Copies the code. All other packages are the project's own, as links. */
function copy() {
  for (const name of COPIED) cpSync(join(project, name), join(folder, 'copy', name), { recursive: true });
  for (const name of FILES) {
    const file = join(folder, 'copy', name);
    const text = RENAMED.reduce((before, [from, to]) => before.replace(from, to), readFileSync(file, 'utf8'));
    writeFileSync(file, text);
  }
  const packages = join(folder, 'copy', 'node_modules');
  mkdirSync(packages);
  const replaced = ['cdktf', 'constructs', '@cdktf', '.bin', '.package-lock.json'];
  for (const name of readdirSync(join(project, 'node_modules')))
    if (!replaced.includes(name)) symlinkSync(join(project, 'node_modules', name), join(packages, name));
  writeFileSync(
    join(folder, 'copy', 'tsconfig.json'),
    JSON.stringify({
      extends: join(project, 'tsconfig.json'),
      compilerOptions: { types: ['node'] },
      include: ['modules', 'stacks'],
      exclude: [],
    }),
  );
}

function typesAreRight(node) {
  say('type check of modules/ and stacks/');
  const { status } = spawnSync(node, [join(project, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'], {
    cwd: join(folder, 'copy'),
    stdio: 'inherit',
  });
  return status === 0;
}

/** Writes the roots of all examples with cdktn, and compares them with those of cdktf. */
function rootsAreSame(node) {
  say('synthesis of all examples');
  execFileSync(node, ['-r', require.resolve('tsx/cjs'), 'test/stacks/writeExpected.ts'], {
    cwd: join(folder, 'copy'),
    stdio: 'inherit',
  });
  const different = readdirSync(join(project, 'examples'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('expected'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(project.length + 1))
    .filter((file) => textOf(join(folder, 'copy', file)) !== textOf(join(project, file)));
  for (const file of different) say(`${file} is not the same with cdktn`);
  if (different.length === 0) say(`cdktn ${CDKTN} writes the same roots for all examples`);
  return different.length === 0;
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`check:cdktn: ${text}\n`);
}
