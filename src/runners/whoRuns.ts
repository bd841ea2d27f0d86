import { spawnSync } from 'node:child_process';
import { hostname, userInfo } from 'node:os';

/** The person who runs podlift, as git and the operating system know them; empty where neither does. */
export function whoRuns(): { readonly git?: string; readonly user?: string } {
  const git = gitAuthor();
  const user = userName();
  return { ...(git !== undefined && { git }), ...(user !== undefined && { user }) };
}

/**
 * `Jo Doe <jo@example.com>`: the author of the next commit. `git var` runs no command of the repository; without settings it would make up a name
 * from that of the host. Source: https://git-scm.com/docs/git-var, https://git-scm.com/docs/git-config (user.useConfigOnly)
 */
function gitAuthor(): string | undefined {
  const settings = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.useConfigOnly',
    GIT_CONFIG_VALUE_0: 'true',
  };
  const { status, stdout } = spawnSync('git', ['var', 'GIT_AUTHOR_IDENT'], {
    encoding: 'utf8',
    env: { ...process.env, ...settings },
    timeout: 5_000,
  });
  const name = status === 0 ? stdout.trim().replace(/ \d+ [+-]\d{4}$/, '') : '';
  return name === '' ? undefined : name;
}

/** `jo@laptop`; nothing in a container whose user has no name. */
function userName(): string | undefined {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return undefined;
  }
}
