import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { examine } from '../../src/cli/examine';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { providerInstallation } from '../../src/runners/terraformInstallation';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { type PackedProject, packedProject } from '../package/packedProject';
import { EXAMPLES } from '../stacks/examples';
import type { EngineDocument } from './engineProject';

/**
 * The commit of the previous version. A release sets it to its own commit, and moves what it changed from EXPECTED to the CHANGELOG's section of the release.
 * Version 0.1.0 could not be packed: this is the first commit whose package plans and applies.
 */
const PREVIOUS = '08a056459f4cf1013f00b1431aafb0f4acf6e762';

/** Changes that an upgrade plans, as `stack: action address`. Each stands in CHANGELOG.md. */
const EXPECTED: readonly string[] = [];

/**
 * Tests that apply examples with the packed previous version, and plan them with this one. Nothing may be destroyed or replaced, and the roots
 * that cannot be applied must have the same resources.
 *
 * @param chosen the names of examples
 */
export function upgrades(chosen: (name: string) => boolean): void {
  let folder: string;
  let previous: string;
  let installed: PackedProject;
  let sandbox: Sandbox | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'podlift-upgrade-'));
    // Below this repository: the compiler does not follow a link to its packages.
    mkdirSync('.podlift', { recursive: true });
    previous = resolve(mkdtempSync(join('.podlift', 'previous-')));
    const archive = execFileSync('git', ['archive', PREVIOUS], { maxBuffer: 512 * 1024 * 1024 });
    execFileSync('tar', ['-x', '-C', previous], { input: archive });
    installed = packedProject(previous);
  });
  afterEach(async () => {
    await sandbox?.stop();
    sandbox = undefined;
  });
  afterAll(() => {
    installed.close();
    rmSync(previous, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  describe('an upgrade from the packed previous version', () => {
    it.each(EXAMPLES.filter(({ name }) => chosen(name)))(
      'destroys and replaces nothing of $name, and changes what the CHANGELOG says',
      async (one) => {
        const file = join(previous, one.file);
        if (!existsSync(file)) return;
        const { inventory, blueprints } = examine(file);
        sandbox = await startSandbox({ seed: sandboxSeed(inventory!, blueprints) });
        const { environment } = await providerInstallation(folder);
        const home = join(folder, one.name);
        const states = join(home, 'states');
        mkdirSync(states, { recursive: true });
        const env = { ...sandboxEnvironment(sandbox, environment, states), PODLIFT_INVENTORY: file, NO_COLOR: '1' };
        const runs = (program: string, name: string) => {
          const cwd = join(home, name);
          mkdirSync(cwd);
          return async (...words: readonly string[]) =>
            (
              await promisify(execFile)(process.execPath, [program, ...words], {
                cwd,
                env,
                maxBuffer: 64 * 1024 * 1024,
              })
            ).stdout;
        };
        const before = runs(join(installed.folder, 'node_modules', 'podlift', 'src', 'cli', 'podlift.js'), 'before');
        const after = runs(resolve('src/cli/podlift.js'), 'after');

        await before('synth', '--out', 'roots');
        await after('synth', '--out', 'roots');
        const stacks = readdirSync(join(home, 'before', 'roots'));
        const rootOf = (version: string, stack: string) =>
          JSON.parse(readFileSync(join(home, version, 'roots', stack, 'main.tf.json'), 'utf8')) as Root;
        // The Kubernetes provider, and version 6 of that of AWS, are not on every machine that runs the tests: their roots are compared as they are.
        const aws = stacks.filter((stack) => isApplied(rootOf('before', stack)));
        expect(aws).not.toEqual([]);
        const othersOf = (version: string) =>
          stacks
            .filter((stack) => !aws.includes(stack))
            .map((stack) => ({ stack, ...resourcesOf(rootOf(version, stack)) }));
        expect(othersOf('after')).toEqual(othersOf('before'));

        const applied = JSON.parse(
          await before('apply', ...aws, '--auto-approve', '--format', 'json'),
        ) as EngineDocument;
        expect(applied.stacks.map(({ stack, result }) => [stack, result]).sort()).toEqual(
          aws.map((stack) => [stack, 'applied']).sort(),
        );
        const planned = JSON.parse(await after('plan', ...aws, '--format', 'json')) as EngineDocument;
        expect(planned.stacks.map(({ stack }) => stack).sort()).toEqual([...aws].sort());
        const changes = planned.stacks.flatMap(({ stack, changes: all }) =>
          all.map(({ action, address }) => `${stack}: ${action} ${address}`),
        );
        expect(changes.filter((change) => !EXPECTED.includes(change))).toEqual([]);
        expect(planned.stacks.map(({ destroy }) => destroy)).toEqual(aws.map(() => 0));
      },
    );
  });
}

interface Root {
  readonly terraform: {
    readonly required_providers: Readonly<Record<string, { readonly version: string } | undefined>>;
  };
  readonly resource?: object;
  readonly removed?: readonly { readonly from: string }[];
}

function isApplied({ terraform: { required_providers: providers } }: Root): boolean {
  return providers.kubernetes === undefined && providers.aws?.version.startsWith('>= 5.') === true;
}

/** The order of `removed` blocks says nothing to Terraform. Source: https://developer.hashicorp.com/terraform/language/block/removed */
function resourcesOf({ resource = {}, removed = [] }: Root) {
  return { resource, removed: removed.toSorted((a, b) => (a.from < b.from ? -1 : 1)) };
}
