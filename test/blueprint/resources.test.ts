import { compile } from '../../src/blueprint/compile';
import type { Environment, Workload } from '../../src/inventory/Inventory';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  roleSettingsOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from './inventoryOf';

// Whole resources, attribute by attribute: an attribute that the inventory does not set is absent, not undefined, so
// that Terraform leaves it alone.

const compiled = (parts: Partial<Environment>) => compile(inventoryOf(environmentOf(parts)), 'prod');
const compiledWorkload = (parts: WorkloadParts, environment: Partial<Environment> = {}) =>
  compiled({ ...environment, workloads: [workloadOf(parts)] });

const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000';
const SOURCE_ARN = 'arn:aws:iam::333333333333:role/prod-orders-api';
const PLACE = { workload: 'orders-api', cluster: 'main', clusterName: 'prod-main', region: 'us-west-2' };
const TAGS = { 'podlift:workload': 'orders-api', 'podlift:environment': 'prod' };
const WITHOUT_POLICIES = { managedPolicies: [], statements: [], inlinePolicies: {} };
/** Whole settings of an add-on in the inventory. */
const EBS = {
  name: 'aws-ebs-csi-driver',
  version: 'v1.40.0-eksbuild.1',
  serviceAccounts: { 'orders-api': 'orders-api' },
  adopt: false,
};

describe('an environment', () => {
  it('has its own facts, and no state unless the inventory sets it', () => {
    const { environment, account, region, partition, tags, ...rest } = compiled({ tags: { team: 'shop' } });
    expect({ environment, account, region, partition, tags }).toStrictEqual({
      environment: 'prod',
      account: { key: 'apps-prod', id: '333333333333' },
      region: 'us-west-2',
      partition: 'aws',
      tags: { team: 'shop' },
    });
    expect(rest).not.toHaveProperty('state');
  });

  it('has the state of the inventory', () => {
    const state = { s3: { bucket: 'acme-state', region: 'us-west-2', prefix: 'podlift' } };
    expect(compiled({ state }).state).toStrictEqual(state);
  });

  it('is named in full where another is asked for', () => {
    const inventory = inventoryOf(environmentOf(), environmentOf({ key: 'dev' }));
    expect(() => compile(inventory, 'staging')).toThrow('no environment "staging". It has: prod, dev. Name one');
  });
});

describe('a source role', () => {
  const trusted = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] });
  const MINIMAL = {
    workload: 'orders-api',
    stage: 'irsa',
    name: 'prod-orders-api',
    path: '/',
    arn: SOURCE_ARN,
    adopt: false,
    imports: { managedPolicies: [], inlinePolicies: [] },
    inlinePolicies: [],
    managedPolicies: [],
    tags: TAGS,
    trust: trusted({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${ISSUER}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api',
          [`${ISSUER}:aud`]: 'sts.amazonaws.com',
        },
      },
    }),
  };

  it('has only what every role has, where the inventory says no more', () => {
    expect(compiledWorkload({ permissions: WITHOUT_POLICIES }).roles).toStrictEqual([MINIMAL]);
  });

  it.each<[string, Partial<Workload['role']>]>([
    ['a permissions boundary', { permissionsBoundary: 'arn:aws:iam::333333333333:policy/boundary' }],
    ['a maximum session duration', { maxSessionDuration: 7200 }],
    ['a description', { description: 'Reads orders.' }],
  ])('has %s where the inventory sets it', (_what, settings) => {
    const role = roleSettingsOf(settings);
    expect(compiledWorkload({ role, permissions: WITHOUT_POLICIES }).roles).toStrictEqual([
      { ...MINIMAL, ...settings },
    ]);
  });

  it('has one inline policy with all statements of the inventory, and only the elements that they set', () => {
    const statements = [
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/*'] },
      {
        sid: 'NoDeletes',
        effect: 'Deny' as const,
        actions: ['s3:DeleteObject', 's3:DeleteBucket'],
        resources: ['*', 'arn:aws:s3:::acme'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        because: 'people read this',
      },
    ];
    const { roles } = compiledWorkload({ permissions: { ...WITHOUT_POLICIES, statements } });
    expect(roles[0]?.inline).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' },
        {
          Sid: 'NoDeletes',
          Effect: 'Deny',
          Action: ['s3:DeleteObject', 's3:DeleteBucket'],
          Resource: ['*', 'arn:aws:s3:::acme'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

describe('a target role', () => {
  it('has the settings of the target, the stage of the workload, and no permission to assume roles', () => {
    const { targetRoles } = compiledWorkload({ targets: [targetOf({ permissions: WITHOUT_POLICIES })] });
    expect(targetRoles).toStrictEqual([
      {
        target: 'ledger',
        account: { key: 'data-prod', id: '444444444444' },
        via: 'workload',
        workload: 'orders-api',
        stage: 'irsa',
        name: 'prod-orders-api-ledger',
        path: '/',
        arn: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger',
        inlinePolicies: [],
        managedPolicies: [],
        tags: TAGS,
        trust: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'UntaggedHop',
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::333333333333:root' },
              Action: 'sts:AssumeRole',
              Condition: { ArnEquals: { 'aws:PrincipalArn': SOURCE_ARN } },
            },
          ],
        },
      },
    ]);
  });

  it('gets the chained hop of EKS without session tags by its external id alone', () => {
    const targets = [targetOf({ via: 'association' })];
    const { targetRoles } = compiledWorkload({ stage: 'pod-identity', sessionTags: false, targets });
    const principal = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::333333333333:root' } };
    const ArnEquals = { 'aws:PrincipalArn': SOURCE_ARN };
    const id = 'us-west-2/333333333333/prod-main/production/orders-api';
    expect(targetRoles[0]?.trust.Statement).toStrictEqual([
      {
        Sid: 'ExternalIdHop',
        ...principal,
        Action: 'sts:AssumeRole',
        Condition: { ArnEquals, StringEquals: { 'sts:ExternalId': id } },
      },
      { Sid: 'TagSession', ...principal, Action: 'sts:TagSession', Condition: { ArnEquals } },
    ]);
  });
});

describe('an association', () => {
  const MINIMAL = {
    ...PLACE,
    namespace: 'production',
    serviceAccount: 'orders-api',
    isFirst: true,
    roleArn: SOURCE_ARN,
    disableSessionTags: false,
    tags: TAGS,
    keepsTags: false,
  };

  it('names the workload’s service account, role and tags', () => {
    expect(compiledWorkload({ stage: 'dual' }).associations).toStrictEqual([MINIMAL]);
  });

  it('has the id of the existing association of an adopted role, and keeps the tags of others', () => {
    const imports = { managedPolicies: [], inlinePolicies: [], associations: { main: 'a-1' } };
    const { associations } = compiledWorkload({ stage: 'dual', role: roleSettingsOf({ adopt: true, imports }) });
    expect(associations).toStrictEqual([{ ...MINIMAL, keepsTags: true, importId: 'a-1' }]);
  });

  it('has the name of the add-on that owns it', () => {
    const { associations } = compiledWorkload({ stage: 'dual' }, { clusters: [clusterOf({ addons: [EBS] })] });
    expect(associations).toStrictEqual([{ ...MINIMAL, addon: 'aws-ebs-csi-driver' }]);
  });
});

describe('a service account', () => {
  const MINIMAL = {
    ...PLACE,
    namespace: 'production',
    name: 'orders-api',
    isFirst: true,
    manage: 'create',
    adopt: false,
    annotations: { 'eks.amazonaws.com/role-arn': SOURCE_ARN },
    clearsAnnotation: false,
  };

  it('has no kubeconfig context where GitOps manages it', () => {
    expect(compiledWorkload({}).serviceAccounts).toStrictEqual([MINIMAL]);
  });

  it('has the kubeconfig context of its cluster', () => {
    const clusters = [clusterOf({ kubernetes: { context: 'prod-admin' } })];
    expect(compiledWorkload({}, { clusters }).serviceAccounts).toStrictEqual([{ ...MINIMAL, context: 'prod-admin' }]);
  });

  it('has the name of the add-on that creates it', () => {
    expect(compiledWorkload({}, { clusters: [clusterOf({ addons: [EBS] })] }).serviceAccounts).toStrictEqual([
      { ...MINIMAL, manage: 'none', addon: 'aws-ebs-csi-driver' },
    ]);
  });
});

describe('agents, add-ons and OIDC providers', () => {
  const COMMON = {
    cluster: 'main',
    clusterName: 'prod-main',
    region: 'us-west-2',
    adopt: false,
    tags: { 'podlift:environment': 'prod' },
  };

  it('have no configuration where the inventory has none', () => {
    const { agents, addons } = compiledWorkload({ stage: 'dual' }, { clusters: [clusterOf({ addons: [EBS] })] });
    expect(agents).toStrictEqual([{ ...COMMON, version: 'v1.3.4-eksbuild.1' }]);
    expect(addons).toStrictEqual([
      {
        ...COMMON,
        name: 'aws-ebs-csi-driver',
        version: 'v1.40.0-eksbuild.1',
        serviceAccountRoleArn: SOURCE_ARN,
        associations: [{ serviceAccount: 'orders-api', roleArn: SOURCE_ARN }],
        workloads: ['orders-api'],
      },
    ]);
  });

  it('have no role after IRSA', () => {
    const { addons } = compiledWorkload({ stage: 'pod-identity' }, { clusters: [clusterOf({ addons: [EBS] })] });
    expect(addons[0]).not.toHaveProperty('serviceAccountRoleArn');
  });

  it('own one association on each of their clusters', () => {
    const clusters = [clusterOf({ addons: [EBS] }), clusterOf({ key: 'batch', addons: [EBS] })];
    const { addons } = compiledWorkload({ stage: 'dual', clusters: ['main', 'batch'] }, { clusters });
    expect(addons.map(({ cluster, associations }) => [cluster, associations.length])).toEqual([
      ['main', 1],
      ['batch', 1],
    ]);
  });

  it('name the issuer, and the provider’s ARN in the environment’s account', () => {
    const oidc = { issuer: `https://${ISSUER}`, provider: 'managed' as const, adopt: true };
    expect(compiledWorkload({}, { clusters: [clusterOf({ oidc })] }).oidcProviders).toStrictEqual([
      {
        cluster: 'main',
        issuer: `https://${ISSUER}`,
        arn: `arn:aws:iam::333333333333:oidc-provider/${ISSUER}`,
        adopt: true,
        tags: { 'podlift:environment': 'prod' },
      },
    ]);
  });
});
