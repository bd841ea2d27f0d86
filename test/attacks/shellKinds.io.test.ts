import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathWord, shellLine, shellWord } from '../../src/inventory/shellWord';
import { aws, kubectl, run as npx } from '../../src/operations/remedies';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { run, SOUND } from '../cli/commandLine';
import { type Change, changed, checkMarked } from '../inventory/marked';

// Words that shells read in ways of their own, names of an inventory that become arguments, and programs that answer with control sequences.

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-shells-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const SHELLS: readonly (readonly [string, readonly string[]])[] = [
  ['sh', []],
  ['dash', []],
  ['bash', []],
  ['bash', ['--posix']],
  ['bash', ['-O', 'extglob', '-O', 'globstar', '-O', 'nullglob']],
  ['zsh', ['-f']],
  ['zsh', ['-f', '-o', 'extendedglob', '-o', 'magicequalsubst', '-o', 'nullglob']],
  ['ksh', []],
  ['busybox', ['sh']],
];
const installed = SHELLS.filter(([shell, options]) => spawnSync(shell, [...options, '-c', ':']).status === 0);

const WORDS: readonly string[] = [
  '~+',
  '~-',
  '~1',
  ':~',
  'a:~root',
  'PATH=~',
  '--x=~',
  '==ls',
  '-=ls',
  '--x==ls',
  'a=(touch pwned)',
  "$'touch\\x20pwned'",
  '$"x"',
  '<<EOF',
  '2>pwned',
  '>&pwned',
  '&>pwned',
  '>|pwned',
  '{pwned}>pwned',
  '@(a|b)',
  '!(x)',
  '+(x)',
  '**',
  '[!a]*',
  '{1..100}',
  '%%',
  '%?x',
  'a[$(touch pwned)]',
  'a[$(touch pwned)]=1',
  '$((a[$(touch pwned)]))',
  '$[1+1]',
  '${x:=$(touch pwned)}',
  '${(e):-$(touch pwned)}',
  '*(e:"touch pwned":)',
  '(#e)',
  '^x^touch pwned^',
  '!-1',
  '!{x}',
  '!#',
  '\\\n',
  'a\\',
  "a'\\",
  'if',
  '!',
  '[[',
  'coproc',
  'a\u00a0b',
  '\u3000',
  'a\u2028b',
  'a\u0085b',
  '\u2800',
  'e\u0301',
  'a\u0001b\u007f',
  '\u001b]52;c;eA==\u0007',
  'a'.repeat(60_000),
  "'".repeat(500),
  '##VSO[x]',
  '##[error]',
  '::error::x',
  '\n\n\n',
  'a\n-rf',
  '\r\n',
];

describe.each(installed)('%s %j', (shell, options) => {
  it('takes each printed word for its argument, alone and after others, and runs nothing of it', () => {
    for (const word of WORDS) {
      for (const line of [
        shellWord(word),
        shellLine(['x', word]).slice(2),
        shellLine(['x', '--option', word]).slice(11),
      ]) {
        const { stdout } = spawnSync(shell, [...options, '-c', `printf '%s\\0' ${line}`], {
          cwd: folder,
          encoding: 'utf8',
        });
        expect([word, stdout.split('\0').slice(0, -1)]).toEqual([word, [word]]);
      }
    }
    expect(readdirSync(folder)).toEqual([]);
  }, 120_000);

  it.each([
    ['a[$(touch pwned)]=1'],
    ['a[`touch pwned`]+=1'],
    ['a+=$(touch pwned)'],
    ['A=$(touch pwned)'],
    ['1A=$(touch pwned)'],
    ['=$(touch pwned)'],
    ['A B=$(touch pwned)'],
    ['A=b\ntouch pwned'],
    ['A=~$(touch pwned)'],
    ['ä=$(touch pwned)'],
    ['if'],
    ['{'],
    ['! touch'],
    ['time touch pwned'],
    ['touch pwned'],
    ['function'],
    ['.'],
    ['\u001b'],
  ])('runs nothing of a first word that looks like more: %j', (word) => {
    spawnSync(shell, [...options, '-c', shellLine([word, 'printf', 'x'])], { cwd: folder });
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('a shell with a history takes each printed word for its argument', () => {
  const lines = WORDS.map((word) => `printf '%s\\0' ${shellWord(word)}\n`).join('');
  const input = `set -o history -o histexpand\nprintf ''\n${lines}`;
  const { stdout } = spawnSync('bash', ['--norc', '--noprofile'], { cwd: folder, encoding: 'utf8', input });
  expect(stdout.split('\0').slice(0, -1)).toEqual(WORDS);
  expect(readdirSync(folder)).toEqual([]);
});

describe('a path', () => {
  it.each(['-', '--', '-rf', '-\n', '--help', '-=x', '~', '~/x', '=x', '@x', '+x', '-\u2028'])(
    'is a file for every program: %j',
    (path) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${pathWord(path)}`], { encoding: 'utf8' });
      expect(stdout.slice(0, -1)).toBe(path.startsWith('-') ? `./${path}` : path);
    },
  );
});

describe('a value in a command that podlift prints and rehearses', () => {
  it.each([
    '--debug',
    '-',
    '--',
    '-x y',
    '--endpoint-url=http://evil.invalid',
    '--profile evil',
    '--cli-input-json=file:///etc/passwd',
  ])('is one argument: %j', (value) => {
    const account = { key: 'a', id: '111111111111' } as never;
    const options = [
      aws(account)`iam get-role --role-name ${value}`,
      aws(account)`iam list-attached-role-policies --role-name ${value} --query x`,
      kubectl({ arn: 'c' } as never)`get pods --selector ${value}`,
      npx`npx podlift discover --cluster ${value} --write`,
    ];
    for (const option of options) {
      const { run: argv } = option as { run: readonly string[] };
      expect(argv.filter((word) => word === value)).toEqual([]);
      expect(argv.filter((word) => word.endsWith(`=${value}`))).toHaveLength(1);
    }
  });

  it.each(['a b', 'a\0b', '\0', '\x000\x00', '${x}', '%s', '\n', ''])('is never cut or filled again: %j', (value) => {
    const { run: argv } = npx`npx podlift gate ${value} --environment ${value}` as { run: readonly string[] };
    expect(argv).toEqual(['npx', 'podlift', 'gate', value, '--environment', value]);
  });
});

describe('a name of the inventory that becomes an argument, a path or the name of a stack', () => {
  const HOSTILE = [
    '-x',
    '--all',
    '$(touch pwned)',
    'a b',
    'a\\nb',
    '../x',
    'a/b',
    '.',
    '..',
    '__proto__',
    'a;b',
    'a\\u001b[2J',
    'a\\u202eb',
    '=x',
    '~',
    'ä',
    'a'.repeat(300),
  ];
  const FIELDS: readonly (readonly [string, (name: string) => Change])[] = [
    ['workload', (name) => ({ replace: { '  api:\n': `  ${name}:\n` } })],
    ['wave', (name) => ({ replace: { '  pilot: {': `  ${name}: {`, 'wave: pilot': `wave: ${name}` } })],
    ['environment', (name) => ({ replace: { '  dev:\n': `  ${name}:\n`, 'stages: { dev: dual, ': 'stages: { ' } })],
    ['account', (name) => ({ replace: { '  apps: {': `  ${name}: {`, 'account: apps': `account: ${name}` } })],
    [
      'cluster',
      (name) => ({ replace: { '      main:\n        name: dev-main': `      ${name}:\n        name: dev-main` } }),
    ],
    ['name of a cluster', (name) => ({ replace: { 'name: dev-main': `name: ${name}` } })],
    ['namespace', (name) => ({ replace: { 'namespace: production': `namespace: ${name}` } })],
    ['service account', (name) => ({ replace: { 'serviceAccount: api': `serviceAccount: ${name}` } })],
    [
      'region',
      (name) => ({ replace: { 'account: apps\n    region: us-west-2': `account: apps\n    region: ${name}` } }),
    ],
    ['bucket', (name) => ({ replace: { 'bucket: acme-tfstate': `bucket: ${name}` } })],
    ['role', (name) => ({ append: `    role: { name: ${name} }\n` })],
    ['path of a role', (name) => ({ append: `    role: { path: ${name} }\n` })],
    ['deploy role', (name) => ({ replace: { '"111111111111" }': `"111111111111", deployRole: ${name} }` } })],
    [
      'target',
      (name) => ({
        append: `    targets: { ${name}: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } }\n`,
      }),
    ],
    ['version of the agent', (name) => ({ replace: { 'version: v1.3.4-eksbuild.1': `version: ${name}` } })],
    ['version of a cluster', (name) => ({ replace: { 'version: "1.33"': `version: ${name}` } })],
    ['issuer', (name) => ({ replace: { '"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"': name } })],
  ];
  // IAM accepts these names for roles. They are in no path, and in commands they are quoted.
  const ACCEPTED = new Set(['-x', '--all', '.', '..', '__proto__', '=x'].map((name) => `role ${name}`));

  it.each(FIELDS)('is an error where it is no name: %s', (field, change) => {
    const accepted = HOSTILE.filter((name) => {
      const quoted = `"${name}"`;
      const { loaded } = checkMarked({ 'inventory.yaml': changed(change(quoted)) });
      return !loaded.findings.some(({ severity }) => severity === 'error');
    });
    expect(accepted.map((name) => `${field} ${name}`).filter((name) => !ACCEPTED.has(name))).toEqual([]);
  });
});

describe('the environment of a rehearsal', () => {
  it.each([
    'AWS_PROFILE',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_ENDPOINT_URL_STS',
    'AWS_ENDPOINT_URL_S3',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_ROLE_ARN',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'AWS_SDK_LOAD_CONFIG',
    'AWS_STS_REGIONAL_ENDPOINTS',
    'AWS_USE_FIPS_ENDPOINT',
    'KUBE_CONFIG_PATHS',
    'KUBE_HOST',
    'KUBE_TOKEN',
    'KUBE_CTX',
    'KUBERNETES_SERVICE_HOST',
    'KUBERNETES_MASTER',
  ])('has nothing that leads to real accounts and clusters: %s', (name) => {
    const sandbox = { environment: () => ({ AWS_ACCESS_KEY_ID: 'sandbox' }), endpoint: 'http://127.0.0.1:1' } as never;
    expect(sandboxEnvironment(sandbox, {}, folder, { [name]: 'evil', PATH: 'x' })).not.toHaveProperty(name, 'evil');
  });
});

describe('a program that answers with control sequences', () => {
  const SAYS =
    '\u001b[2J\u001b]0;owned\u0007\u202eadmin\u009b31m\n::error::owned\n##[error]owned\n   ::stop-commands::x\n\u00a0::add-mask::x\n';
  const clean = (text: string) => {
    expect(text).not.toMatch(/[\u001b\u0007\u202e\u009b]|##\[/);
    for (const line of text.split(/[\r\n]/)) expect(line.trim().startsWith('::')).toBe(false);
  };

  /** Runs podlift with programs in front of those of the machine, each of which says the text and fails. */
  function withPrograms(programs: readonly string[], words: readonly string[]) {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(folder, 'says'), SAYS);
    for (const name of programs) {
      writeFileSync(
        join(bin, name),
        `#!/bin/sh\ncat ${join(folder, 'says')}\ncat ${join(folder, 'says')} >&2\nexit 1\n`,
      );
      chmodSync(join(bin, name), 0o755);
    }
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, SOUND.replace('version: "1.33",', 'version: "1.33", kubernetes: { context: c },'));
    const environment = {
      PODLIFT_INVENTORY: file,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_MAX_ATTEMPTS: '1',
    };
    return run([join(process.cwd(), 'src/cli/podlift.js'), ...words], environment);
  }

  it.each([
    ['kubectl', ['doctor', '--environment', 'prod']],
    ['kubectl', ['drift', '--environment', 'prod']],
    ['kubectl', ['discover', '--environment', 'prod', '--cluster', 'main']],
    ['git', ['check', '--base', 'HEAD']],
    ['terraform', ['rehearse', '--environment', 'prod']],
    ['terraform', ['sandbox', '--', 'true']],
  ])('is %s, and podlift %j shows it without', (program, words) => {
    const { stdout, stderr, status } = withPrograms([program], words);
    clean(stdout);
    clean(stderr);
    expect(status).not.toBe(null);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it.each([
    [`--${SAYS}`],
    [SAYS],
    ['doctor', '--environment', SAYS],
    ['doctor', '--format', SAYS],
    ['gate', SAYS, '--environment', SAYS],
    ['check', '--base', SAYS],
    ['validate', SAYS],
    ['sandbox', '--', SAYS],
    ['discover', '--environment', 'prod', '--cluster', SAYS],
    ['help', SAYS],
    ['rollback', 'pilot', '--environment', `prod${SAYS}`],
    ['drift', '--estate', SAYS],
    ['doctor', '--timeout', SAYS],
  ])('is the person’s own command line: %j', (...words) => {
    const { stdout, stderr, status } = withPrograms([], words);
    clean(stdout);
    clean(stderr);
    expect(status).toBe(2);
  });
});
