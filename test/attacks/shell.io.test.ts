import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pathWord, shellLine, shellWord } from '../../src/inventory/shellWord';
import { printable } from '../../src/inventory/printable';
import { aws, kubectl } from '../../src/operations/remedies';

// podlift prints commands for people to paste. Their arguments come from clusters and accounts.

const SHELLS = ['sh', 'bash', 'zsh', 'dash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-shell-'))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The arguments that a shell gets from a line. */
function parsedBy(shell: string, line: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync(shell, ['-c', `printf '%s\\0' ${line}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\0').slice(0, -1);
}

const HOSTILE: readonly string[] = [
  '',
  ' ',
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned #',
  '&& touch pwned',
  '| tee pwned',
  '> pwned',
  '\ntouch pwned\n',
  "'; touch pwned; '",
  '"; touch pwned; "',
  "it's",
  "'",
  '\\',
  "\\'",
  '${IFS}touch${IFS}pwned',
  '$HOME',
  '~',
  '~root',
  'a=~',
  '=ls',
  '=(ls)',
  '!!',
  '!touch',
  'a!b',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '(a)',
  'a#b',
  '#a',
  '^a^b',
  '%1',
  '-x',
  '--help',
  '-',
  '--',
  '-n',
  'a\nb',
  '\n',
  'a\n\n',
  '\t',
  '\r',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\u202eabc',
  '\u200b',
  '%s%d\\n\u0007',
  '!\u0007$`"',
  "it's\u0007",
  '-\u0007',
  '::error::x\u0007',
  '##[error]',
  'ü\u{1f600}',
  '<(ls)',
  'a&b',
  '*(e:touch pwned:)',
];

describe.each(SHELLS)('%s', (shell) => {
  it.each(HOSTILE)('takes the printed word for the argument %j, and runs nothing of it', (word) => {
    expect(parsedBy(shell, shellWord(word))).toEqual([word]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes every printed line for its arguments', () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...Array.from('ab \'"\\$`!~=-*?[]{}()<>|&;#^%\n\t\u001b\u202e')) }),
      fc.constantFrom(...HOSTILE),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const argv = words.map((one) => one.replaceAll('\0', ''));
        expect(parsedBy(shell, shellLine(['x', ...argv]).slice(2))).toEqual(argv);
      }),
      { numRuns: 150 },
    );
    expect(readdirSync(folder)).toEqual([]);
  }, 120_000);

  it('takes variables before a command for assignments', () => {
    const line = shellLine(['A=a b', 'B_1=$(touch pwned)', 'sh', '-c', 'printf "%s|" "$A" "$B_1" "$@"', 'x', 'C=c d']);
    expect(spawnSync(shell, ['-c', line], { cwd: folder, encoding: 'utf8' }).stdout).toBe('a b|$(touch pwned)|C=c d|');
  });
});

it('the printer changes no printed word', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)), (text) => {
      fc.pre(!/\n$|[\ud800-\udfff]/u.test(text));
      const word = `kubectl ${shellWord(text)}`;
      expect(printable(word)).toBe(word);
    }),
    { numRuns: 1000 },
  );
});

describe('a value that begins with -', () => {
  it('is no option of the AWS CLI or kubectl', () => {
    const account = { key: 'a', id: '111111111111' } as never;
    expect(aws(account)`iam get-role --role-name ${'--debug'} --query Role`).toMatchObject({
      run: ['aws', 'iam', 'get-role', '--role-name=--debug', '--query', 'Role'],
    });
    expect(kubectl({ arn: 'c' } as never)`get pods --selector ${'-x'}`).toMatchObject({
      run: ['kubectl', '--context', 'c', 'get', 'pods', '--selector=-x'],
    });
  });

  it('is no option of rm when it is a file', () => {
    expect(pathWord('-rf')).toBe('./-rf');
    expect(pathWord('-a b')).toBe("'./-a b'");
    expect(pathWord('a')).toBe('a');
  });
});
