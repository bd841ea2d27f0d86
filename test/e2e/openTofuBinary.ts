import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The OpenTofu that is built where the machine has none. Its source is a Go module with a `replace` line: Go builds it only in its own folder. */
const MODULE = 'github.com/opentofu/opentofu';
const VERSION = '1.12.6';

/** Where the OpenTofu of the tests comes from. `none`: the reason. */
export type OpenTofuSource =
  | { readonly from: 'PATH'; readonly binary: string }
  | { readonly from: 'Go' }
  | { readonly from: 'nowhere'; readonly because: string };

/** Finds an OpenTofu of this machine that is new enough, else Go. */
export function openTofuSource(): OpenTofuSource {
  // A command that is not there has no output.
  const { stdout } = spawnSync('tofu', ['version'], { encoding: 'utf8' }) as { stdout: string | null };
  const version = /^OpenTofu v(\d+)\.(\d+)/m.exec(stdout ?? '');
  if (version !== null && (Number(version[1]) > 1 || Number(version[2]) >= 10)) return { from: 'PATH', binary: 'tofu' };
  if (spawnSync('go', ['version']).status === 0) return { from: 'Go' };
  return { from: 'nowhere', because: 'neither OpenTofu 1.10 (tofu) nor Go is on PATH' };
}

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'podlift', `opentofu-${VERSION}`);
const BUILT = join(CACHE, 'tofu');

/** The OpenTofu of PATH, or one that was built before: for tests that have no minutes for a build. `because`: there is none. */
export function openTofuAtHand(): { readonly binary: string } | { readonly because: string } {
  const source = openTofuSource();
  if (source.from === 'PATH') return source;
  if (existsSync(BUILT)) return { binary: BUILT };
  if (source.from === 'nowhere') return source;
  return { because: 'OpenTofu is not built yet: test/e2e/openTofu.long.test.ts builds it with Go' };
}

/** Builds OpenTofu into the cache of the user, once; minutes the first time. Gives the binary. */
export function buildOpenTofu(): string {
  const binary = BUILT;
  if (existsSync(binary)) return binary;
  mkdirSync(CACHE, { recursive: true });
  const downloaded = execFileSync('go', ['mod', 'download', '-json', `${MODULE}@v${VERSION}`], {
    cwd: CACHE,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { Dir: folder } = JSON.parse(downloaded) as { Dir: string };
  // As in a release: `required_version` does not take the version of a development build.
  const release = `-X ${MODULE}/version.dev=no`;
  execFileSync('go', ['build', '-ldflags', release, '-o', binary, './cmd/tofu'], { cwd: folder, stdio: 'inherit' });
  return binary;
}
