import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../src/cli/commands/check';
import { UsageError } from '../../src/cli/exit';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

// What `podlift check` compares with, where the base has the inventory elsewhere or in a form of an earlier version.

afterAll(removeFolders);

const NOW = new Date('2026-11-20T12:00:00Z');

function committed(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  return folder;
}

function checkedIn(folder: string, file: string) {
  const said: string[] = [];
  const spies = (['log', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation((...words: unknown[]) => void said.push(words.join(' '))),
  );
  const before = process.env.PODLIFT_INVENTORY;
  process.env.PODLIFT_INVENTORY = join(folder, file);
  try {
    return { exit: check({ base: 'HEAD', format: 'text' }, NOW), said: said.join('\n') };
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'PODLIFT_INVENTORY');
    else process.env.PODLIFT_INVENTORY = before;
    for (const spy of spies) spy.mockRestore();
  }
}

it('stops where the inventory was moved: a comparison with nothing would accept every removal', () => {
  const folder = committed({ 'inventory.yaml': BASE });
  renameSync(join(folder, 'inventory.yaml'), join(folder, 'estate.yaml'));
  expect(() => checkedIn(folder, 'estate.yaml')).toThrow(UsageError);
  expect(() => checkedIn(folder, 'estate.yaml')).toThrow(/is not in HEAD, which has inventory\.yaml instead/);
});

it('compares a first inventory beside others with nothing', () => {
  const folder = committed({ 'inventory.yaml': BASE });
  writeFileSync(join(folder, 'second.yaml'), BASE);
  expect(checkedIn(folder, 'second.yaml').said).toMatch(/is not in HEAD: all of it is new/);
});

it('compares with a base whose entries have neither wave nor stage, from before one was asked for', () => {
  const old = `${BASE}  search: { namespace: production, serviceAccount: search }\n`;
  const folder = committed({ 'inventory.yaml': old });
  const written = old.replace('search: { namespace', 'search: { stage: pod-identity, namespace');
  writeFileSync(join(folder, 'inventory.yaml'), written);
  const { exit, said } = checkedIn(folder, 'inventory.yaml');
  expect(said).toMatch(/workloads with neither wave nor stage at HEAD: 1; they are compared as if they were new/);
  expect(exit).toBe(0);
});
