import { type Addon, type Environment, type Stage, STAGES, type Workload } from '../../src/inventory/Inventory';
import {
  clusterOf,
  clusterWithout,
  environmentOf,
  roleSettingsOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';
import { type SynthesizedStack, synthesized } from './synthesized';

const POLICY = 'arn:aws:iam::333333333333:policy/read';
const DOCUMENT = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } } as const;
const EFS: Addon = {
  name: 'aws-efs-csi-driver',
  version: 'v2.1.0-eksbuild.1',
  serviceAccounts: { 'efs-sa': 'efs' },
  adopt: false,
};

/** A workload with everything that a role can have. */
const workload = (parts: WorkloadParts = {}) =>
  workloadOf({
    permissions: {
      ...workloadOf().permissions,
      managedPolicies: [POLICY],
      inlinePolicies: { 's3-read': DOCUMENT },
    },
    targets: [targetOf(), targetOf({ key: 'lake' })],
    ...parts,
  });
const adopted = (parts: WorkloadParts = {}) =>
  workload({
    role: roleSettingsOf({
      name: 'legacy',
      adopt: true,
      imports: { managedPolicies: [POLICY], inlinePolicies: ['s3-read'], associations: { main: 'a-1' } },
    }),
    ...parts,
  });
const efs = (parts: WorkloadParts = {}) =>
  workloadOf({ key: 'efs', namespace: 'kube-system', serviceAccount: { name: 'efs-sa', manage: 'create' }, ...parts });

type Stacks = Record<string, SynthesizedStack>;
const stacksOf = (parts: Partial<Environment>) => synthesized([environmentOf(parts)]);
const addressesOf = ({ resource = {} }: Partial<SynthesizedStack> = {}) =>
  Object.entries(resource).flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`));
const forgottenBy = (stack: SynthesizedStack | undefined) => (stack?.removed ?? []).map(({ from }) => from);
const typesOf = (addresses: readonly string[]) => addresses.map((address) => address.split('.')[0]!).sort();
const MANAGED = { ...clusterOf().oidc!, provider: 'managed' as const };
const clusterWith = (parts: Parameters<typeof clusterOf>[0] = {}) =>
  clusterOf({ kubernetes: { context: 'prod-main' }, ...parts });

/** What a stack refers to by address, in depends_on and import blocks, and does not have. */
function dangling(stacks: Stacks): string[] {
  return Object.values<Partial<SynthesizedStack>>(stacks).flatMap((stack) => {
    const there = new Set(addressesOf(stack));
    const needed = Object.values(stack.resource ?? {})
      .flatMap((all) => Object.values(all))
      .flatMap(({ depends_on: needs = [] }: { depends_on?: string[] }) => needs);
    return [...needed, ...(stack.import ?? []).map(({ to }) => to)].filter((address) => !there.has(address));
  });
}

/** Every stack forgets each address once, with nothing destroyed, and none that it has. */
function expectSound(stacks: Stacks): void {
  expect(dangling(stacks)).toEqual([]);
  for (const stack of Object.values(stacks)) {
    const forgotten = forgottenBy(stack);
    expect(new Set(forgotten).size).toBe(forgotten.length);
    expect(forgotten.filter((address) => addressesOf(stack).includes(address))).toEqual([]);
    for (const { lifecycle } of stack.removed ?? []) expect(lifecycle).toEqual({ destroy: false });
  }
}

describe('a released workload', () => {
  const CASES = [
    ['podlift’s own', workload],
    ['adopted', adopted],
  ] as const;
  const both = STAGES.flatMap((stage) => CASES.map(([role, make]) => [stage, role, make] as const));

  it.each(both)('is forgotten from %s, its role %s, with all that any stack has of it', (stage, _role, make) => {
    const clusters = [clusterWith(), clusterWith({ key: 'batch', region: 'eu-west-1' })];
    const one = make({ stage, clusters: ['main', 'batch'] });
    const before = stacksOf({ clusters, workloads: [one] });
    const after = stacksOf({ clusters, workloads: [], released: [one] });
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const [name, stack] of Object.entries(before)) {
      const forgotten = forgottenBy(after[name]);
      expect(forgotten).toEqual(expect.arrayContaining(addressesOf(stack)));
      expect(addressesOf(after[name])).toEqual([]);
      // The resources are in the state, and each keeps the provider that it was made with.
      for (const [type, providers] of Object.entries(stack.provider))
        expect(after[name]!.provider[type]).toEqual(expect.arrayContaining(providers));
    }
    expectSound(after);
  });

  it('is forgotten with its role, policies, attachment, association and agent, beside an OIDC provider that is not managed', () => {
    const stacks = stacksOf({ clusters: [clusterWith()], workloads: [], released: [adopted({ stage: 'irsa' })] });
    expect(typesOf(forgottenBy(stacks['prod-identity']))).toEqual([
      'aws_eks_addon',
      'aws_eks_pod_identity_association',
      'aws_iam_openid_connect_provider',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_iam_role_policy',
      'aws_iam_role_policy_attachment',
    ]);
  });

  it('is forgotten with each of its target roles', () => {
    const stacks = stacksOf({ clusters: [clusterWith()], workloads: [], released: [workload({ stage: 'dual' })] });
    expect(typesOf(forgottenBy(stacks['prod-targets-data-prod']))).toEqual([
      'aws_iam_role',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_iam_role_policy',
    ]);
    expect(stacks['prod-targets-data-prod']!.output).toMatchObject({ role_arns: { value: {} } });
  });

  it('is imported no more: an import block for a resource that is not there would stop the plan', () => {
    const stacks = stacksOf({ workloads: [], released: [adopted({ stage: 'dual' })] });
    expect(stacks['prod-identity']).not.toHaveProperty('import');
  });

  it('leaves another workload as it is, also one with a target in the same account', () => {
    const other = adopted({
      key: 'other',
      stage: 'dual',
      role: roleSettingsOf({ name: 'other', adopt: true }),
      targets: [targetOf({ role: { name: 'prod-other-ledger', path: '/' } })],
    });
    const clusters = [clusterWith()];
    const alone = stacksOf({ clusters, workloads: [other] });
    const beside = stacksOf({ clusters, workloads: [other], released: [adopted({ stage: 'dual' })] });
    expect(Object.keys(beside).sort()).toEqual(Object.keys(alone).sort());
    for (const [name, stack] of Object.entries(beside)) {
      expect(stack.resource).toEqual(alone[name]!.resource);
      expect(stack.import).toEqual(alone[name]!.import);
      expect(stack.output).toEqual(alone[name]!.output);
    }
    expectSound(beside);
  });

  it('is in no output', () => {
    const stacks = stacksOf({
      clusters: [clusterWith()],
      workloads: [workloadOf({ key: 'other' })],
      released: [workload({ stage: 'dual' })],
    });
    const outputs = Object.entries(stacks).map(([name, { output }]) => [name, Object.keys(output.role_arns.value)]);
    expect(Object.fromEntries(outputs)).toEqual({
      'prod-identity': ['other'],
      'prod-service-accounts-main': ['other'],
      'prod-targets-data-prod': [],
    });
  });

  it('has no removed block where nothing is released, and the cluster has an agent and a managed OIDC provider', () => {
    const clusters = [clusterWith({ oidc: MANAGED })];
    for (const stack of Object.values(stacksOf({ clusters, workloads: [workload({ stage: 'dual' })] })))
      expect(stack).not.toHaveProperty('removed');
  });
});

describe('the agent of a cluster with a released workload', () => {
  const agentsOf = (stack: SynthesizedStack | undefined) => ({
    kept: addressesOf(stack).filter((address) => address.includes('agents_main')),
    forgotten: forgottenBy(stack).filter((address) => address.includes('agents_main')),
  });
  const identity = (workloads: Workload[], released: Workload[], adopt = false) => {
    const agent = { version: 'v1.3.4-eksbuild.1', adopt };
    const stacks = stacksOf({ clusters: [clusterWith({ agent })], workloads, released });
    expectSound(stacks);
    return agentsOf(stacks['prod-identity']);
  };
  const other = (stage: Stage) => workloadOf({ key: 'other', stage });

  it.each(STAGES)('is forgotten where only workloads that are released at %s need it', (stage) => {
    expect(identity([], [workload({ stage })])).toEqual({ kept: [], forgotten: [expect.any(String)] });
    expect(identity([other('irsa')], [workload({ stage })])).toEqual({ kept: [], forgotten: [expect.any(String)] });
  });

  it.each(STAGES.filter((stage) => stage !== 'irsa'))('stays where another workload needs it at %s', (stage) => {
    expect(identity([other(stage)], [workload({ stage: 'dual' })])).toEqual({
      kept: [expect.any(String)],
      forgotten: [],
    });
  });

  it('stays where it was adopted: other people’s associations may need it', () => {
    expect(identity([], [workload({ stage: 'dual' })], true)).toEqual({ kept: [expect.any(String)], forgotten: [] });
  });
});

describe('an add-on with a released workload', () => {
  const addonsOf = (addresses: readonly string[]) => addresses.filter((address) => address.includes('addons_main'));
  const clusters = (addon: Addon) => [clusterWith({ addons: [addon] })];

  it.each(STAGES.flatMap((stage) => [false, true].map((adopt) => [stage, adopt] as const)))(
    'is forgotten whole at %s, adopted: %s',
    (stage, adopt) => {
      const addon = { ...EFS, adopt };
      const before = stacksOf({ clusters: clusters(addon), workloads: [efs({ stage })] })['prod-identity']!;
      const after = stacksOf({ clusters: clusters(addon), workloads: [], released: [efs({ stage })] });
      expect(addonsOf(addressesOf(before))).toHaveLength(1);
      expect(addonsOf(forgottenBy(after['prod-identity']))).toEqual(addonsOf(addressesOf(before)));
      expect(addressesOf(after['prod-identity'])).toEqual([]);
      expect(after['prod-identity']).not.toHaveProperty('import');
      expectSound(after);
    },
  );

  it('is forgotten with both of its workloads', () => {
    const addon = { ...EFS, serviceAccounts: { 'efs-sa': 'efs', 'node-sa': 'node' } };
    const node = efs({ key: 'node', serviceAccount: { name: 'node-sa', manage: 'create' }, stage: 'dual' });
    const stacks = stacksOf({ clusters: clusters(addon), workloads: [], released: [efs({ stage: 'dual' }), node] });
    expect(addonsOf(forgottenBy(stacks['prod-identity']))).toHaveLength(1);
    expectSound(stacks);
  });

  it('leaves another add-on of the cluster', () => {
    const ebs: Addon = { ...EFS, name: 'aws-ebs-csi-driver', serviceAccounts: { 'ebs-sa': 'ebs' } };
    const own = { ...EFS, name: 'coredns', serviceAccounts: {} };
    const stacks = stacksOf({
      clusters: [clusterWith({ addons: [EFS, ebs, own] })],
      workloads: [workloadOf({ key: 'ebs', stage: 'dual', serviceAccount: { name: 'ebs-sa', manage: 'create' } })],
      released: [efs({ stage: 'dual' })],
    });
    expect(addonsOf(addressesOf(stacks['prod-identity']))).toEqual([
      expect.stringContaining('ebs'),
      expect.stringContaining('coredns'),
    ]);
    expect(addonsOf(forgottenBy(stacks['prod-identity']))).toEqual([expect.stringContaining('efs')]);
    expectSound(stacks);
  });

  it('that is kept at irsa does not wait for an agent that is forgotten', () => {
    const stacks = stacksOf({
      clusters: clusters(EFS),
      workloads: [efs({ stage: 'irsa' })],
      released: [workload({ stage: 'dual' })],
    });
    expect(forgottenBy(stacks['prod-identity']).some((address) => address.includes('agents_main'))).toBe(true);
    expectSound(stacks);
  });
});

describe('the agent of a cluster that has autoMode instead', () => {
  const autoMode = (parts: Parameters<typeof clusterOf>[0] = {}) =>
    clusterWithout('agent', { kubernetes: { context: 'prod-main' }, autoMode: true, ...parts });
  const agentOf = (addresses: readonly string[]) => addresses.filter((address) => address.includes('agents_'));
  const needs = (stack: SynthesizedStack | undefined) =>
    Object.values(stack?.resource ?? {})
      .flatMap((all) => Object.values(all))
      .flatMap(({ depends_on: needed = [] }: { depends_on?: string[] }) => needed);

  it.each([true, false])('is forgotten at the address that it had, adopted: %s', (adopt) => {
    const workloads = [workload({ stage: 'dual' })];
    const agent = { version: 'v1.3.4-eksbuild.1', adopt };
    const before = stacksOf({ clusters: [clusterWith({ agent })], workloads });
    const after = stacksOf({ clusters: [autoMode()], workloads });
    const had = agentOf(addressesOf(before['prod-identity']));
    expect(had).toHaveLength(1);
    expect(agentOf(forgottenBy(after['prod-identity']))).toEqual(had);
    expect(agentOf(addressesOf(after['prod-identity']))).toEqual([]);
    expect(agentOf((after['prod-identity']?.import ?? []).map(({ to }) => to))).toEqual([]);
    expectSound(after);
  });

  it('is forgotten in the region of its cluster', () => {
    const workloads = [workload({ stage: 'dual', clusters: ['batch'] })];
    const batch = { key: 'batch', region: 'eu-west-1', kubernetes: { context: 'batch' } };
    const before = stacksOf({ clusters: [clusterWith(batch)], workloads });
    const after = stacksOf({ clusters: [autoMode(batch)], workloads });
    expect(agentOf(forgottenBy(after['prod-identity']))).toEqual(agentOf(addressesOf(before['prod-identity'])));
    expect(after['prod-identity']!.provider).toEqual(before['prod-identity']!.provider);
  });

  it.each(STAGES)('is forgotten once beside a workload that is released at %s', (stage) => {
    const stacks = stacksOf({ clusters: [autoMode()], workloads: [], released: [workload({ stage })] });
    expect(agentOf(forgottenBy(stacks['prod-identity']))).toHaveLength(1);
    expectSound(stacks);
  });

  it.each(STAGES)('is nothing that an association or an add-on at %s depends on', (stage) => {
    const addons: Addon[] = [EFS, { ...EFS, name: 'coredns', serviceAccounts: {} }];
    const workloads = [workload({ stage }), efs({ stage })];
    const before = stacksOf({ clusters: [clusterWith({ addons })], workloads });
    const after = stacksOf({ clusters: [autoMode({ addons })], workloads });
    const agent = agentOf(forgottenBy(after['prod-identity']));
    expect(agent).toHaveLength(1);
    // With an agent, the same resources depend on the agent from prepared on.
    expect(needs(before['prod-identity']).includes(agent[0]!)).toBe(stage !== 'irsa');
    expect(needs(after['prod-identity'])).not.toContain(agent[0]);
    expectSound(after);
  });
});

describe('the OIDC provider of a cluster', () => {
  const providerOf = (addresses: readonly string[]) =>
    addresses.filter((address) => address.startsWith('aws_iam_openid_connect_provider.'));
  const workloads = [workload({ stage: 'dual' })];

  it.each([
    ['existing', false, clusterWith()],
    ['existing, and was adopted', true, clusterWith()],
    ['not in the entry', false, clusterWithout('oidc')],
  ])('is forgotten at the address that it had where it is %s', (_what, adopt, cluster) => {
    const before = stacksOf({ clusters: [clusterWith({ oidc: { ...MANAGED, adopt } })], workloads });
    const after = stacksOf({ clusters: [cluster], workloads });
    const had = providerOf(addressesOf(before['prod-identity']));
    expect(had).toHaveLength(1);
    expect(forgottenBy(after['prod-identity'])).toEqual(had);
    expect(providerOf(addressesOf(after['prod-identity']))).toEqual([]);
    expect(after['prod-identity']).not.toHaveProperty('import');
    expectSound(after);
  });

  it('stays where it is managed, beside one that is forgotten', () => {
    const clusters = [clusterWith({ oidc: MANAGED }), clusterOf({ key: 'batch' })];
    const stacks = stacksOf({ clusters, workloads });
    expect(providerOf(addressesOf(stacks['prod-identity']))).toEqual([expect.stringContaining('_main_')]);
    expect(forgottenBy(stacks['prod-identity'])).toEqual([expect.stringContaining('_batch_')]);
    expectSound(stacks);
  });
});
