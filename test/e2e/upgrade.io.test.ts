import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { examine } from '../../src/cli/examine';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { initialise, plan, planAndApply, type TerraformOptions } from '../../src/runners/stackCommands';
import { findTerraform, providerInstallation } from '../../src/runners/terraformInstallation';
import { writeRoots } from '../../src/runners/writeRoots';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { roots } from '../../stacks/roots';
import { EXAMPLES } from '../stacks/examples';

/**
 * The commit of the previous version. A release sets it to its own commit, and moves what it changed from EXPECTED to the CHANGELOG's section of the release.
 * Version 0.1.0 could not be packed: its stacks come from the repository, by what `cdktf synth` runs.
 */
const PREVIOUS = '0efcca73ef80f1f9b1f1b3f4f83a9aca004d9e67';

/** Changes that an upgrade plans, by example and address. Each stands in CHANGELOG.md. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {};

/** One of each kind: new, shared, adopted and external roles, target roles, agents, providers. */
const UPGRADED = EXAMPLES.filter(({ name }) => ['demo', 'shared-role', 'external-role'].includes(name));

let folder: string;
let previous: string;
let sandbox: Sandbox | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-upgrade-'));
  previous = join(folder, 'previous');
  mkdirSync(previous);
  const archive = execFileSync('git', ['archive', PREVIOUS], { maxBuffer: 512 * 1024 * 1024 });
  execFileSync('tar', ['-x', '-C', previous], { input: archive });
  symlinkSync(resolve('node_modules'), join(previous, 'node_modules'));
});
afterEach(() => sandbox?.stop());
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('an upgrade from the previous version', () => {
  it.each(UPGRADED)(
    'destroys and replaces nothing of $name, and changes what the CHANGELOG says',
    async ({ name, file }) => {
      const terraform = await findTerraform();
      if ('missing' in terraform) throw new Error(terraform.missing);
      const { inventory, blueprints } = examine(file);
      sandbox = await startSandbox({ seed: sandboxSeed(inventory!, blueprints) });
      const { environment: installation } = await providerInstallation(folder);
      const states = join(folder, `${name}-states`);
      mkdirSync(states);
      const environment = sandboxEnvironment(sandbox, installation, states);
      const stackIn = (...path: string[]): TerraformOptions => {
        return { binary: terraform.binary, folder: join(folder, ...path), environment };
      };

      const outdir = join(folder, `${name}-before`);
      execFileSync(process.execPath, ['-r', 'tsx/cjs', 'main.ts'], {
        cwd: previous,
        env: { ...environment, CDKTF_OUTDIR: outdir, PODLIFT_INVENTORY: resolve(file) },
        stdio: 'pipe',
      });
      const out = join(folder, `${name}-after`);
      const written = roots(blueprints, { out, home: folder, stateDirectory: states });
      writeRoots(written, { out, environments: [] });
      const aws = written.filter((root) => !root.name.includes('-service-accounts-'));
      let applied = 0;
      for (const root of aws) {
        await initialise(stackIn(`${name}-before`, 'stacks', root.name));
        const before = await planAndApply(stackIn(`${name}-before`, 'stacks', root.name));
        applied += before.counts.add + before.counts.import;
      }
      expect(applied).toBeGreaterThan(0);
      for (const root of aws) {
        await initialise(stackIn(`${name}-after`, root.name));
        const { changes, counts } = await plan(stackIn(`${name}-after`, root.name));
        expect({ stack: root.name, changes: changes.map(({ address }) => address), destroy: counts.destroy }).toEqual({
          stack: root.name,
          changes: EXPECTED[root.name] ?? [],
          destroy: 0,
        });
      }
    },
  );
});
