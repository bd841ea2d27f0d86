import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inventoryIn, run, SOUND, useFolder } from './commandLine';

const folder = useFolder();
const podlift = (words: string[], env: Record<string, string> = {}) => run(['src/cli/podlift.js', ...words], env);

describe('podlift', () => {
  it.each([
    ['an unknown command', ['migrate'], /unknown command/],
    ['an unknown option', ['validate', '--fromat', 'json'], /unknown option '--fromat'/],
    ['a format that is none', ['validate', '--format', 'yaml'], /Allowed choices are text, json, github/],
    ['words too many', ['validate', 'now'], /too many arguments/],
  ])('answers %s with what is wrong and exit code 2', (_what, words, message) => {
    const { status, stderr } = podlift(words);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('tells what there is, with --help, and exits 0', () => {
    const { status, stdout } = podlift(['--help']);
    expect(stdout).toMatch(/validate[\s\S]*sandbox[\s\S]*demo/);
    expect(status).toBe(0);
  });
});

describe('podlift demo', () => {
  it('says in one line what to install where there is no Terraform, and exits 2', () => {
    const { status, stderr, stdout } = podlift(['demo'], { TERRAFORM_BINARY_NAME: join(folder.path, 'none') });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/Install Terraform 1\.10 or later/)]);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('podlift sandbox', () => {
  const sandbox = (...words: string[]) =>
    run([resolve('src/cli/podlift.js'), 'sandbox', ...words], inventoryIn(folder, SOUND), folder.path);

  it('says in one line when it cannot save its state, and exits 2', () => {
    writeFileSync(join(folder.path, '.podlift'), 'a file where a folder is needed');
    const { status, stdout, stderr } = sandbox('--', 'true');
    expect(stderr).toBe('podlift: .podlift is not a folder, and podlift keeps its own files there: delete it\n');
    expect([status, stdout]).toEqual([2, '']);
  });

  it('names the file that is not a saved sandbox, and the fix', () => {
    expect(sandbox('--', 'true').status).toBe(0);
    const [hash = ''] = readdirSync(join(folder.path, '.podlift', 'sandbox'));
    writeFileSync(join(folder.path, '.podlift', 'sandbox', hash, 'aws.json'), '{"version":1');
    const { status, stderr } = sandbox('--', 'true');
    expect(stderr).toMatch(
      /^podlift: \.podlift\/sandbox\/\w+\/aws\.json is not a saved sandbox .* --fresh, or delete .*\n$/,
    );
    expect(status).toBe(2);
    expect(sandbox('--fresh', '--', 'true').status).toBe(0);
  });

  it('names the account of the command, and how to use another one', () => {
    const text = SOUND.replace(
      'accounts: {',
      'accounts: { data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/d" },',
    );
    const env = inventoryIn(folder, text);
    const { stderr } = run([resolve('src/cli/podlift.js'), 'sandbox', '--', 'true'], env, folder.path);
    expect(stderr).toContain(
      'administrator of account 333333333333 (apps). For another account, set AWS_ACCESS_KEY_ID to its id: 444444444444 data',
    );
  });
});
