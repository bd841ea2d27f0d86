import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, type ApplyOptions } from '../../../src/cli/commands/apply';
import { plan, type PlanOptions } from '../../../src/cli/commands/plan';
import { UsageError } from '../../../src/cli/exit';
import type { PlannedChange } from '../../../src/runners/stackCommands';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { type FakeStack, type FakeTerraform, fakeTerraform } from '../../runners/engine/fakeTerraform';

const inventory = ({ stage = 'dual', actions = 's3:GetObject', later = 'irsa' } = {}) => `version: 1
accounts:
  apps: { id: "333333333333" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
environments:
  prod:
    account: apps
    region: us-west-2
    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
        kubernetes: { context: prod-main }
waves:
  pilot: { stages: { prod: ${stage} } }
  later: { stages: { prod: ${later} } }
workloads:
  api:
    wave: pilot
    namespace: shop
    serviceAccount: api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
    targets: { lake: { account: data, permissions: { statements: [{ actions: [${actions}], resources: ["arn:aws:s3:::lake/*"] }] } } }
  web:
    wave: later
    namespace: shop
    serviceAccount: web
    permissions: { managedPolicies: [ReadOnlyAccess] }
`;

const change = (action: PlannedChange['action'], address: string): PlannedChange => ({
  ...{ action, address, type: address.split('.')[0]! },
});
const ROLE = 'aws_iam_role.workloads_api_role_11111111';
const IDENTITY = change('create', ROLE);
const TARGET = change('update', 'aws_iam_role.workloads_api_lake_role_22222222');
const ACCOUNT = change('create', 'kubernetes_annotations.workloads_api_annotations_33333333');
const ALL: Readonly<Record<string, FakeStack>> = {
  'prod-identity': { changes: [IDENTITY] },
  'prod-targets-data': { changes: [TARGET] },
  'prod-service-accounts-main': { changes: [ACCOUNT] },
};
const BROKEN: Readonly<Record<string, FakeStack>> = {
  ...ALL,
  'prod-identity': { changes: [IDENTITY], applyFails: { [ROLE]: { with: { summary: 'AccessDenied' }, times: 1 } } },
};

const here = process.cwd();
let folder: string;
let terraform: FakeTerraform;
let printed: string[];
let said: string[];
beforeEach(() => {
  folder = folderOf({ 'inventory.yaml': inventory() });
  terraform = fakeTerraform(join(folder, 'bin'), ALL);
  process.env.TERRAFORM_BINARY_NAME = terraform.binary;
  process.chdir(folder);
  [printed, said] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (said.push(String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(here);
  delete process.env.TERRAFORM_BINARY_NAME;
  removeFolders();
});

const write = (text: string): void => {
  writeFileSync(join(folder, 'inventory.yaml'), text);
};

/** The exit code, and the result of each stack. */
async function ran(work: Promise<number>): Promise<readonly [number, ...string[]]> {
  const before = printed.length;
  const code = await work;
  const text = printed.slice(before).find((one) => one.startsWith('{'));
  const { stacks } = JSON.parse(text ?? '{"stacks":[]}') as { stacks: { stack: string; result: string }[] };
  return [code, ...stacks.map(({ stack, result }) => `${stack} ${result}`)];
}
const applied = (options: Partial<ApplyOptions> = {}, ...stacks: string[]) =>
  ran(apply(stacks, { format: 'json', ...options }));
const planned = (options: Partial<PlanOptions> = {}, ...stacks: string[]) =>
  ran(plan(stacks, { format: 'json', ...options }));
const begun = (command: string) =>
  terraform
    .calls()
    .flatMap((line) => (line.startsWith('begin ') && line.endsWith(` ${command}`) ? [line.split(' ')[1]!] : []));

describe('podlift plan', () => {
  it.each<[string, Readonly<Record<string, FakeStack>>, boolean, number]>([
    ['changes', ALL, false, 0],
    ['changes, with --detailed-exitcode', ALL, true, 2],
    ['no changes, with --detailed-exitcode', {}, true, 0],
    ['a plan that fails', { 'prod-identity': { planFails: { summary: 'no' } } }, false, 1],
    [
      'a plan that fails beside changes, with --detailed-exitcode',
      { ...ALL, 'prod-identity': { initFails: 'no' } },
      true,
      1,
    ],
  ])('gives its exit code for %s', async (_, stacks, detailedExitcode, code) => {
    terraform.set(stacks);
    expect((await planned({ detailedExitcode }))[0]).toBe(code);
  });

  it('prints one document on stdout, and what Terraform says on stderr', async () => {
    terraform.set({ 'prod-identity': { initFails: '│ Error: Failed to query available provider packages' } });
    expect(await planned()).toEqual([
      1,
      'prod-identity failed',
      'prod-targets-data unchanged',
      'prod-service-accounts-main unchanged',
    ]);
    expect(printed).toHaveLength(1);
    expect(said.join('\n')).toContain('prod-identity:\n│ Error: Failed to query available provider packages');
  });

  it('--diff shows the plans in the words of Terraform, and asks for those of the stacks with changes alone', async () => {
    terraform.set({ 'prod-identity': ALL['prod-identity']! });
    expect(await plan([], { format: 'text', diff: true })).toBe(0);
    expect(printed.join('\n')).toContain(`prod-identity:\n# ${ROLE} will be created`);
    expect(begun('show')).toEqual(['prod-identity']);
    await planned({ diff: true });
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({ stacks: [{ diff: `# ${ROLE} will be created` }, {}, {}] });
  });

  it('refuses a folder for the plans that cannot be written, before it plans', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const out of ['file', 'file/plans', '/dev/null/plans', '/proc/plans'])
      await expect(plan([], { format: 'json', out })).rejects.toThrow(`--out: ${out} cannot be written`);
    expect(terraform.calls()).toEqual([]);
  });

  it('plans the stacks that are named, and no others', async () => {
    await planned({}, 'prod-*-data', 'prod-identity');
    expect(begun('plan').sort()).toEqual(['prod-identity', 'prod-targets-data']);
  });

  it('plans the stacks whose roots differ from those of a revision', async () => {
    const git = (...words: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words]);
    writeFileSync(join(folder, '.gitignore'), '.podlift/\nbin/\n');
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'base');
    expect(await planned({ changed: true, base: 'HEAD' })).toEqual([0]);
    write(inventory({ actions: 's3:ListBucket' }));
    expect(await planned({ changed: true, base: 'HEAD' })).toEqual([0, 'prod-targets-data planned']);
    write(inventory({ stage: 'cutover' }));
    expect((await planned({ changed: true, base: 'HEAD' })).slice(1)).toEqual(['prod-service-accounts-main planned']);
    git('rm', '-q', '--cached', 'inventory.yaml');
    git('commit', '-q', '-m', 'none');
    expect((await planned({ changed: true, base: 'HEAD' })).slice(1)).toHaveLength(3);
  });

  it.each<[string, Partial<PlanOptions>, string[], string]>([
    ['an unknown stack', {}, ['prod-identiti'], 'there is no stack "prod-identiti": did you mean "prod-identity"?'],
    ['an unknown environment', { environment: 'pro' }, [], '--environment is "pro"'],
    ['an unknown wave', { wave: 'pilo' }, [], '--wave is "pilo": did you mean "pilot"?'],
    ['--changed alone', { changed: true }, [], '--changed: add --base REVISION'],
    ['--base alone', { base: 'HEAD' }, [], '--base is for --changed'],
    ['a base without a repository', { changed: true, base: 'HEAD' }, [], 'is in no git repository'],
  ])('refuses %s', async (_, options, stacks, message) => {
    await expect(plan(stacks, { format: 'json', ...options })).rejects.toThrow(message);
    await expect(plan(stacks, { format: 'json', ...options })).rejects.toBeInstanceOf(UsageError);
    expect(terraform.calls()).toEqual([]);
  });

  it('refuses files that a commit put beside the roots: Terraform would run them', async () => {
    mkdirSync(join(folder, '.podlift/roots/prod-identity'), { recursive: true });
    writeFileSync(join(folder, '.podlift/roots/prod-identity/evil.tf'), '');
    execFileSync('git', ['-C', folder, 'init', '-q']);
    execFileSync('git', ['-C', folder, 'add', '-A']);
    await expect(plan([], { format: 'json' })).rejects.toThrow(
      '.podlift/roots/prod-identity/evil.tf is a file of the git repository',
    );
    expect(terraform.calls()).toEqual([]);
  });

  it('refuses while another process uses the roots, and not after its end', async () => {
    mkdirSync(join(folder, '.podlift/roots'), { recursive: true });
    const mark = join(folder, '.podlift/roots/running');
    writeFileSync(mark, String(process.ppid));
    await expect(plan([], { format: 'json' })).rejects.toThrow(
      `process ${process.ppid} plans or applies in .podlift/roots`,
    );
    writeFileSync(mark, '999999999');
    expect((await planned())[0]).toBe(0);
    expect(existsSync(mark)).toBe(false);
  });
});

describe('podlift apply', () => {
  it('applies each stack after those that it depends on', async () => {
    expect((await applied())[0]).toBe(0);
    const calls = terraform.calls();
    expect(calls.indexOf('begin prod-service-accounts-main apply')).toBeGreaterThan(
      calls.indexOf('end prod-identity apply'),
    );
    expect(begun('plan')).toHaveLength(3);
    expect(await applied()).toEqual([
      0,
      'prod-identity unchanged',
      'prod-targets-data unchanged',
      'prod-service-accounts-main unchanged',
    ]);
    expect(begun('apply')).toHaveLength(3);
  });

  it('runs no more stacks at a time than --parallelism', async () => {
    await applied({ parallelism: 1 });
    let running = 0;
    for (const line of terraform.calls()) {
      running += line.startsWith('begin ') ? 1 : -1;
      expect(running).toBeLessThanOrEqual(1);
    }
  });

  it('stops only the dependants of a stack that fails; --resume applies what is left', async () => {
    terraform.set(BROKEN);
    expect(await applied()).toEqual([
      1,
      'prod-identity failed',
      'prod-targets-data applied',
      'prod-service-accounts-main skipped',
    ]);
    expect(said.join('\n')).toContain('prod-identity:\nError: AccessDenied');
    expect(said.join('\n')).toContain('To continue:\n  npx podlift apply --resume');
    expect(await applied({ resume: true })).toEqual([
      0,
      'prod-identity applied',
      'prod-targets-data earlier',
      'prod-service-accounts-main applied',
    ]);
    expect(begun('apply').filter((stack) => stack === 'prod-targets-data')).toHaveLength(1);
    await expect(applied({ resume: true })).rejects.toThrow('--resume: no apply of this inventory');
  });

  it('a stack that cannot be planned stops its dependants too', async () => {
    terraform.set({ ...ALL, 'prod-identity': { planFails: { summary: 'no' } } });
    expect(await applied()).toEqual([
      1,
      'prod-identity failed',
      'prod-targets-data applied',
      'prod-service-accounts-main skipped',
    ]);
  });

  it('--resume applies a stack again whose root has changed since', async () => {
    terraform.set(BROKEN);
    await applied();
    write(inventory({ actions: 's3:ListBucket' }));
    terraform.set({ ...BROKEN, 'prod-targets-data': { changes: [change('update', 'aws_iam_role_policy.other')] } });
    expect((await applied({ resume: true })).slice(1)).toContain('prod-targets-data applied');
  });

  it('--resume keeps the stacks, the wave and the environment of the apply', async () => {
    terraform.set(BROKEN);
    expect((await applied({ wave: 'pilot', environment: 'prod' }, 'prod-identity'))[0]).toBe(1);
    expect(await applied({ resume: true })).toEqual([0, 'prod-identity applied']);
  });

  it.each<[string, PlannedChange, boolean]>([
    ['a role that is replaced', change('replace', ROLE), true],
    [
      'an association at dual',
      change('delete', 'aws_eks_pod_identity_association.workloads_api_main_association_1A1A1A1A'),
      true,
    ],
    [
      'an association at irsa',
      change('delete', 'aws_eks_pod_identity_association.workloads_web_main_association_1A1A1A1A'),
      false,
    ],
  ])('with %s', async (_, one, needsIt) => {
    terraform.set({ 'prod-identity': { changes: [one] } });
    const [code] = await applied({}, 'prod-identity');
    expect([code, begun('apply').length]).toEqual(needsIt ? [1, 0] : [0, 1]);
    expect(said.join('\n').includes('--allow-destroy')).toBe(needsIt);
    if (needsIt) expect((await applied({ allowDestroy: true }, 'prod-identity'))[0]).toBe(0);
  });

  it('of a wave applies nothing while others have pending changes in its stacks', async () => {
    terraform.set({
      'prod-identity': { changes: [IDENTITY, change('update', 'aws_iam_role.workloads_web_role_44444444')] },
    });
    expect((await applied({ wave: 'pilot' }))[0]).toBe(1);
    expect(said.join('\n')).toContain('update aws_iam_role.workloads_web_role_44444444 (workload web)');
    expect(begun('apply')).toEqual([]);
    expect((await applied({ wave: 'pilot', withOthers: true }))[0]).toBe(0);
  });

  it.each<[string, Partial<ApplyOptions>, string[]]>([
    ['--plan and a stack', { plan: 'plans' }, ['prod-identity']],
    ['--plan and a wave', { plan: 'plans', wave: 'pilot' }, []],
    ['--resume and an environment', { resume: true, environment: 'prod' }, []],
  ])('refuses %s', async (_, options, stacks) => {
    await expect(apply(stacks, { format: 'json', ...options })).rejects.toThrow('has its own stacks');
  });
});

describe('saved plans', () => {
  const plans = 'plans';

  it('are applied without planning again, with what the plan itself says', async () => {
    expect((await planned({ out: plans }))[0]).toBe(0);
    expect((await applied({ plan: plans }))[0]).toBe(0);
    expect(begun('plan')).toHaveLength(3);
    expect(begun('show')).toHaveLength(3);
  });

  it('need --allow-destroy by what the plan itself says', async () => {
    terraform.set({ 'prod-identity': { changes: [change('delete', ROLE)] } });
    await planned({ out: plans }, 'prod-identity');
    expect((await applied({ plan: plans }))[0]).toBe(1);
    expect(begun('apply')).toEqual([]);
    expect((await applied({ plan: plans, allowDestroy: true }))[0]).toBe(0);
  });

  it('of a wave still need --with-others', async () => {
    terraform.set({ 'prod-identity': { changes: [change('update', 'aws_iam_role.workloads_web_role_44444444')] } });
    await planned({ out: plans, wave: 'pilot' });
    expect((await applied({ plan: plans }))[0]).toBe(1);
    expect((await applied({ plan: plans, withOthers: true }))[0]).toBe(0);
  });

  it('have no manifest where a stack could not be planned', async () => {
    await planned({ out: plans });
    terraform.set({ 'prod-identity': { planFails: { summary: 'no' } } });
    expect((await planned({ out: plans }))[0]).toBe(1);
    await expect(applied({ plan: plans })).rejects.toThrow('there is no plans/manifest.json');
  });

  it('are not applied after the inventory has changed', async () => {
    await planned({ out: plans });
    write(`${inventory()}# a comment\n`);
    expect((await applied({ plan: plans }))[0]).toBe(1);
    expect(said.join('\n')).toContain('The inventory is not the one of the plans: inventory.yaml differs.');
    expect(begun('apply')).toEqual([]);
  });

  it('go on after a failure: the rest of the plan alone', async () => {
    terraform.set(BROKEN);
    await planned({ out: plans });
    expect((await applied({ plan: plans }))[0]).toBe(1);
    expect(said.join('\n')).toContain('npx podlift apply --resume --plan plans');
    await expect(applied({ resume: true })).rejects.toThrow('add --plan');
    expect(await applied({ plan: plans, resume: true })).toEqual([
      0,
      'prod-identity applied',
      'prod-targets-data earlier',
      'prod-service-accounts-main applied',
    ]);
  });

  it('do not go on where the rest has a change that the saved plan did not have', async () => {
    terraform.set(BROKEN);
    await planned({ out: plans });
    await applied({ plan: plans });
    const later = [change('delete', 'aws_iam_role_policy.other')];
    terraform.set({ ...BROKEN, 'prod-identity': { ...BROKEN['prod-identity'], later } });
    expect(await applied({ plan: plans, resume: true })).toContain('prod-identity failed');
    expect(said.join('\n')).toContain('delete aws_iam_role_policy.other');
  });
});
