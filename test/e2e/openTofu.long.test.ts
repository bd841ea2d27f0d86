import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { initialise, plan, planAndApply, runTerraform, validate } from '../../src/runners/stackCommands';
import { findTerraform } from '../../src/runners/terraformInstallation';
import { engineProject } from './engineProject';
import { buildOpenTofu, openTofuSource } from './openTofuBinary';
import { INVENTORY, rehearseWalks, SHORT_WALK } from './rehearseWave';
import { terraformProject, type TerraformProject } from './terraformProject';

const source = openTofuSource();
const STACKS = ['dev-targets-data', 'dev-identity'];
const AT_DUAL = INVENTORY.replace('dev: irsa', 'dev: dual');
const before = process.env.TERRAFORM_BINARY_NAME;

if (source.from === 'nowhere') {
  it.skip(`OpenTofu: not tested here, since ${source.because}`, () => undefined);
} else
  describe('with the real OpenTofu', () => {
    let project: TerraformProject;
    beforeAll(async () => {
      process.env.TERRAFORM_BINARY_NAME = source.from === 'PATH' ? source.binary : buildOpenTofu();
      project = await terraformProject(AT_DUAL);
    }, 60 * 60_000);
    afterAll(async () => {
      await project.close();
      if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
      else process.env.TERRAFORM_BINARY_NAME = before;
    });
    const stateIn = (stack: string) => join(project.file, '..', `${stack}.tfstate`);

    it('podlift knows it by its name', async () => {
      expect(await findTerraform()).toMatchObject({ product: 'OpenTofu', version: expect.stringMatching(/^1\.\d\d/) });
    });

    it('applies the roots, and then plans no change: the provider comes from a mirror of Terraform too', async () => {
      project.synth(AT_DUAL);
      for (const stack of STACKS) {
        const options = project.stack(stack);
        await initialise(options);
        await validate(options);
        await planAndApply(options);
        const again = await plan(options);
        expect([stack, again.changes, again.counts]).toEqual([stack, [], { add: 0, change: 0, destroy: 0, import: 0 }]);
        expect(existsSync(stateIn(stack))).toBe(true);
      }
    });

    it('says no warning in a plan', async () => {
      const { stdout, stderr } = await runTerraform(['plan', '-no-color'], project.stack('dev-identity'));
      expect(stdout + stderr).not.toContain('Warning');
    });

    it('forgets what an entry with `released` leaves, and destroys nothing', async () => {
      project.synth(AT_DUAL.replace('    wave: pilot\n', '    wave: pilot\n    released: true\n'));
      const { counts } = await planAndApply(project.stack('dev-identity'));
      expect(counts.destroy).toBe(0);
      expect((await plan(project.stack('dev-identity'))).changes).toEqual([]);
    });

    it('goes on with a state that Terraform applied: no change', async () => {
      const own = await terraformProject(AT_DUAL);
      try {
        own.synth(AT_DUAL);
        for (const stack of STACKS) {
          const tofu = own.stack(stack);
          const terraform = {
            ...tofu,
            binary: 'terraform',
            environment: { ...tofu.environment, PODLIFT_PROVIDER_LOCK: '' },
          };
          await initialise(terraform);
          await planAndApply(terraform);
          for (const name of ['.terraform-sandbox', '.terraform.lock.hcl'])
            rmSync(join(tofu.folder, name), { recursive: true });
          await initialise(tofu);
          expect([stack, (await plan(tofu)).changes]).toEqual([stack, []]);
        }
      } finally {
        await own.close();
      }
    });

    it('is what `podlift apply` and `podlift plan` run: after the apply nothing is left to change', async () => {
      const engine = await engineProject(AT_DUAL);
      try {
        const applied = await engine.podlift(['apply', '--auto-approve']);
        expect([applied.status, applied.stdout]).toEqual([0, expect.stringMatching(/dev-identity .* applied/)]);
        expect(await engine.podlift(['plan', '--detailed-exitcode'])).toMatchObject({ status: 0 });
        // The roots that are left where podlift is removed; test/package has the same with what npm installs.
        expect(await engine.podlift(['synth', '--out', 'roots'])).toMatchObject({ status: 0 });
        for (const stack of STACKS) {
          const root = { ...project.stack(stack), folder: join(engine.folder, 'roots', stack) };
          const environment = { ...root.environment, ...engine.environment };
          expect(await runTerraform(['init'], { ...root, environment })).toMatchObject({ exitCode: 0 });
          const planned = await runTerraform(['plan', '-detailed-exitcode'], { ...root, environment });
          expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
        }
      } finally {
        await engine.close();
      }
    });

    rehearseWalks([SHORT_WALK]);
  });
