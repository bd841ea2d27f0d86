import { spawnSync } from 'node:child_process';
import { devNull } from 'node:os';

/** The operator's own variables of git that say where git is installed and how far it searches for a repository. */
const KEPT = new Set(['GIT_EXEC_PATH', 'GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM']);

/**
 * Variables that let git do nothing but read what is on this disk. No other variable of git reaches it: a hook or a wrapper would lead it to
 * another repository. A partial clone gets no missing object: a fetch runs commands that `.git/config` names (git before 2.44 does not know
 * GIT_NO_LAZY_FETCH, and every version refuses all protocols but those in GIT_ALLOW_PROTOCOL).
 * Source: https://git-scm.com/docs/git#_environment_variables
 */
const READS_ONLY = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: devNull,
  GIT_CONFIG_GLOBAL: devNull,
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
};

/** Overrules what `.git/config` can name as a command to run. Source: https://git-scm.com/docs/git-config */
const NO_COMMANDS = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  `core.attributesFile=${devNull}`,
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=false',
  'credential.helper=',
  'diff.external=',
  'gpg.program=false',
  'protocol.allow=never',
];

const LARGEST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs git in a folder to read its repository: without a shell, hooks, filters, fetches, external protocols, and without the configuration of
 * the system and the user, except for `safe.directory`. Gives all that git prints. Throws when git fails, with the first line of its message.
 */
export function git(folder: string, args: readonly string[], input = ''): Buffer {
  const settings = [...NO_COMMANDS, ...safeFolders()].flatMap((setting) => ['-c', setting]);
  const { status, stdout, stderr } = runGit(['-C', folder, ...settings, ...args], environment(READS_ONLY), input);
  if (status === 0) return stdout;
  const [first = ''] = stderr.toString().trim().split('\n');
  const fix = first.includes('dubious ownership')
    ? '. If you trust its owner: git config --global --add safe.directory FOLDER'
    : '';
  throw new Error(`git ${args[0] ?? ''} in ${folder}: ${first}${fix}`);
}

/** The text that git prints, without space around it; empty when git fails or has nothing to say. */
export function answer(folder: string, args: readonly string[]): string {
  try {
    return git(folder, args).toString('utf8').trim();
  } catch {
    return '';
  }
}

/** Files of a folder that its repository has; none without a repository. */
export function trackedFiles(folder: string): readonly string[] {
  return answer(folder, ['ls-files', '-z', '--', '.']).split('\0').filter(Boolean);
}

let trusted: readonly string[] | undefined;

/**
 * The folders of other owners that the operator trusts, as settings: CI in a container reads a repository of another user. Only the operator's
 * own configuration is asked, never that of a repository.
 */
function safeFolders(): readonly string[] {
  const env = { ...process.env, LC_ALL: 'C', GIT_DIR: devNull };
  trusted ??= runGit(['config', '--null', '--get-all', 'safe.directory'], env)
    .stdout.toString('utf8')
    .split('\0')
    .slice(0, -1)
    .map((folder) => `safe.directory=${folder}`);
  return trusted;
}

function runGit(args: readonly string[], env: NodeJS.ProcessEnv, input = '') {
  const result = spawnSync('git', args, { env, input, maxBuffer: LARGEST_OUTPUT });
  const code = (result.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') throw new Error('git is not installed, or not in the PATH');
  // Git can end before it has read its input, and says on stderr why.
  if (result.error && code !== 'EPIPE') throw result.error;
  return result;
}

function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.has(name));
  return { ...Object.fromEntries(others), ...own };
}
