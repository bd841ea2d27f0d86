import type { Blueprint, Resources } from '../../src/blueprint/Blueprint';
import { compile } from '../../src/blueprint/compile';
import { type Addon, type Environment, STAGES } from '../../src/inventory/Inventory';
import { clusterOf, clusterWithout, environmentOf, inventoryOf, targetOf, workloadOf } from './inventoryOf';

const EFS: Addon = {
  name: 'aws-efs-csi-driver',
  version: 'v2.1.0-eksbuild.1',
  serviceAccounts: { 'efs-sa': 'efs' },
  adopt: false,
};
const OIDC = { ...clusterOf().oidc!, provider: 'managed' as const };

const compiled = (parts: Partial<Environment>) => compile(inventoryOf(environmentOf(parts)), 'prod');
const counts = ({ roles, targetRoles, associations, serviceAccounts, agents, addons, oidcProviders }: Resources) => ({
  roles: roles.length,
  targetRoles: targetRoles.length,
  associations: associations.length,
  serviceAccounts: serviceAccounts.length,
  agents: agents.length,
  addons: addons.length,
  oidcProviders: oidcProviders.length,
});
const NONE = { roles: 0, targetRoles: 0, associations: 0, serviceAccounts: 0, agents: 0, addons: 0, oidcProviders: 0 };
/** What is managed, without what is released. */
const managed = ({ released, ...rest }: Blueprint) => {
  expect(released).toBeDefined();
  return rest;
};

describe('compiling released workloads', () => {
  it('gives nothing to forget where none is released, and the cluster has an agent and a managed OIDC provider', () => {
    const clusters = [clusterOf({ oidc: OIDC })];
    expect(counts(compiled({ clusters }).released)).toEqual(NONE);
    expect(counts(compiled({ clusters, released: [] }).released)).toEqual(NONE);
  });

  it.each(STAGES)(
    'gives nothing to forget where none is released at %s, beside add-ons and an adopted agent',
    (stage) => {
      const agent = { version: 'v1.3.4-eksbuild.1', adopt: true };
      const addons = [EFS, { ...EFS, name: 'coredns', serviceAccounts: {}, adopt: true }];
      const blueprint = compiled({
        clusters: [clusterOf({ agent, addons, oidc: OIDC })],
        workloads: [workloadOf({ key: 'efs', stage, serviceAccount: { name: 'efs-sa', manage: 'create' } })],
      });
      expect([blueprint.agents.length, blueprint.addons.length]).toEqual([1, 2]);
      expect(counts(blueprint.released)).toEqual(NONE);
    },
  );

  it.each(STAGES)('gives all to forget that a workload may have, whatever its stage: %s', (stage) => {
    const blueprint = compiled({ workloads: [], released: [workloadOf({ stage, targets: [targetOf()] })] });
    expect(counts(blueprint)).toEqual(NONE);
    expect(counts(blueprint.released)).toEqual({
      ...NONE,
      roles: 1,
      targetRoles: 1,
      associations: 1,
      serviceAccounts: 1,
      agents: 1,
      oidcProviders: 1,
    });
  });

  it('gives the same roles and associations to forget as were managed at dual', () => {
    const workload = workloadOf({ stage: 'dual', targets: [targetOf()] });
    const before = compiled({ workloads: [workload] });
    const { released } = compiled({ workloads: [], released: [workload] });
    expect(released.roles).toEqual(before.roles);
    expect(released.targetRoles).toEqual(before.targetRoles);
    expect(released.associations).toEqual(before.associations);
    expect(released.serviceAccounts).toEqual(before.serviceAccounts);
  });

  it('leaves another workload as it is', () => {
    const other = workloadOf({ key: 'other', stage: 'dual' });
    const alone = compiled({ workloads: [other] });
    const beside = compiled({ workloads: [other], released: [workloadOf({ stage: 'dual' })] });
    expect(managed(beside)).toEqual(managed(alone));
    expect(beside.released.roles.map(({ workload }) => workload)).toEqual(['orders-api']);
  });

  it.each([
    ['forgets the agent that no other workload needs', 'irsa', false, 0, 1],
    ['keeps the agent that another workload needs', 'prepared', false, 1, 0],
    ['keeps the agent that was adopted', 'irsa', true, 1, 0],
  ] as const)('%s', (_what, stage, adopt, kept, forgotten) => {
    const blueprint = compiled({
      clusters: [clusterOf({ agent: { version: 'v1.3.4-eksbuild.1', adopt } })],
      workloads: [workloadOf({ key: 'other', stage })],
      released: [workloadOf({ stage: 'dual' })],
    });
    expect([blueprint.agents.length, blueprint.released.agents.length]).toEqual([kept, forgotten]);
  });

  it('forgets the agent of one cluster and keeps that of another', () => {
    const blueprint = compiled({
      clusters: [clusterOf(), clusterOf({ key: 'batch' })],
      workloads: [workloadOf({ key: 'other', stage: 'dual', clusters: ['batch'] })],
      released: [workloadOf({ stage: 'dual', clusters: ['main', 'batch'] })],
    });
    expect(blueprint.agents.map(({ cluster }) => cluster)).toEqual(['batch']);
    expect(blueprint.released.agents.map(({ cluster }) => cluster)).toEqual(['main']);
  });

  it.each([true, false])('forgets an add-on as a whole, adopted: %s, and keeps those that serve nobody', (adopt) => {
    const addons = [
      { ...EFS, adopt },
      { ...EFS, name: 'coredns', serviceAccounts: {} },
    ];
    const blueprint = compiled({
      clusters: [clusterOf({ addons }), clusterOf({ key: 'batch', addons: [{ ...EFS, serviceAccounts: {} }] })],
      workloads: [],
      released: [workloadOf({ key: 'efs', serviceAccount: { name: 'efs-sa', manage: 'create' } })],
    });
    const named = ({ addons: all }: Resources) => all.map(({ cluster, name }) => `${cluster}/${name}`);
    expect(named(blueprint)).toEqual(['main/coredns', 'batch/aws-efs-csi-driver']);
    expect(named(blueprint.released)).toEqual(['main/aws-efs-csi-driver']);
  });

  it('keeps a managed OIDC provider: it is the cluster’s', () => {
    const blueprint = compiled({
      clusters: [clusterOf({ oidc: OIDC })],
      workloads: [],
      released: [workloadOf({ stage: 'dual' })],
    });
    expect([blueprint.oidcProviders.length, blueprint.released.oidcProviders.length]).toEqual([1, 0]);
  });

  it('gives plain data that survives JSON', () => {
    const blueprint = compiled({ released: [workloadOf({ key: 'gone', stage: 'dual', targets: [targetOf()] })] });
    expect(JSON.parse(JSON.stringify(blueprint))).toEqual(blueprint);
  });
});

describe('compiling clusters that podlift no longer gives an agent or an OIDC provider', () => {
  const WITHOUT_AGENT = clusterWithout('agent', { autoMode: true });

  it.each(STAGES)('forgets the agent of a cluster with autoMode instead of agent, with a workload at %s', (stage) => {
    const { agents, released } = compiled({ clusters: [WITHOUT_AGENT], workloads: [workloadOf({ stage })] });
    expect(agents).toEqual([]);
    expect(released.agents).toEqual([
      { cluster: 'main', clusterName: 'prod-main', region: 'us-west-2', version: '', adopt: false, tags: {} },
    ]);
  });

  it('forgets once the agent of a cluster with autoMode and a released workload', () => {
    const { released } = compiled({
      clusters: [WITHOUT_AGENT],
      workloads: [],
      released: [workloadOf({ stage: 'dual' })],
    });
    expect(released.agents.map(({ cluster }) => cluster)).toEqual(['main']);
  });

  it('does not forget an agent that no workload needs yet: the entry of the cluster has the agent', () => {
    const { agents, released } = compiled({ workloads: [workloadOf({ stage: 'irsa' })] });
    expect([agents, released.agents]).toEqual([[], []]);
  });

  it.each([
    ['existing', clusterOf()],
    ['existing and adopted', clusterOf({ oidc: { ...OIDC, provider: 'existing', adopt: true } })],
    ['not in the entry', clusterWithout('oidc')],
  ] as const)('forgets an OIDC provider that is %s', (_what, cluster) => {
    const { oidcProviders, released } = compiled({ clusters: [cluster, clusterOf({ key: 'batch', oidc: OIDC })] });
    expect(oidcProviders.map((one) => one.cluster)).toEqual(['batch']);
    expect(released.oidcProviders).toEqual([
      { cluster: 'main', issuer: cluster.oidc?.issuer ?? '', arn: '', adopt: false, tags: {} },
    ]);
  });

  it.each([true, false])('keeps a managed OIDC provider, adopted: %s', (adopt) => {
    const { oidcProviders, released } = compiled({ clusters: [clusterOf({ oidc: { ...OIDC, adopt } })] });
    expect([oidcProviders.length, released.oidcProviders.length]).toEqual([1, 0]);
  });
});
