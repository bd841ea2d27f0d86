import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { check } from '../../src/cli/commands/check';
import { UsageError } from '../../src/cli/exit';
import { folderOf } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

// Repositories as an attacker makes them, and what `podlift check --base` says of them.

const NOW = new Date('2026-11-20T12:00:00Z');
const IDENTITY = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];

/** What git prints. Throws where git fails. */
export function git(folder: string, args: readonly string[], input = ''): string {
  return execFileSync('git', ['-C', folder, ...IDENTITY, ...args], { encoding: 'utf8', input }).trim();
}

/** A repository with one commit of these files; `→` stands before the target of a link. */
export function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderOf({});
  git(folder, ['init', '-q', '-b', 'main']);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (content.startsWith('→')) symlinkSync(content.slice(1), join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  git(folder, ['add', '-A']);
  git(folder, ['commit', '-q', '-m', 'base']);
  return folder;
}

/** What `podlift check --base` of the inventory in a folder gives: its exit code, and all that it says. */
export function checked(folder: string, base = 'HEAD', file = 'inventory.yaml') {
  const said: string[] = [];
  const spies = (['log', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation((...words: unknown[]) => void said.push(words.join(' '))),
  );
  const before = process.env.PODLIFT_INVENTORY;
  process.env.PODLIFT_INVENTORY = join(folder, file);
  try {
    return { exit: check({ base, format: 'text' }, NOW), said: said.join('\n') };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { exit: 2, said: [...said, error.message].join('\n') };
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'PODLIFT_INVENTORY');
    else process.env.PODLIFT_INVENTORY = before;
    for (const spy of spies) spy.mockRestore();
  }
}

export type TreeEntry = readonly [mode: string, name: string, object: string];

/** Writes a tree as it is, which `git add` would refuse. */
export function writeTree(folder: string, entries: readonly TreeEntry[]): string {
  const bytes = Buffer.concat(
    entries.map(([mode, name, object]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]),
    ),
  );
  const args = ['-C', folder, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'];
  return execFileSync('git', args, { input: bytes, encoding: 'utf8' }).trim();
}

/** A repository whose branch `hostile` has these entries beside a sound inventory. */
export function hostileTree(entries: (blob: string, tree: string) => readonly TreeEntry[]): string {
  const folder = repository({ 'inventory.yaml': BASE });
  const blob = git(folder, ['hash-object', '-w', '--stdin'], BASE);
  const inner = writeTree(folder, [['100644', 'pwned.yaml', blob]]);
  const tree = writeTree(folder, [...entries(blob, inner), ['100644', 'inventory.yaml', blob]]);
  git(folder, ['branch', 'hostile', git(folder, ['commit-tree', '-m', 'x', tree])]);
  return folder;
}

/** A program that leaves a mark, and then fails as a missing helper does. */
export function marker(): { readonly script: string; readonly mark: string } {
  const folder = folderOf({});
  const mark = join(folder, 'pwned');
  const script = join(folder, 'run.sh');
  writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${mark}\nexit 1\n`);
  chmodSync(script, 0o755);
  return { script, mark };
}

/** A clone that lacks the contents of the files, with the inventory in its working tree. */
export function partialClone(): string {
  const origin = repository({ 'inventory.yaml': BASE });
  git(origin, ['config', 'uploadpack.allowFilter', 'true']);
  const clone = join(folderOf({}), 'clone');
  execFileSync('git', ['clone', '-q', '--no-checkout', '--filter=blob:none', `file://${origin}`, clone]);
  writeFileSync(join(clone, 'inventory.yaml'), BASE);
  return clone;
}
