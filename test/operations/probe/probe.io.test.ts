import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { parse } from 'yaml';
import { kubectlProbe } from '../../../src/cli/probe/kubectlProbe';
import { onClusters, type WorkloadOnCluster } from '../../../src/operations/checks/Check';
import { probe, type ProbePort, type ProbeResult } from '../../../src/operations/probe/probe';
import type { PolicyRule } from '../../../src/sandbox/startSandbox';
import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { blockOf } from '../../e2e/permissions/permissionsPage';
import { CLUSTER, inventoryAt, type Live, NAME, NAMESPACE, startLive } from '../gate/live/liveWorld';
import { targetOf } from '../../blueprint/inventoryOf';
import type { Setting } from '../agreedWorld';

const LEDGER: Setting = { targets: [targetOf({ key: 'ledger' })] };

let live: Live;
afterEach(() => live.stop());

async function at(stage: Stage, setting: Setting = {}): Promise<Inventory> {
  const inventory = inventoryAt(stage, setting);
  live = await startLive(inventory);
  await live.apply(inventory);
  return inventory;
}

function subjectOf({ environments: [environment] }: Inventory): WorkloadOnCluster {
  const [workload] = environment?.workloads ?? [];
  const [subject] = environment && workload ? onClusters(environment, workload) : [];
  if (subject === undefined) throw new Error('the inventory has no workload');
  return subject;
}

const quick = () => new Promise<void>((resolve) => setTimeout(resolve, 200));

function probed(inventory: Inventory, change: Partial<ProbePort> = {}, signal?: AbortSignal): Promise<ProbeResult> {
  const subject = subjectOf(inventory);
  const port = { ...kubectlProbe(subject.cluster), ...change };
  return probe(subject, port, { image: 'aws-cli:2', suffix: 'abc12', sleep: quick, ...(signal && { signal }) });
}

const jobs = async () => {
  const names = await live.kubectl('get jobs,pods -o name');
  return names.split('\n').filter((name) => name.includes('podlift-probe'));
};
const calls = (action: string) =>
  live
    .sandbox()
    .calls()
    .filter((call) => call.action === action).length;

describe('A probe', () => {
  it('uses the role once through Pod Identity, also where no pod runs, and leaves nothing behind', async () => {
    const result = await probed(await at('dual'));
    expect(result).toMatchObject({
      cluster: 'main',
      mode: 'pod-identity',
      ok: true,
      problems: [],
      calls: [{ call: 'sts:GetCallerIdentity', ok: true }],
    });
    expect(result.calls[0]?.found).toMatch(/:assumed-role\/prod-orders-api\/eks-prod-main-/);
    expect(calls('AssumeRoleForPodIdentity')).toBe(1);
    expect(await jobs()).toEqual([]);
  });

  it('has the labels of the workload without those of its controller, and is never ready', async () => {
    const inventory = await at('dual');
    await live.settle();
    let seen = '';
    const { pod } = kubectlProbe(subjectOf(inventory).cluster);
    const result = await probed(inventory, {
      pod: async (namespace, job) => {
        seen ||= await live.kubectl(`get pods -l job-name=${job} -o json`);
        return pod(namespace, job);
      },
    });
    expect(result).toMatchObject({ ok: true, like: `deployment/${NAME}` });
    const [found] = (JSON.parse(seen) as { items: { metadata: { labels: object }; spec: object }[] }).items;
    expect(found?.metadata.labels).toMatchObject({ app: NAME });
    expect(found?.metadata.labels).not.toHaveProperty('pod-template-hash');
    expect(found?.spec).toMatchObject({ readinessGates: [{ conditionType: 'podlift.invalid/never-ready' }] });
  });

  it('makes the declared hops, and says what denies one', async () => {
    const inventory = await at('dual', LEDGER);
    expect(await probed(inventory)).toMatchObject({
      ok: true,
      calls: [{ call: 'sts:GetCallerIdentity' }, { call: 'sts:AssumeRole', ok: true }],
    });
    const [target] = subjectOf(inventory).parts.targetRoles;
    const RoleName = target?.name ?? '';
    const PolicyDocument = JSON.stringify(target?.trust).replaceAll(',"sts:TagSession"', '');
    await live.iam(target?.account.id).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    const denied = await probed(inventory);
    expect(denied).toMatchObject({ ok: false, calls: [{ ok: true }, { call: 'sts:AssumeRole', ok: false }] });
    expect(denied.calls[1]?.found).toContain('AccessDenied');
  });

  it('fails where the trust policy denies the role, with what the AWS CLI said', async () => {
    const inventory = await at('dual');
    const { role } = subjectOf(inventory).parts;
    const PolicyDocument = JSON.stringify({
      ...role.trust,
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
    });
    await live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument }));
    const result = await probed(inventory);
    expect(result).toMatchObject({ ok: false, problems: [], calls: [{ ok: false }] });
    expect(result.calls[0]?.found).toMatch(/Unable to locate credentials|AccessDenied/);
    expect(await jobs()).toEqual([]);
  });

  it('says so where new pods still get the credentials of the stage before', async () => {
    const before = await at('prepared');
    const result = await probed(inventoryAt('dual'));
    expect(before.environments).toHaveLength(1);
    expect(result).toMatchObject({ ok: false, mode: 'irsa', expected: 'pod-identity' });
  });

  it.each<[string, Record<string, string>, boolean, string | undefined, object?]>([
    ['a Service that publishes addresses that are not ready', { app: NAME }, true, 'publishes-not-ready'],
    ['a Service that waits until a pod is ready', { app: NAME }, false, undefined],
    ['such a Service for other pods', { app: 'other' }, true, undefined],
    [
      'a Service that is a name of DNS alone, whose selector Kubernetes ignores',
      { app: NAME },
      true,
      undefined,
      { type: 'ExternalName', externalName: 'orders.example.com' },
    ],
  ])('with %s', async (_, selector, publishNotReadyAddresses, problem, more = {}) => {
    const inventory = await at('dual');
    await live.settle();
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'orders', namespace: NAMESPACE },
      spec: { selector, publishNotReadyAddresses, ports: [{ port: 80 }], ...more },
    };
    await live.kubectl('apply -f -', JSON.stringify(service));
    const result = await probed(inventory);
    expect(result.problems.map(({ kind }) => kind)).toEqual(problem === undefined ? [] : [problem]);
    expect(result.job === undefined).toBe(problem !== undefined);
  });

  it('deletes its Job when it is interrupted', async () => {
    const inventory = await at('dual');
    const interrupted = new AbortController();
    const { create } = kubectlProbe(subjectOf(inventory).cluster);
    const result = await probed(
      inventory,
      {
        create: async (job) => {
          const created = await create(job);
          interrupted.abort();
          return created;
        },
      },
      interrupted.signal,
    );
    expect(result.problems).toEqual([{ kind: 'interrupted' }]);
    expect(await jobs()).toEqual([]);
  });

  it('deletes its Job where the cluster created it, and kubectl was interrupted', async () => {
    const inventory = await at('dual');
    const { create } = kubectlProbe(subjectOf(inventory).cluster);
    const result = await probed(inventory, {
      create: async (job) => {
        await create(job);
        return { ok: false, why: 'failed', message: 'signal: interrupt' };
      },
    });
    expect(result.problems).toEqual([{ kind: 'no-answer', of: 'create', message: 'signal: interrupt' }]);
    expect(await jobs()).toEqual([]);
  });

  it('needs the permissions of docs/permissions.md, and no others', async () => {
    const inventory = await at('dual');
    await live.settle();
    const rules = (name: string) => (parse(blockOf('yaml', name)) as { rules: PolicyRule[] }).rules;
    live.sandbox().kubernetes.limit(CLUSTER, rules('probe'));
    expect(await probed(inventory)).toMatchObject({ problems: [{ kind: 'no-answer', of: 'templates' }] });
    live.sandbox().kubernetes.limit(CLUSTER, [...rules('read'), ...rules('probe')]);
    expect(await probed(inventory)).toMatchObject({ ok: true, problems: [] });
    live.sandbox().kubernetes.limit(CLUSTER);
    expect(await jobs()).toEqual([]);
  });

  it('says why the Job has no pod', async () => {
    const inventory = await at('dual');
    await live.kubectl(`delete serviceaccount ${NAME}`);
    const result = await probed(inventory);
    expect(result.problems).toEqual([{ kind: 'no-pod', events: [] }]);
  });
});
