import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** An empty repository of a team that has installed what `npm pack` makes. */
export interface PackedProject {
  readonly folder: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  /** Runs a command in the folder; `podlift` is on its PATH. */
  readonly run: (
    command: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  /** Installs further packages of this repository. */
  readonly install: (...names: readonly string[]) => void;
  readonly close: () => void;
}

/**
 * Packs podlift (which writes dist/: one test file alone may do it), and unpacks it as npm installs it: with the packages of `dependencies` beside it, those of this repository, so that nothing is downloaded. No other package
 * can be found from there: not cdktf, the bindings, tsx or TypeScript.
 *
 * @param source the folder of podlift: this repository, or another commit of it
 */
export function packedProject(source = '.'): PackedProject {
  const place = mkdtempSync(join(tmpdir(), 'podlift-packed-'));
  const folder = join(place, 'platform');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'podlift'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', place], {
      cwd: source,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ filename: string; files: { path: string }[] }];
  execFileSync('tar', ['-xzf', join(place, packed.filename), '-C', join(modules, 'podlift'), '--strip-components=1']);
  const { dependencies, bin } = JSON.parse(readFileSync(join(modules, 'podlift', 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
    bin: { podlift: string };
  };
  const install = (...names: readonly string[]) => {
    for (const name of names) {
      const link = join(modules, name);
      mkdirSync(join(link, '..'), { recursive: true });
      symlinkSync(resolve('node_modules', name), link);
    }
  };
  install(...Object.keys(dependencies));
  symlinkSync(join('..', 'podlift', bin.podlift), join(modules, '.bin', 'podlift'));
  execFileSync('git', ['init', '-q', folder]);
  return {
    folder,
    files: packed.files.map(({ path }) => path),
    run: ([program = '', ...words], env = {}) =>
      spawnSync(program, words, {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${join(modules, '.bin')}:${process.env.PATH ?? ''}`, ...env },
      }),
    install,
    close: () => {
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** The Terraform roots below a folder: those with a `main.tf.json`. */
export function rootsIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.tf.json')));
}
