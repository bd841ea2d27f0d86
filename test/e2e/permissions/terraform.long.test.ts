import { DeleteRolePolicyCommand, DetachRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { initialise } from '../../../src/runners/stackCommands';
import { runTerraform } from '../../../src/runners/stackCommands';
import { clients } from '../../sandbox/testSandbox';
import { actionsOf, policyOf } from './permissionsPage';
import { terraformProject, type TerraformProject } from '../terraformProject';

// Each action has a workload or a cluster of its own, from which it is taken away: one run of Terraform tells of many actions.

const ACCOUNT = '333333333333';
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;

/** What takes an action away from one place only: the roles, clusters or issuers that are named after it. */
type Phase = 'create' | 'update' | 'read' | 'delete';
interface Needed {
  readonly phase: Phase;
  /** The workload's fields before and after the update; with `role` it stands on the cluster that all share, else on one of its own. */
  readonly before: string;
  readonly after?: string;
  readonly on: 'role' | 'cluster' | 'issuer';
}

const BECAUSE = 'stage: irsa, because: a test';
const STATEMENTS = 'permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"] }] }';
const MANAGED = 'permissions: { managedPolicies: [ReadOnlyAccess] }';
const role = (phase: Phase, before = BECAUSE, after = before): Needed => ({ phase, before, after, on: 'role' });
const cluster = (phase: Phase, before = 'stage: pod-identity', after = before): Needed => ({
  phase,
  before,
  after,
  on: 'cluster',
});
const issuer = (phase: Phase): Needed => ({ phase, before: BECAUSE, on: 'issuer' });

const NEEDED: Readonly<Record<string, Needed>> = {
  'iam:CreateRole': role('create'),
  'iam:TagRole': role('update'),
  'iam:UntagRole': role('update'),
  'iam:PutRolePolicy': role('create', `${BECAUSE}, ${STATEMENTS}`),
  'iam:AttachRolePolicy': role('create', `${BECAUSE}, ${MANAGED}`),
  'iam:PassRole': cluster('create'),
  'iam:UpdateAssumeRolePolicy': role('update', 'stage: prepared', BECAUSE),
  'iam:UpdateRole': role('update', BECAUSE, `${BECAUSE}, role: { maxSessionDuration: 7200 }`),
  'iam:UpdateRoleDescription': role(
    'update',
    `${BECAUSE}, role: { description: one }`,
    `${BECAUSE}, role: { description: two }`,
  ),
  'iam:PutRolePermissionsBoundary': role('update', BECAUSE, `${BECAUSE}, role: { permissionsBoundary: "${POLICY}" }`),
  'iam:DeleteRolePermissionsBoundary': role(
    'update',
    `${BECAUSE}, role: { permissionsBoundary: "${POLICY}" }`,
    BECAUSE,
  ),
  'iam:DeleteRolePolicy': role('update', `${BECAUSE}, ${STATEMENTS}`, BECAUSE),
  'iam:DetachRolePolicy': role('update', `${BECAUSE}, ${MANAGED}`, BECAUSE),
  'iam:GetRole': role('read'),
  'iam:ListRolePolicies': role('read'),
  'iam:GetRolePolicy': role('read', `${BECAUSE}, ${STATEMENTS}`),
  'iam:ListAttachedRolePolicies': role('read', `${BECAUSE}, ${MANAGED}`),
  'iam:DeleteRole': role('delete'),
  'iam:ListInstanceProfilesForRole': role('delete'),
  'iam:CreateOpenIDConnectProvider': issuer('create'),
  'iam:TagOpenIDConnectProvider': issuer('update'),
  'iam:UntagOpenIDConnectProvider': issuer('update'),
  'iam:GetOpenIDConnectProvider': issuer('read'),
  'iam:DeleteOpenIDConnectProvider': issuer('delete'),
  'eks:CreateAddon': cluster('create'),
  'eks:CreatePodIdentityAssociation': cluster('create'),
  'eks:UpdateAddon': cluster('update'),
  'eks:DescribeUpdate': cluster('update'),
  'eks:TagResource': cluster('update'),
  'eks:UntagResource': cluster('update'),
  'eks:UpdatePodIdentityAssociation': cluster(
    'update',
    'stage: pod-identity, role: { name: first }',
    'stage: pod-identity, role: { name: second }',
  ),
  'eks:DescribeAddon': cluster('read'),
  'eks:DescribePodIdentityAssociation': cluster('read'),
  'eks:DeletePodIdentityAssociation': cluster('delete'),
  'eks:DeleteAddon': cluster('delete'),
};

/**
 * Actions that AWS's guide names beside others, and that Terraform does not call. Whether IAM checks them is unknown, so no denial can show that they are
 * needed.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html (earlier versions) and id_tags_oidc.html
 */
const NAMED_BESIDE: Readonly<Record<string, string>> = {
  'iam:TagRole': 'iam:ListRoleTags',
  'iam:TagOpenIDConnectProvider': 'iam:ListOpenIDConnectProviderTags',
};

/** `iam:CreateRole` as a key of the inventory. */
const keyOf = (action: string) => action.toLowerCase().replace(/[^a-z]/g, '-');

/** The last part of an issuer's URL: letters and digits. */
const idOf = (key: string) => key.replaceAll('-', '').toUpperCase();

/** Versions that EKS lists for Kubernetes 1.33. */
const ADDONS = { 'aws-ebs-csi-driver': 'v1.64.0-eksbuild.1', 'aws-efs-csi-driver': 'v3.4.1-eksbuild.1' };

function inventory(which: 'before' | 'after'): string {
  const entries = Object.entries(NEEDED);
  const addonOf = (name: keyof typeof ADDONS, key: string) =>
    `, addons: { ${name}: { version: ${ADDONS[name]}, serviceAccounts: { ${key}-csi-controller-sa: ${key} } } }`;
  const clusterOf = (key: string, oidc: string, version: string, addons = '') =>
    `      ${key}: { name: ${key}, version: "1.33", oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/${idOf(key)}"${oidc} }, agent: { version: ${version} }${addons} }`;
  const own = entries.filter(([, { on }]) => on !== 'role');
  const updated = (action: string) => which === 'after' && ['eks:UpdateAddon', 'eks:DescribeUpdate'].includes(action);
  return `
version: 1
accounts:
  apps: { id: "${ACCOUNT}", deployRole: "arn:aws:iam::${ACCOUNT}:role/podlift-deploy" }
  ops: { id: "111111111111" }
environments:
  prod:
    account: apps
    region: us-west-2
    tags: ${which === 'before' ? '{ team: one, old: yes }' : '{ team: two }'}
    clusters:
${clusterOf('all', '', 'v1.3.4-eksbuild.1')}
${clusterOf('ebs', '', 'v1.3.4-eksbuild.1', addonOf('aws-ebs-csi-driver', 'ebs'))}
${clusterOf('efs', '', 'v1.3.4-eksbuild.1', addonOf('aws-efs-csi-driver', 'efs'))}
${own
  .map(([action, { on }]) =>
    clusterOf(
      keyOf(action),
      on === 'issuer' ? ', provider: managed' : '',
      updated(action) ? 'v1.3.8-eksbuild.2' : 'v1.3.4-eksbuild.1',
    ),
  )
  .join('\n')}
workloads:
  ebs: { namespace: kube-system, serviceAccount: ebs-csi-controller-sa, clusters: [ebs], stage: irsa, because: a test }
  efs: { namespace: kube-system, serviceAccount: efs-csi-controller-sa, clusters: [efs], stage: pod-identity }
${entries
  .map(([action, { on, before, after = before }]) => {
    const key = keyOf(action);
    const where = on === 'role' ? 'all' : key;
    return `  ${key}: { namespace: test, serviceAccount: ${key}, clusters: [${where}], ${which === 'before' ? before : after} }`;
  })
  .join('\n')}
`.replace('old: yes', 'old: "yes"');
}

const ISSUERS = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.us-west-2.amazonaws.com`;

/** The statement that takes an action away where it has a place of its own. */
function without(action: string): Statement {
  const { on } = NEEDED[action]!;
  const key = keyOf(action);
  const own = `arn:aws:iam::${ACCOUNT}:role/prod-${key}`;
  const resources = {
    role: [own],
    cluster: [
      `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/${key}`,
      `arn:aws:eks:us-west-2:${ACCOUNT}:addon/${key}/*`,
      `arn:aws:eks:us-west-2:${ACCOUNT}:podidentityassociation/${key}/*`,
      own,
    ],
    // A new provider is authorised on its host, which all have in common.
    issuer: [action === 'iam:CreateOpenIDConnectProvider' ? ISSUERS : `${ISSUERS}/id/${idOf(key)}`],
  };
  return { Effect: 'Deny', Action: action, Resource: resources[on] };
}

const inPhase = (phase: Phase) => Object.keys(NEEDED).filter((action) => NEEDED[action]!.phase === phase);

it('has a case for each action of the page', () => {
  const cases = [...Object.keys(NEEDED), ...Object.values(NAMED_BESIDE)];
  expect(new Set(cases)).toEqual(new Set([...actionsOf('plan'), ...actionsOf('apply')]));
});

it.each(Object.entries(NAMED_BESIDE))('has on the same resources as %s also %s', (action, beside) => {
  const having = policyOf('apply').Statement.filter(({ Action = [] }) => Action.includes(action));
  expect(having).toHaveLength(1);
  expect(having[0]?.Action).toContain(beside);
});

describe('the policies for plan and apply, with the real Terraform', () => {
  let project: TerraformProject;
  beforeAll(async () => {
    project = await terraformProject(inventory('before'));
    project.synth(inventory('before'));
    await initialise(project.stack('prod-identity'));
    await iam().send(
      new DetachRolePolicyCommand({
        RoleName: 'podlift-deploy',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    );
  });
  afterAll(() => project.close());

  const iam = () => clients(project.sandbox, ACCOUNT).iam;
  async function allow(names: readonly string[], denied: readonly string[] = []): Promise<void> {
    const documents = {
      ...Object.fromEntries(['plan', 'apply'].map((name) => [name, names.includes(name) ? policyOf(name) : undefined])),
      denied: denied.length === 0 ? undefined : { Version: '2012-10-17', Statement: denied.map(without) },
    };
    for (const [PolicyName, document] of Object.entries(documents)) {
      const role = { RoleName: 'podlift-deploy', PolicyName };
      await (document === undefined
        ? iam().send(new DeleteRolePolicyCommand(role)).catch(unlessMissing)
        : iam().send(new PutRolePolicyCommand({ ...role, PolicyDocument: JSON.stringify(document) })));
    }
  }
  const unlessMissing = (error: Error) => {
    if (error.name !== 'NoSuchEntityException') throw error;
  };
  const terraform = (...words: string[]) =>
    runTerraform([...words, '-input=false', '-no-color', '-parallelism=20'], project.stack('prod-identity'));
  const apply = () => terraform('apply', '-auto-approve');

  /** Without an action in its own place, Terraform fails there, and says which action it was. */
  async function needs(phase: Phase, names: readonly string[], run: () => ReturnType<typeof terraform>): Promise<void> {
    await allow(names, inPhase(phase));
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    const said = new Set(
      [...stderr.replace(/[\s│]+/g, ' ').matchAll(/to perform: (\S+) on resource/g)].map(([, one]) => one),
    );
    expect(inPhase(phase).filter((action) => !said.has(action))).toEqual([]);
    await allow(names);
  }

  it('create everything, and need each action for it', async () => {
    await needs('create', ['plan', 'apply'], apply);
    expect(await apply()).toMatchObject({ exitCode: 0 });
  });

  it('plan, and need each action for it', async () => {
    await needs('read', ['plan'], () => terraform('plan', '-lock=false'));
    const { exitCode, stdout } = await terraform('plan', '-detailed-exitcode');
    expect(stdout).toContain('No changes');
    expect(exitCode).toBe(0);
  });

  it('update everything, and need each action for it', async () => {
    project.synth(inventory('after'));
    await needs('update', ['plan', 'apply'], apply);
    expect(await apply()).toMatchObject({ exitCode: 0 });
  });

  it('delete everything, and need each action for it', async () => {
    await needs('delete', ['plan', 'apply'], () => terraform('destroy', '-auto-approve'));
    expect(await terraform('destroy', '-auto-approve')).toMatchObject({ exitCode: 0 });
  });
});
