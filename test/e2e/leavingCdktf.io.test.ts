import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { initialise, runTerraform } from '../../src/runners/stackCommands';
import { run } from './estateProject';
import { terraformProject, type TerraformProject } from './terraformProject';

// docs/LEAVING_CDKTF.md: the states that cdktf applied are those of the roots, and each resource has the same address in both.

const ACCOUNT = '333333333333';
const ISSUER = `https://oidc.eks.us-west-2.amazonaws.com/id/${'A'.repeat(32)}`;
const INVENTORY = `version: 1
accounts:
  apps: { id: "${ACCOUNT}" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
environments:
  prod:
    account: apps
    region: us-west-2
    tags: { cost-centre: platform }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "${ISSUER}", provider: managed }
        agent: { version: v1.3.4-eksbuild.1, configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } } }
waves:
  first: { stages: { prod: dual } }
workloads:
  orders-api:
    wave: first
    namespace: shop
    serviceAccount: orders-api
    permissions:
      managedPolicies: ["arn:{partition}:iam::aws:policy/AmazonSQSFullAccess"]
      statements:
        - actions: [s3:GetObject]
          resources: ["arn:{partition}:s3:::acme-orders/\${aws:PrincipalTag/kubernetes-namespace}/*"]
    targets:
      ledger:
        account: data
        permissions:
          statements: [{ actions: [dynamodb:Query], resources: ["arn:{partition}:dynamodb:{region}:{accounts.data}:table/ledger"] }]
`;
const STACKS = ['prod-targets-data', 'prod-identity'];

let project: TerraformProject;
let folder: string;
let environment: Readonly<Record<string, string | undefined>>;
beforeAll(async () => {
  project = await terraformProject(INVENTORY);
  folder = join(project.file, '..', 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'inventory.yaml'), INVENTORY);
  cpSync('cdktf.json', join(folder, 'cdktf.json'));
  // The states stand where they stand without a sandbox: in the folder of the project.
  environment = {
    ...project.environment,
    PODLIFT_INVENTORY: undefined,
    PODLIFT_STATE_DIRECTORY: undefined,
    CDKTF_OUTDIR: undefined,
  };
});
afterAll(() => project.close());

/** What `cdktf.json` starts, and `podlift synth`. */
const CDKTF = ['-r', require.resolve('tsx/cjs'), resolve('main.ts')];
const PODLIFT = [resolve('src/cli/podlift.js'), 'synth', '--out', 'roots'];
const writtenBy = async (words: readonly string[]) => {
  const { code, stderr } = await run(words, environment, process.execPath, [], folder);
  expect([code, stderr]).toEqual([0, expect.not.stringMatching(/error:/i)]);
};
const within = (...path: string[]) => ({
  binary: project.stack('prod-identity').binary,
  folder: join(folder, ...path),
  environment,
});
const cdktf = (stack: string) => within('cdktf.out', 'stacks', stack);
const root = (stack: string) => within('roots', stack);
const exitOfPlan = async (options: ReturnType<typeof within>) => {
  const { exitCode, stdout, stderr } = await runTerraform(['plan', '-no-color', '-detailed-exitcode'], options);
  return [exitCode, exitCode === 0 ? '' : stdout + stderr];
};

describe('a project that cdktf applied', () => {
  it('has its stacks in AWS, and its states in its folder', async () => {
    await writtenBy(CDKTF);
    for (const stack of STACKS) {
      await initialise(cdktf(stack));
      expect(await runTerraform(['apply', '-auto-approve'], cdktf(stack))).toMatchObject({ exitCode: 0 });
      expect(existsSync(join(folder, `terraform.${stack}.tfstate`))).toBe(true);
    }
  });

  it('goes on with plain roots: the plan of each has no change', async () => {
    await writtenBy(PODLIFT);
    for (const stack of STACKS) {
      await initialise(root(stack));
      expect([stack, ...(await exitOfPlan(root(stack)))]).toEqual([stack, 0, '']);
    }
  });

  it('can go back to cdktf: after a change through the roots, its plan has no change', async () => {
    writeFileSync(join(folder, 'inventory.yaml'), INVENTORY.replace('prod: dual', 'prod: cutover'));
    await writtenBy(PODLIFT);
    await writtenBy(CDKTF);
    for (const stack of STACKS) {
      expect(await runTerraform(['apply', '-auto-approve'], root(stack))).toMatchObject({ exitCode: 0 });
      expect([stack, ...(await exitOfPlan(cdktf(stack)))]).toEqual([stack, 0, '']);
    }
  });

  it('can leave podlift: the roots plan without it, wherever they and the states move together', async () => {
    const elsewhere = join(folder, '..', 'infrastructure');
    mkdirSync(elsewhere);
    renameSync(join(folder, 'roots'), join(elsewhere, 'roots'));
    for (const stack of STACKS)
      renameSync(join(folder, `terraform.${stack}.tfstate`), join(elsewhere, `terraform.${stack}.tfstate`));
    for (const stack of STACKS) {
      const moved = { ...root(stack), folder: join(elsewhere, 'roots', stack) };
      expect([stack, ...(await exitOfPlan(moved))]).toEqual([stack, 0, '']);
      expect(readFileSync(join(moved.folder, 'main.tf.json'), 'utf8')).not.toContain(folder);
    }
  });
});
