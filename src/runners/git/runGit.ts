import { spawnSync } from 'node:child_process';

/** What git answered. */
export type GitAnswer =
  | { readonly ok: true; readonly output: Buffer }
  | { readonly ok: false; readonly why: 'no-git' | 'failed'; readonly message: string };

/** Of a hook or a wrapper: they would make git look at another repository than the folder's. */
const ELSEWHERE = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
];
const LARGEST_OUTPUT = 512 * 1024 * 1024;

/** Runs git in a folder, without a shell, and reads all that it prints. `message` is git's own, one line. */
export function runGit(folder: string, args: readonly string[], input = ''): GitAnswer {
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  for (const name of ELSEWHERE) Reflect.deleteProperty(env, name);
  const { error, status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], {
    env,
    input,
    maxBuffer: LARGEST_OUTPUT,
  });
  if (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { ok: false, why: 'no-git', message: 'git is not installed, or not in the PATH' }
      : { ok: false, why: 'failed', message: error.message };
  }
  if (status === 0) return { ok: true, output: stdout };
  const [line = ''] = stderr.toString().trim().split('\n');
  return { ok: false, why: 'failed', message: line.replace(/^(fatal|error): /, '') };
}
