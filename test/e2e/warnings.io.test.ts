import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../../src/cli/examine';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { initialise, runTerraform, type TerraformOptions } from '../../src/runners/stackCommands';
import { findTerraform, providerInstallation } from '../../src/runners/terraformInstallation';
import { writeRoots } from '../../src/runners/writeRoots';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { type Root, roots } from '../../stacks/roots';
import { EXAMPLES } from '../stacks/examples';

// A warning in each plan hides the one that matters.

/** The root that needs a later provider than the one that is everywhere: it has `target_role_arn`. */
const LATER_PROVIDER = '>= 6.2.0, < 7.0.0';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-warnings-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Each example once, whose roots differ in more than the place of the state. */
const DIFFERENT = EXAMPLES.filter(({ file }, index) => {
  const textOf = (one: string) => {
    const all = roots(examine(one).blueprints, { out: '/roots', home: '/', stateDirectory: '/states' });
    return JSON.stringify(all.map(({ name, files }) => [name, ...files]));
  };
  return EXAMPLES.findIndex((one) => textOf(one.file) === textOf(file)) === index;
});

describe.each(DIFFERENT)('the AWS roots of $file', ({ name, file }) => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.stop());

  it('are planned without a warning', async () => {
    const terraform = await findTerraform();
    if ('missing' in terraform) throw new Error(terraform.missing);
    const { inventory, blueprints } = examine(file);
    sandbox = await startSandbox({ seed: sandboxSeed(inventory!, blueprints) });
    const { environment: installation } = await providerInstallation(folder);
    const environment = sandboxEnvironment(sandbox, installation, folder);
    const out = join(folder, name);
    const written = roots(blueprints, { out, home: folder, stateDirectory: join(folder, `${name}-states`) });
    writeRoots(written, { out, environments: [] });
    const planned = written.filter((root) => isPlannedHere(root));
    expect(planned.length).toBeGreaterThan(0);
    for (const root of planned) {
      const options = { binary: terraform.binary, folder: join(out, root.name), environment };
      await initialise(options);
      expect([root.name, await diagnosticsOf(options)]).toEqual([root.name, []]);
    }
  });
});

/** Roots of service accounts need the Kubernetes provider: the test of their schema knows what Terraform would warn of. */
function isPlannedHere({ files }: Root): boolean {
  const { terraform } = JSON.parse(files.get('main.tf.json')!) as {
    terraform: { required_providers: Record<string, { version: string } | undefined> };
  };
  const { aws } = terraform.required_providers;
  return aws !== undefined && aws.version !== LATER_PROVIDER;
}

/** The warnings and errors of a plan, as an operator sees them. */
async function diagnosticsOf(options: TerraformOptions): Promise<readonly string[]> {
  const { stdout, stderr } = await runTerraform(['plan', '-json'], options);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const said = lines.flatMap((line) => {
    const { diagnostic } = JSON.parse(line) as { diagnostic?: { severity: string; summary: string; detail: string } };
    return diagnostic === undefined ? [] : [`${diagnostic.severity}: ${diagnostic.summary}\n${diagnostic.detail}`];
  });
  return stderr === '' ? said : [...said, stderr];
}
