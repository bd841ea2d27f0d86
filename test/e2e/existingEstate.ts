import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { loadInventory } from '../../src/inventory/loadInventory';
import { subjectsOn } from '../../src/inventory/Inventory';
import { parseExistingEstate } from '../../src/rehearsal/existingEstate/readExistingEstate';
import { seedOfEstate } from '../../src/rehearsal/existingEstate/seedOfEstate';
import { askingWorkloads, keepAsking } from '../../src/rehearsal/keepAsking';
import { planAndApply } from '../../src/runners/stackCommands';
import { podCredentials } from '../../src/sandbox/podCredentials';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import type { ClusterRef } from '../../src/sandbox/startSandbox';
import { type EstateProject, estateProject, firstPlan } from './estateProject';

const FOLDER = 'examples/existing-estate';
const APPS = '111122223333';
const VAULT = '444455556666';
const ONE = { account: APPS, region: 'eu-central-1', name: 'parcels-one' };
const TWO = { ...ONE, name: 'parcels-two' };
const IDENTITY = 'live-identity';

/** Service accounts that discover leaves out, each with its reason. */
export const LEFT_OUT = {
  'vault/secrets-sync': 'other-account',
  'archive/sweeper': 'role-missing',
} as const;

/** Service accounts whose entries stay at irsa: no association can exist for them, or a condition of their trust cannot hold for the requests of EKS. */
export const STAYS = ['edge/thumbnailer', 'preview-17/web', 'ledger/auditor'] as const;

/** The seed of the example. AWS has raised the quota that `validate` names: the trust policy of `gatekeeper` is too long for the default at `dual`. */
function seedOfExample(): SandboxSeed {
  const read = parseExistingEstate(readFileSync(`${FOLDER}/estate.yaml`, 'utf8'), 'estate.yaml');
  if ('findings' in read) throw new Error(JSON.stringify(read.findings));
  const deploys = [{ key: 'vault', id: VAULT, deployRole: `arn:aws:iam::${VAULT}:role/podlift-deploy` }];
  const seed = seedOfEstate(read.estate, { accounts: deploys, waves: [], environments: [] });
  return { ...seed, quotas: { ...seed.quotas, [APPS]: { trustPolicyLength: 4096 } } };
}

/** The steps by which the example is moved, on one sandbox with the real Terraform. */
export function existingEstate(): void {
  let project: EstateProject;
  let seed: SandboxSeed;
  let before: ReadonlyMap<string, string>;
  let admitted: ReadonlySet<string>;
  beforeAll(async () => {
    seed = seedOfExample();
    project = await estateProject(readFileSync(`${FOLDER}/inventory.yaml`, 'utf8'), seed);
    before = await rolesOfPods(project);
    admitted = await admittedTokens(project, seed);
  });
  afterAll(() => project.close());
  const environment = () => loadInventory(project.file).inventory!.environments[0]!;
  const entries = () =>
    environment().clusters.flatMap((cluster) =>
      environment().workloads.flatMap((workload) =>
        subjectsOn(workload, cluster).map(({ namespace, name }) => ({ workload, of: `${namespace}/${name}` })),
      ),
    );

  it('is discovered: each service account is in an entry, or named with its reason', async () => {
    const left: Record<string, string> = {};
    for (const { name } of [ONE, TWO]) {
      const { stdout } = await project.podlift(
        ...['discover', '-e', 'live', '-c', name, '--write', '--format', 'json'],
      );
      for (const one of JSON.parse(stdout).left) left[`${one.namespace}/${one.serviceAccount}`] = one.reason as string;
    }
    expect(left).toEqual(LEFT_OUT);
    const accounts = seed.clusters.flatMap(({ serviceAccounts = [] }) => serviceAccounts);
    const all = new Set(accounts.map(({ namespace, name }) => `${namespace}/${name}`));
    const patterns = environment().workloads.some(({ key }) => key === 'web') ? ['preview-17/web'] : [];
    const known = [...entries().map(({ of }) => of), ...patterns, ...Object.keys(left)];
    expect(new Set(known)).toEqual(all);
  });

  it('has a first plan that only imports and tags', async () => {
    const text = project
      .inventory()
      .replace('region: eu-central-1\n', 'region: eu-central-1\n    quotas: { trustPolicyLength: 4096 }\n');
    project.synth(text);
    const { counts, attributes } = await firstPlan(project, IDENTITY);
    expect(counts).toMatchObject({ add: 0, destroy: 0 });
    expect(attributes).toEqual(['tags', 'tags_all']);
  });

  it('moves step by step, and no pod loses its role at any write', async () => {
    let blueprints = project.synth(project.inventory());
    const pods = keepAsking(project.sandbox, askingWorkloads(environment(), blueprints[0]!));
    try {
      await planAndApply(project.stack(IDENTITY));
      await allowTaggedHop(project);
      for (const stage of ['prepared', 'dual', 'cutover', 'pod-identity']) {
        for (const { key } of loadInventory(project.file).inventory!.waves) {
          const words = ['advance', key, '-e', 'live', '--force', '--because', 'a test without evidence'];
          expect(await project.podlift(...words)).toMatchObject({ code: 0 });
        }
        blueprints = project.synth(project.inventory());
        const { changes } = await planAndApply(project.stack(IDENTITY));
        expect(changes.filter(({ action }) => action === 'replace' || action === 'delete')).toEqual([]);
        await project.serviceAccounts(blueprints);
        await pods.finishRound();
        if (stage === 'dual') {
          await pods.pauseFor(() => restartAll(project, blueprints));
          await pods.finishRound();
        }
        const { asked, denied } = pods.takeResults();
        expect([stage, denied.map(({ pod, reason }) => `${pod}: ${reason}`)]).toEqual([stage, []]);
        expect(asked).toBeGreaterThan(0);
        expect(await rolesOfPods(project)).toEqual(before);
      }
    } finally {
      await pods.stop();
    }
  });

  it('has every account that can move at pod-identity, and the others as they were', () => {
    const staying: readonly string[] = STAYS;
    for (const { workload, of } of entries())
      expect([of, workload.stage]).toEqual([of, staying.includes(of) ? 'irsa' : 'pod-identity']);
  });

  it('lets nobody in who was not let in before', async () => {
    const now = await admittedTokens(project, seed);
    expect([...now].filter((one) => !admitted.has(one))).toEqual([]);
    // The service accounts that moved need no trust of the OIDC provider any more.
    expect(now.size).toBeLessThan(admitted.size);
  });
}

/** The role that a new pod of each service account gets, and of the hop; `none` without credentials. */
async function rolesOfPods({ sandbox }: EstateProject): Promise<ReadonlyMap<string, string>> {
  const roles = new Map<string, string>();
  for (const cluster of [ONE, TWO])
    for (const { namespace, serviceAccount } of sandbox.kubernetes
      .pods(cluster)
      .filter(({ namespace: of }) => of !== 'kube-system')) {
      const key = `${cluster.name} ${namespace}/${serviceAccount}`;
      if (roles.has(key)) continue;
      const pod = sandbox.kubernetes.admitPod({ cluster, namespace, serviceAccount, graceSeconds: 0 });
      const hop = serviceAccount === 'report-runner' ? [{ roleArn: `arn:aws:iam::${VAULT}:role/report-archive` }] : [];
      const { source, targets } = await podCredentials(pod, { endpoint: sandbox.endpoint, targets: hop });
      sandbox.kubernetes.deletePod(pod);
      const roleOf = (arn: string): string => arn.split('/').slice(0, 2).join('/');
      const got = [source, ...targets].map((one) => (one.ok ? roleOf(one.arn) : 'none'));
      roles.set(key, got.join(' → '));
    }
  return roles;
}

/** Service accounts that do not exist, with the names of some that do: in another namespace, on the other cluster. */
const STRANGERS = ['other/tracker', 'tracking/other', 'labels-test/label-printer', 'preview-18/api', 'default/default'];

/** Which service account of which cluster can assume which role by a token: `CLUSTER NAMESPACE/NAME ROLE`. */
async function admittedTokens({ sandbox }: EstateProject, seed: SandboxSeed): Promise<ReadonlySet<string>> {
  const accounts = seed.clusters.flatMap(({ serviceAccounts = [] }) => serviceAccounts);
  const names = [...new Set([...accounts.map(({ namespace, name }) => `${namespace}/${name}`), ...STRANGERS])];
  const admitted = new Set<string>();
  for (const cluster of [ONE, TWO] as readonly ClusterRef[])
    for (const of of names) {
      const [namespace = '', serviceAccount = ''] = of.split('/');
      const token = sandbox.kubernetes.createToken(cluster, {
        namespace,
        serviceAccount,
        audience: 'sts.amazonaws.com',
        expiration: 3600,
      });
      for (const { account, name } of seed.roles ?? []) {
        const query = new URLSearchParams({
          ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleSessionName: 'asked' },
          ...{ RoleArn: `arn:aws:iam::${account}:role/${name}`, WebIdentityToken: token },
        });
        const { status } = await fetch(sandbox.endpoint, { method: 'POST', body: query });
        if (status === 200) admitted.add(`${cluster.name} ${of} ${name}`);
      }
    }
  return admitted;
}

/** What the check `undeclared-hop` asks for: `sts:TagSession` in the trust policy of the next role, by its owner, and in the statement. */
async function allowTaggedHop(project: EstateProject): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${APPS}:role/report-runner` },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  };
  const { IAMClient, UpdateAssumeRolePolicyCommand } = await import('@aws-sdk/client-iam');
  const iam = new IAMClient({
    endpoint: project.sandbox.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: VAULT, secretAccessKey: project.sandbox.secretAccessKey },
  });
  await iam.send(
    new UpdateAssumeRolePolicyCommand({ RoleName: 'report-archive', PolicyDocument: JSON.stringify(trust) }),
  );
  const text = project.inventory();
  const changed = text.replace('Action: [sts:AssumeRole]\n', 'Action: [sts:AssumeRole, sts:TagSession]\n');
  expect(changed).not.toBe(text);
  project.synth(changed);
}

/** Restarts the pods of all workloads that moved, as the step says, and waits until the old ones are gone. */
async function restartAll({ sandbox }: EstateProject, [blueprint]: readonly Blueprint[]): Promise<void> {
  for (const { cluster: key, namespace, name } of blueprint!.serviceAccounts) {
    const cluster = key === ONE.name ? ONE : TWO;
    const old = sandbox.kubernetes.pods(cluster, namespace).filter(({ serviceAccount }) => serviceAccount === name);
    for (const pod of old) sandbox.kubernetes.deletePod(pod);
    const uids = new Set(old.map(({ uid }) => uid));
    // A pod that ends while it asks gets no answer.
    while (sandbox.kubernetes.pods(cluster, namespace).some(({ uid }) => uids.has(uid))) await wait(50);
  }
}
