import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRevision } from '../../../src/runners/readRevision';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { YAML_WORDS } from '../words';

let home = '';
let before: string | undefined;
const repository = () => join(home, 'repository');

/** Names that lead elsewhere, on some systems or after a normalisation, among ordinary ones. */
const NAMES = [
  ...[
    'a',
    'b',
    'a.yaml',
    'b.yml',
    'inventory.yaml',
    'folder',
    '.',
    '..',
    '.git',
    '.GIT',
    'git~1',
    '.git ',
    '.g\u200Cit',
  ],
  ...['', '../a', '/a', 'a/../..', '...', ' ', '-n', '*', '[a]', '{a,b}', 'a\nb', 'config', 'hooks', '\u202E', '~'],
] as const;
const LINKS = [
  '..',
  '.',
  'a',
  '../a',
  '../../secret.yaml',
  '/etc/passwd',
  'folder/../..',
  '.git/config',
  'folder',
  '',
] as const;
const INCLUDES = [
  'b.yml',
  '*.yaml',
  '**',
  '../*',
  'folder/*',
  '../../secret.yaml',
  '/etc/*',
  'a/b.yml',
  '.git/*',
  '',
] as const;

type Entry = readonly [name: string, entry: string | { readonly link: string } | readonly Entry[]];

const files = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...INCLUDES), { maxLength: 3 }).map(includes) },
  { weight: 1, arbitrary: mutated(corpus('inventory'), YAML_WORDS) },
);
const links = fc.constantFrom(...LINKS).map((link) => ({ link }));
const trees = fc.letrec((tie) => ({
  entry: fc.tuple(
    fc.constantFrom(...NAMES),
    fc.oneof({ maxDepth: 3 }, files, links, fc.array(tie('entry'), { maxLength: 3 })),
  ),
})).entry as fc.Arbitrary<Entry>;

function includes(patterns: readonly string[]): string {
  return `version: 1\ninclude: ${JSON.stringify(patterns)}\n`;
}

/** Whatever a commit has, reading it changes nothing outside, tells nothing of outside, and never throws. */
export const revision: Target = {
  name: 'revision',
  start: () => {
    home = mkdtempSync(join(tmpdir(), 'podlift-fuzz-'));
    mkdirSync(join(home, 'temporary'));
    before = process.env.TMPDIR;
    process.env.TMPDIR = join(home, 'temporary');
    writeFileSync(join(home, 'secret.yaml'), 'accounts: { CANARY: 1 }\n');
    writeFileSync(join(home, 'temporary', 'secret.yaml'), 'accounts: { CANARY: 1 }\n');
    execFileSync('git', ['init', '-q', repository()]);
    writeFileSync(join(repository(), 'inventory.yaml'), 'version: 1\n');
    return Promise.resolve();
  },
  stop: () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(home, { recursive: true, force: true });
    return Promise.resolve();
  },
  property: () =>
    fc.asyncProperty(files, fc.array(trees, { maxLength: 5 }), (root, entries) =>
      inTime(() => {
        const commit = commitOf([['inventory.yaml', root], ...entries]);
        const outside = listing();
        const result = readRevision(join(repository(), 'inventory.yaml'), commit);
        mustHold(listing() === outside, 'a file outside the folder was changed');
        mustHold(!JSON.stringify(result).includes('CANARY'), 'the content of a file outside the commit was read');
      }),
    ),
};

function git(arguments_: readonly string[], input: string | Buffer): string {
  return execFileSync('git', ['-C', repository(), ...arguments_], {
    input,
    encoding: 'utf8',
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'f',
      GIT_AUTHOR_EMAIL: 'f',
      GIT_COMMITTER_NAME: 'f',
      GIT_COMMITTER_EMAIL: 'f',
    },
  }).trim();
}

/** Writes a tree as bytes: `git mktree` refuses some of the names. */
function treeOf(entries: readonly Entry[]): string {
  const unique = [...new Map(entries.map(([name, entry]) => [name, entry]))];
  const parts = unique.flatMap(([name, entry]) => {
    const isTree = Array.isArray(entry);
    const isLink = typeof entry === 'object' && 'link' in entry;
    const id = isTree ? treeOf(entry as readonly Entry[]) : blobOf(isLink ? entry.link : (entry as string));
    const mode = isTree ? '40000' : isLink ? '120000' : '100644';
    return [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')];
  });
  return git(['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'], Buffer.concat(parts));
}

const blobOf = (text: string) => git(['hash-object', '-w', '--stdin'], text);
const commitOf = (entries: readonly Entry[]) => git(['commit-tree', treeOf(entries), '-m', 'x'], '');

/** Everything below the home folder but git's objects, with contents. */
function listing(): string {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
      const path = join(folder, one.name);
      if (path === join(repository(), '.git', 'objects')) return [];
      if (one.isDirectory()) return [path, ...walk(path)];
      return [`${path} ${one.isFile() ? readFileSync(path, 'utf8') : ''}`];
    });
  return walk(home).join('\n');
}
