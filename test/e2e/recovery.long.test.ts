import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile } from '../../src/blueprint/compile';
import { examine } from '../../src/cli/examine';
import { sandboxKubernetes } from '../../src/rehearsal/sandboxEnvironment';
import { initialise, plan, planAndApply } from '../../src/runners/stackCommands';
import { terraformProject, type TerraformProject } from './terraformProject';

// The cases of docs/RECOVERY.md, by its commands, with the real Terraform.

const inventory = (stage: string) => `version: 1 # the shop
accounts: { apps: { id: "111111111111" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 } # the agent
        addons:
          aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs-csi-controller-sa: ebs-csi } }
waves:
  pilot: { stages: { prod: ${stage} } }
workloads:
  api:
    wave: pilot
    namespace: shop
    serviceAccount: { name: api, manage: annotate }
    permissions:
      managedPolicies: [AmazonSSMReadOnlyAccess]
      statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }]
    targets:
      ledger:
        account: apps
        permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::ledger/*"] }] }
  ebs-csi:
    wave: pilot
    namespace: kube-system
    serviceAccount: ebs-csi-controller-sa
    permissions: { managedPolicies: [service-role/AmazonEBSCSIDriverPolicy] }
`;

const STACKS = ['prod-targets-apps', 'prod-identity'];
const IDENTITY = 'prod-identity';
let project: TerraformProject;
let environment: Readonly<Record<string, string | undefined>>;
let state: string;

beforeAll(async () => {
  project = await terraformProject(inventory('dual'));
  const { inventory: loaded } = examine(project.file);
  state = join(dirname(project.file), `${IDENTITY}.tfstate`);
  environment = { ...project.environment, ...sandboxKubernetes(project.sandbox, loaded!, dirname(project.file)) };
  const blueprints = project.synth(inventory('dual'));
  await project.serviceAccounts(blueprints);
  for (const name of STACKS) {
    await initialise(project.stack(name));
    await planAndApply(project.stack(name));
  }
});
afterAll(() => project.close());

async function run(name: string, words: readonly string[], cwd?: string) {
  const child = spawn(name, [...words], { env: environment, ...(cwd !== undefined && { cwd }) });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, output: stdout + stderr };
}
const terraform = (...words: readonly string[]) => {
  const { binary, folder } = project.stack(IDENTITY);
  return run(binary, words, folder);
};

interface Report {
  readonly resources: readonly {
    readonly kind: string;
    readonly what: string;
    readonly id?: string;
    readonly remedy: readonly { readonly say?: string; readonly run?: readonly string[] }[];
  }[];
  readonly dead: readonly { readonly why: string }[];
}
async function recover(...words: readonly string[]) {
  const done = await run(process.execPath, [
    'src/cli/podlift.js',
    'recover',
    '-e',
    'prod',
    '--format',
    'json',
    ...words,
  ]);
  if (!done.stdout.startsWith('{')) throw new Error(done.output);
  return { code: done.code, report: JSON.parse(done.stdout) as Report };
}
const kindsOf = ({ resources }: Report) => resources.map(({ kind, what }) => `${kind} ${what}`).sort();
const synth = () => project.synth(readFileSync(project.file, 'utf8'));

/** The commands of the page after `recover --write`: the plan only imports, and nothing is left to do afterwards. */
async function importAll(): Promise<void> {
  synth();
  for (const name of STACKS) {
    const { counts } = await plan(project.stack(name));
    expect(counts).toMatchObject({ add: 0, destroy: 0 });
    await planAndApply(project.stack(name));
  }
  const { code, report } = await recover('--write');
  expect([code, kindsOf(report)]).toEqual([1, []]);
  expect(readFileSync(project.file, 'utf8')).toBe(inventory('dual'));
  await agrees();
}

async function agrees(): Promise<void> {
  synth();
  for (const name of STACKS) expect((await plan(project.stack(name))).changes).toEqual([]);
  expect(await recover()).toMatchObject({ code: 0, report: { resources: [], dead: [] } });
}

it('finds nothing where every state is complete', agrees);

it('imports what a killed apply left: the apply fails before, and the plan is empty after', async () => {
  const addresses = (await terraform('state', 'list')).stdout.split('\n').filter((one) => one !== '');
  const lost = addresses.filter((one) => /association|addon|openid|workloads_api_role/.test(one));
  expect(lost.length).toBeGreaterThanOrEqual(5);
  await terraform('state', 'rm', ...lost);
  expect((await terraform('apply', '-auto-approve', '-no-color')).output).toMatch(/already exists|ResourceInUse/);
  const { code, report } = await recover('--write');
  expect(code).toBe(1);
  expect(kindsOf(report)).toEqual(
    ['addon import', 'agent import', 'association import', 'oidc-provider import', 'role import'].sort(),
  );
  await importAll();
});

it('imports everything after the state is lost', async () => {
  rmSync(state);
  rmSync(`${state}.backup`, { force: true });
  const { code, report } = await recover('--write');
  expect(code).toBe(1);
  expect(report.resources.every(({ what }) => what === 'import')).toBe(true);
  await importAll();
});

it('takes the copy of a damaged local state, which could not be checked before', async () => {
  const whole = readFileSync(state, 'utf8');
  writeFileSync(state, whole.slice(0, whole.length / 2));
  expect(kindsOf((await recover()).report)).toContain('state unknown');
  expect(synth).toThrow(/not JSON/);
  // Terraform keeps no copy of the first version of a state.
  writeFileSync(state, whole);
  const { report } = await recover('--write');
  if (report.resources.length > 0) await importAll();
  else await agrees();
});

it('imports an association that was deleted and created again by hand', async () => {
  const blueprint = compile(examine(project.file).inventory!, 'prod');
  const [wanted] = blueprint.associations.filter(({ addon }) => addon === undefined);
  const place = ['--cluster-name', 'prod-main', '--region', 'us-west-2', '--output', 'json'];
  const listed = await run('aws', ['eks', 'list-pod-identity-associations', ...place, '--namespace', 'shop']);
  const [{ associationId }] = (JSON.parse(listed.stdout) as { associations: [{ associationId: string }] }).associations;
  await run('aws', ['eks', 'delete-pod-identity-association', ...place, '--association-id', associationId]);
  const tags = Object.entries(wanted!.tags).map(([key, value]) => `${key}=${value}`);
  await run('aws', [
    ...['eks', 'create-pod-identity-association', ...place, '--namespace', 'shop', '--service-account', 'api'],
    ...['--role-arn', wanted!.roleArn, '--tags', tags.join(',')],
  ]);
  const { report } = await recover('--write');
  expect(kindsOf(report)).toEqual(['association import']);
  expect(report.resources[0]!.remedy).toContainEqual({
    run: ['terraform', '-chdir=cdktf.out/stacks/prod-identity', 'apply', '-refresh-only'],
  });
  await terraform('apply', '-refresh-only', '-auto-approve', '-no-color');
  synth();
  expect((await terraform('apply', '-auto-approve', '-no-color')).output).toContain('Apply complete');
  await recover('--write');
  await agrees();
});

it('names an association that a rollback left, with commands that remove it, and an agent that stays', async () => {
  const addresses = (await terraform('state', 'list')).stdout.split('\n');
  await terraform('state', 'rm', ...addresses.filter((one) => /association|agent/.test(one)));
  const blueprints = project.synth(inventory('irsa'));
  await project.serviceAccounts(blueprints);
  await planAndApply(project.stack(IDENTITY));
  const { code, report } = await recover('--write');
  expect([code, kindsOf(report)]).toEqual([1, ['agent unwanted', 'association unwanted']]);
  expect(readFileSync(project.file, 'utf8')).toBe(inventory('irsa'));
  for (const { remedy } of report.resources)
    for (const { run: argv } of remedy)
      if (argv?.[0] === 'aws') expect((await run(argv[0], argv.slice(1))).code).toBe(0);
  expect(await recover()).toMatchObject({ code: 0, report: { resources: [] } });
});
