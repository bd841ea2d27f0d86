import { compile } from '../../src/blueprint/compile';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf, targetOf, workloadOf } from './inventoryOf';

const compiled = (parts: Parameters<typeof environmentOf>[0] = {}) =>
  compile(inventoryOf(environmentOf(parts)), 'prod');
const at = (stage: Stage) => compiled({ workloads: [workloadOf({ stage })] });

describe('compiling an environment', () => {
  it('gives the same text for the same inventory', () => {
    expect(JSON.stringify(compiled())).toBe(JSON.stringify(compiled()));
  });

  it('gives plain data that survives JSON', () => {
    const blueprint = compiled({ workloads: [workloadOf({ stage: 'dual', targets: [targetOf()] })] });
    expect(JSON.parse(JSON.stringify(blueprint))).toEqual(blueprint);
  });

  it('says which environments there are when it is asked for another', () => {
    expect(() => compile(inventoryOf(environmentOf()), 'staging')).toThrow(/no environment "staging".*prod/);
  });

  it.each(STAGES)('at %s has the association, annotation and agent that the stage table asks for', (stage) => {
    const { agents, associations, serviceAccounts } = at(stage);
    expect(associations).toHaveLength(STAGE_TABLE[stage].association ? 1 : 0);
    expect(serviceAccounts[0]?.annotations).toEqual(
      STAGE_TABLE[stage].annotation
        ? { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/prod-orders-api' }
        : {},
    );
    expect(agents).toHaveLength(stage === 'irsa' ? 0 : 1);
  });

  it.each([
    ['irsa', true, false],
    ['prepared', true, false],
    ['dual', true, false],
    ['cutover', false, true],
    ['pod-identity', false, false],
  ] as const)('annotates at %s: %s, and takes the annotation from others first: %s', (stage, annotated, clears) => {
    const [account] = at(stage).serviceAccounts;
    expect(Object.keys(account!.annotations)).toHaveLength(annotated ? 1 : 0);
    expect(account!.clearsAnnotation).toBe(clears);
  });

  it('says of a service account whether it exists already', () => {
    const accountOf = (adopt?: boolean) => {
      const serviceAccount = { name: 'orders-api', manage: 'create' as const, ...(adopt !== undefined && { adopt }) };
      return compiled({ workloads: [workloadOf({ serviceAccount })] }).serviceAccounts[0]!;
    };
    expect([accountOf(true).adopt, accountOf(false).adopt, accountOf().adopt]).toEqual([true, false, false]);
  });

  it('installs no agent on a cluster that brings it, and none where every workload is at irsa', () => {
    const clusters = [clusterOf(), clusterOf({ key: 'batch' })];
    const auto = compiled({ clusters: [noAgent('main'), clusterOf({ key: 'batch' })], workloads: [onDual('main')] });
    expect(auto.agents).toEqual([]);
    const one = compiled({ clusters, workloads: [onDual('batch'), workloadOf({ key: 'other' })] });
    expect(one.agents.map(({ cluster }) => cluster)).toEqual(['batch']);
  });

  it('hands the agent its configuration as JSON text', () => {
    const configuration = { agent: { additionalArgs: { '-b': '169.254.170.23' } } };
    const clusters = [clusterOf({ agent: { version: 'v1.3.4-eksbuild.1', configuration, adopt: false } })];
    const { agents } = compiled({ clusters, workloads: [onDual('main')] });
    expect(JSON.parse(agents[0]!.configuration!)).toEqual(configuration);
  });

  it('has one role for all clusters of a workload, and an association and a service account for each', () => {
    const clusters = [clusterOf(), clusterOf({ key: 'batch', region: 'eu-west-1' })];
    const { roles, associations, serviceAccounts } = compiled({
      clusters,
      workloads: [workloadOf({ stage: 'dual', clusters: ['main', 'batch'] })],
    });
    expect(roles).toHaveLength(1);
    expect(associations.map(({ clusterName, region }) => [clusterName, region])).toEqual([
      ['prod-main', 'us-west-2'],
      ['prod-batch', 'eu-west-1'],
    ]);
    expect(serviceAccounts).toHaveLength(2);
  });

  it('manages an OIDC provider only where the cluster says so', () => {
    const oidc = { ...clusterOf().oidc!, provider: 'managed' as const, adopt: false };
    const { oidcProviders } = compiled({ clusters: [clusterOf({ oidc }), clusterOf({ key: 'batch' })] });
    expect(oidcProviders.map(({ cluster }) => cluster)).toEqual(['main']);
  });

  it('tags every role with workload and environment: no tag changes with the stage', () => {
    const { roles, targetRoles } = compiled({ workloads: [workloadOf({ stage: 'dual', targets: [targetOf()] })] });
    for (const { tags } of [...roles, ...targetRoles])
      expect(tags).toEqual({
        'podlift:workload': 'orders-api',
        'podlift:environment': 'prod',
      });
  });

  it.each(STAGES)('lets the source role assume and tag its target roles at %s', (stage) => {
    const { roles, targetRoles } = compiled({ workloads: [workloadOf({ stage, targets: [targetOf()] })] });
    expect(roles[0]?.inline?.Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: targetRoles[0]?.arn,
    });
  });

  it('names the chained target on the association, and no target that the workload assumes itself', () => {
    const chained = (via: 'workload' | 'association') =>
      compiled({ workloads: [workloadOf({ stage: 'dual', targets: [targetOf({ via })] })] }).associations[0];
    expect(chained('association')?.targetRoleArn).toBe('arn:aws:iam::444444444444:role/prod-orders-api-ledger');
    expect(chained('workload')).not.toHaveProperty('targetRoleArn');
  });

  it('has EKS send no session tags where the workload wants none', () => {
    const { associations } = compiled({ workloads: [workloadOf({ stage: 'dual', sessionTags: false })] });
    expect(associations[0]?.disableSessionTags).toBe(true);
  });

  it('carries IAM policy variables as they were written', () => {
    const statement = {
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::acme/${aws:PrincipalTag/kubernetes-namespace}/*'],
      conditions: { StringEquals: { 'aws:PrincipalTag/eks-cluster-name': "${aws:PrincipalTag/team, 'none'}" } },
      because: 'read by people only',
    };
    const { roles } = compiled({
      workloads: [workloadOf({ permissions: { inlinePolicies: {}, managedPolicies: [], statements: [statement] } })],
    });
    expect(roles[0]?.inline?.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: statement.resources[0],
        Condition: statement.conditions,
      },
    ]);
  });

  it('writes no inline policy for a role without statements and targets', () => {
    const { roles } = compiled({
      workloads: [workloadOf({ permissions: { inlinePolicies: {}, managedPolicies: [], statements: [] } })],
    });
    expect(roles[0]).not.toHaveProperty('inline');
  });
});

function onDual(cluster: string) {
  return workloadOf({ stage: 'dual', clusters: [cluster] });
}

function noAgent(key: string) {
  const { agent, ...rest } = clusterOf({ key, autoMode: true });
  expect(agent).toBeDefined();
  return rest;
}
