import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { programOf } from '../../src/cli/program';
import { run, SOUND, useFolder } from './commandLine';

const PODLIFT = resolve('src/cli/podlift.js');

/** Each command of podlift with the arguments and options that it needs, in the words of a command line. */
function commandLines(): readonly (readonly [string, readonly string[]])[] {
  const lines = (command: Command, before: readonly string[]): (readonly [string, readonly string[]])[] => {
    const words = [...before, command.name()];
    if (command.commands.length > 0) return command.commands.flatMap((one) => lines(one, words));
    const needed = [
      ...command.registeredArguments
        .filter(({ required }) => required)
        .map(({ defaultValue }) => String(defaultValue ?? 'a-name')),
      ...command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', 'a-value']),
    ];
    return [[words.join(' '), [...words, ...needed]]];
  };
  return programOf([], () => undefined).commands.flatMap((one) => lines(one, []));
}

/** Commander's parse of a command line, with no command doing anything; gives the path in `--inventory`. */
function parsed(words: readonly string[]): unknown {
  const program = programOf([], () => undefined);
  const quiet = (command: Command): void => {
    command.action(() => undefined);
    command.commands.forEach(quiet);
  };
  program.commands.flatMap((one) => (one.commands.length > 0 ? one.commands : [one])).forEach(quiet);
  const before = process.env.PODLIFT_INVENTORY;
  try {
    program.parse([...words], { from: 'user' });
    return [program.opts().inventory, process.env.PODLIFT_INVENTORY];
  } finally {
    if (before === undefined) delete process.env.PODLIFT_INVENTORY;
    else process.env.PODLIFT_INVENTORY = before;
  }
}

describe('--inventory', () => {
  const folder = useFolder();
  const podlift = (words: readonly string[], env: Record<string, string> = {}) =>
    run([PODLIFT, ...words], env, folder.path);
  const write = (file: string, text: string) => {
    mkdirSync(join(folder.path, file, '..'), { recursive: true });
    writeFileSync(join(folder.path, file), text);
  };

  it.each(commandLines())('is an option of %s, before and after its name', (_, words) => {
    const named = ['other.yaml', 'other.yaml'];
    expect(parsed(['--inventory', 'other.yaml', ...words])).toEqual(named);
    expect(parsed([...words, '--inventory=other.yaml'])).toEqual(named);
  });

  it('stands in the help of a command', () => {
    expect(podlift(['gate', '--help']).stdout).toContain('--inventory <path>');
  });

  it('wins over PODLIFT_INVENTORY, which wins over inventory.yaml', () => {
    write('inventory.yaml', 'nothing');
    write('one.yaml', 'nothing');
    write('infra/two.yaml', SOUND);
    const variable = { PODLIFT_INVENTORY: 'one.yaml' };
    expect(podlift(['validate'], variable).stdout).toContain('one.yaml:1:1');
    for (const words of [
      ['validate', '--inventory', 'infra/two.yaml'],
      ['--inventory=infra/two.yaml', 'validate'],
    ])
      expect(podlift(words, variable)).toMatchObject({
        status: 0,
        stdout: 'infra/two.yaml: no findings in 1 environment, 1 workload\n',
      });
  });

  it.each([
    ['names no file', ['validate', '--inventory', 'no.yaml'], 1, 'there is no file'],
    ['names a folder', ['status', '--inventory', '.'], 1, 'is a folder, not a file'],
    ['has no value', ['status', '--inventory'], 2, "option '--inventory <path>' argument missing"],
    ['has an empty value', ['status', '--inventory='], 2, 'It is empty'],
    // 2 would mean that there are changes.
    ['has an empty value for plan', ['plan', '--detailed-exitcode', '--inventory='], 1, 'It is empty'],
  ])('ends with a clear error where it %s', (_, words, status, text) => {
    write('inventory.yaml', SOUND);
    const ended = podlift(words);
    expect(ended.status).toBe(status);
    expect(ended.stdout + ended.stderr).toContain(text);
  });

  it('says how to name another file', () => {
    expect(podlift(['validate', '--inventory', 'no.yaml']).stdout).toContain('--inventory PATH');
  });

  it('reaches the command of the sandbox, and ends before --', () => {
    write('a.yaml', SOUND);
    const print = 'console.log(process.env.PODLIFT_INVENTORY, process.argv.slice(1).join(" "))';
    const ended = podlift([
      'sandbox',
      '--inventory',
      'a.yaml',
      '--',
      process.execPath,
      '-e',
      print,
      '--',
      '--inventory',
      'b',
    ]);
    expect(ended).toMatchObject({ status: 0, stdout: 'a.yaml --inventory b\n' });
  });
});
