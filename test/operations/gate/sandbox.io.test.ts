import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateAddonCommand, CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { compile } from '../../../src/blueprint/compile';
import type { Stage } from '../../../src/inventory/Inventory';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import type { GateCheckName } from '../../../src/operations/checks/checkTable';
import { collectEvidence } from './gateText';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import { podCredentials } from '../../../src/sandbox/podCredentials';
import { clients, useSandbox } from '../../sandbox/testSandbox';
import { pilotAt } from '../agreedWorld';

// The gates by the real SDK and the real kubectl, from irsa to pod-identity and at a sandbox that is changed as an apply would.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ACCOUNT = '333333333333';
const CLUSTER = { account: ACCOUNT, region: 'us-west-2', name: 'prod-main' };
const folder = mkdtempSync(join(tmpdir(), 'podlift-gates-'));
const kubeconfig = join(folder, 'config');
const before = { ...process.env };

/** The inventory with the wave at a stage; `since` of days ago does not count. */
function inventoryAt(stage: Stage) {
  const since = '2026-01-01T00:00:00Z';
  return pilotAt(stage, {
    since,
    wave: { soak: '1m', stages: { prod: { stage, since } } },
    cluster: { kubernetes: { context: 'prod-main' } },
  });
}

const { oidc } = inventoryAt('irsa').environments[0]!.clusters[0]!;
const roleAt = (stage: Stage) => compile(inventoryAt(stage), 'prod').roles[0]!;

/** AWS's time is so many milliseconds ahead of this machine's: time passes when a test lets it pass. */
let ahead = 0;

const holder = useSandbox(() => ({
  clock: () => new Date(Date.now() + ahead),
  seed: {
    ambientAccount: ACCOUNT,
    clusters: [{ ...CLUSTER, version: '1.33', issuer: oidc!.issuer }],
    oidcProviders: [{ account: ACCOUNT, issuer: oidc!.issuer }],
    roles: [
      {
        account: ACCOUNT,
        name: 'prod-orders-api',
        trust: roleAt('irsa').trust,
        inline: { podlift: roleAt('irsa').inline! },
      },
    ],
  },
}));

/** Runs a command without blocking: the sandbox that it talks to is in this process. */
const run = (file: string, ...parts: string[]) =>
  promisify(execFile)(file, parts, { env: { ...process.env, KUBECONFIG: kubeconfig }, timeout: 20_000 });
const kubectl = (...parts: string[]) => run('kubectl', '--context', 'prod-main', '-n', 'production', ...parts);

beforeAll(async () => {
  Object.assign(process.env, holder.sandbox.environment());
  const server = holder.sandbox.kubernetes.apiServer(CLUSTER);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'main', cluster: { server } }],
    users: [{ name: 'me', user: { token: 'podlift-sandbox' } }],
    contexts: [{ name: 'prod-main', context: { cluster: 'main', user: 'me' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  await kubectl('create', 'namespace', 'production');
  await kubectl('create', 'serviceaccount', 'orders-api');
  await kubectl('annotate', 'serviceaccount', 'orders-api', `eks.amazonaws.com/role-arn=${roleAt('irsa').arn}`);
  const template = {
    metadata: { labels: { app: 'orders-api' } },
    spec: { serviceAccountName: 'orders-api', containers: [{ name: 'app', image: 'orders' }] },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'orders-api', namespace: 'production' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'orders-api' } }, template },
  };
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));
  await kubectl('create', '-f', join(folder, 'deployment.json'));
  const metadata = { name: 'orders-api', namespace: 'production', annotations: { 'eks.amazonaws.com/role-arn': '' } };
  writeFileSync(join(folder, 'empty.json'), JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata }));
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

async function gateAt(stage: Stage, direction: 'forward' | 'back' = 'forward') {
  const ports = {
    aws: awsPorts(),
    kubernetes: kubectlPorts({ environment: { ...process.env, KUBECONFIG: kubeconfig } }),
  };
  const result = await collectEvidence(inventoryAt(stage), { wave: 'pilot', environment: 'prod', direction }, ports);
  const open = result.evidence.filter(({ holds }) => holds !== 'yes');
  return { ...result, open, against: open.map(({ check, holds }): [GateCheckName, string] => [check, holds]) };
}

async function trustOf(stage: Stage) {
  await clients(holder.sandbox, ACCOUNT, ahead).iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName: 'prod-orders-api',
      PolicyDocument: JSON.stringify(roleAt(stage).trust),
    }),
  );
}

/** Every pod of the workload asks for its credentials. */
const ask = () =>
  Promise.all(
    holder.sandbox.kubernetes
      .pods(CLUSTER, 'production')
      .map((pod) => podCredentials(pod, { endpoint: holder.sandbox.endpoint })),
  );

describe('the gates at the sandbox, step by step', () => {
  it('irsa: hold', async () => {
    expect((await gateAt('irsa')).against).toEqual([]);
  });

  it('prepared: say no until trust and agent are there, then hold', async () => {
    expect((await gateAt('prepared')).against).toEqual([
      ['trust', 'no'],
      ['agent', 'no'],
      ['agent-on-nodes', 'no'],
    ]);
    await trustOf('prepared');
    await clients(holder.sandbox, ACCOUNT, ahead).eks.send(
      new CreateAddonCommand({ clusterName: 'prod-main', addonName: 'eks-pod-identity-agent' }),
    );
    expect((await gateAt('prepared')).against).toEqual([]);
  });

  it('dual: say no until the association is there, the pods are restarted by the command that they give, and a day has passed', async () => {
    await ask();
    expect((await gateAt('dual')).against).toEqual([
      ['association', 'no'],
      ['pod-credentials', 'no'],
      ['annotation-readers', 'no'],
      ['role-used', 'unknown'],
    ]);
    await clients(holder.sandbox, ACCOUNT, ahead).eks.send(
      new CreatePodIdentityAssociationCommand({
        clusterName: 'prod-main',
        namespace: 'production',
        serviceAccount: 'orders-api',
        roleArn: roleAt('dual').arn,
      }),
    );
    const { against, open } = await gateAt('dual');
    expect(against).toEqual([
      ['pod-credentials', 'no'],
      ['annotation-readers', 'no'],
      ['role-used', 'unknown'],
    ]);
    const command = open[0]!.remedy!.split('\n').at(-1)!;
    expect(command).toBe('kubectl --context prod-main -n production rollout restart deployment/orders-api');
    await run('sh', '-c', command);
    await ask();
    expect((await gateAt('dual')).against).toEqual([['annotation-readers', 'no']]);
    ahead += DAY - HOUR;
    expect((await gateAt('dual')).against).toEqual([['annotation-readers', 'no']]);
    ahead += HOUR + MINUTE;
    expect((await gateAt('dual')).against).toEqual([]);
  });

  it('back from dual: hold, and say what to restart after the apply', async () => {
    const { holds, evidence } = await gateAt('dual', 'back');
    expect(holds).toBe(true);
    expect(evidence.find(({ check }) => check === 'restart-needed')!.remedy).toMatch(
      /After the apply, wait 15 seconds.*\n.*deployment\/orders-api/,
    );
  });

  it('cutover: say no while the annotation is there, nobody has used the role, and the soak is not over', async () => {
    expect((await gateAt('cutover')).against).toEqual([['annotation', 'no']]);
    // As podlift's stack writes it.
    const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager', 'podlift', '-f'];
    await kubectl(...apply, join(folder, 'empty.json'));
    expect((await gateAt('cutover')).against).toEqual([
      ['soak', 'no'],
      ['role-used', 'unknown'],
    ]);
    ahead += 16 * MINUTE;
    expect((await gateAt('cutover')).against).toEqual([['role-used', 'unknown']]);
    // The tokens of the pods are older than a day.
    await kubectl('rollout', 'restart', 'deployment/orders-api');
    await ask();
    expect((await gateAt('cutover')).against).toEqual([]);
  });

  it('pod-identity: note on the way back that AWS is behind, since the apply of the step writes what stands', async () => {
    const { against, evidence } = await gateAt('pod-identity', 'back');
    expect(against).toEqual([]);
    expect(evidence.flatMap(({ check, warning }) => (warning === true ? [check] : []))).toContain('trust');
    await trustOf('pod-identity');
    expect((await gateAt('pod-identity', 'back')).against).toEqual([]);
  });

  it('are unknown, never yes, when neither AWS nor the cluster answers', async () => {
    process.env.KUBECONFIG = '/nowhere';
    const ports = { aws: awsPorts({ endpoint: 'http://127.0.0.1:9', attempts: 1 }), kubernetes: kubectlPorts() };
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const { holds, evidence } = await collectEvidence(inventoryAt('dual'), request, ports);
    expect(holds).toBe(false);
    const asked = evidence.filter(({ of }) => of !== 'inventory');
    expect(asked.length).toBeGreaterThan(7);
    expect(new Set(asked.map((one) => one.holds))).toEqual(new Set(['unknown']));
  });
});
