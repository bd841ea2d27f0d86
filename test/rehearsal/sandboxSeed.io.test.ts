import { CreateAddonCommand, EKSClient } from '@aws-sdk/client-eks';
import { AttachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { compile } from '../../src/blueprint/compile';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import type { Environment, Inventory } from '../../src/inventory/Inventory';
import { startSandbox } from '../../src/sandbox/startSandbox';
import { NO_IMPORTS, clusterOf, environmentOf, inventoryOf, targetOf, workloadOf } from '../blueprint/inventoryOf';

const POLICY = 'arn:aws:iam::333333333333:policy/limits';

function seedOf(environment: Partial<Environment>, change: (inventory: Inventory) => Inventory = (same) => same) {
  const inventory = change(inventoryOf(environmentOf(environment)));
  const blueprints: Blueprint[] = inventory.environments.map(({ key }) => compile(inventory, key));
  return sandboxSeed(inventory, blueprints);
}

describe('the role to adopt', () => {
  const adopted = workloadOf({
    stage: 'dual',
    permissions: { inlinePolicies: {}, managedPolicies: [POLICY], statements: [] },
    role: {
      name: 'legacy',
      path: '/old/',
      adopt: true,
      tags: {},
      imports: NO_IMPORTS,
      permissionsBoundary: POLICY,
      maxSessionDuration: 7200,
    },
  });

  it('stands there as eksctl left it, with nothing that podlift would write', () => {
    const issuer = 'oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000';
    const { roles = [] } = seedOf({ role: { path: '/podlift/', maxSessionDuration: 3600 }, workloads: [adopted] });
    expect(roles.filter(({ name }) => name === 'legacy')).toEqual([
      {
        account: '333333333333',
        name: 'legacy',
        path: '/old/',
        attached: [POLICY],
        tags: {
          'alpha.eksctl.io/cluster-name': 'prod-main',
          'alpha.eksctl.io/iamserviceaccount-name': 'production/orders-api',
          'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'prod-main',
        },
        trust: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${issuer}` },
              Action: ['sts:AssumeRoleWithWebIdentity'],
              Condition: {
                StringEquals: {
                  [`${issuer}:aud`]: 'sts.amazonaws.com',
                  [`${issuer}:sub`]: 'system:serviceaccount:production:orders-api',
                },
              },
            },
          ],
        },
      },
    ]);
  });
});

describe('the customer-managed policies', () => {
  const granting = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/*'] };
  const attachedTo = (boundary?: string) =>
    workloadOf({
      permissions: { inlinePolicies: {}, managedPolicies: [POLICY], statements: [granting] },
      role: {
        name: 'app',
        path: '/',
        adopt: false,
        tags: {},
        imports: NO_IMPORTS,
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
      },
    });
  const actionsOf = (workload: ReturnType<typeof workloadOf>) =>
    seedOf({ workloads: [workload] }).policies?.flatMap(({ arn, document }) =>
      [document.Statement]
        .flat()
        .map((statement) => `${arn.split('/')[1] ?? ''} ${(statement as { Action: string }).Action}`),
    );

  it('grant nothing of use where they are attached', () => {
    expect(actionsOf(attachedTo())).toEqual(['limits sts:GetCallerIdentity']);
  });

  it('let everything through where they are boundaries', () => {
    const boundary = POLICY.replace('limits', 'boundary');
    expect(actionsOf(attachedTo(boundary))).toEqual(['limits sts:GetCallerIdentity', 'boundary *']);
  });

  it('let through what the roles have of their own, and no more, where they are both', () => {
    expect(actionsOf(attachedTo(POLICY))).toEqual(['limits sts:GetCallerIdentity', 'limits s3:GetObject']);
  });
});

describe('the seed', () => {
  it('has raised quotas of each account, the highest of its environments', () => {
    const dev = environmentOf({ key: 'dev', quotas: { trustPolicyLength: 4096, roleNameLength: 99 }, workloads: [] });
    const { quotas } = seedOf({ quotas: { trustPolicyLength: 3000, rolesPerAccount: 2000 } }, (inventory) => ({
      ...inventory,
      environments: [...inventory.environments, dev],
    }));
    expect(quotas).toEqual({ '333333333333': { trustPolicyLength: 4096, rolesPerAccount: 2000 } });
  });

  it('has the roles that kept statements of roles and of target roles name', () => {
    const keeps = (arn: string) => [{ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' }] as const;
    const [own, its] = ['arn:aws:iam::333333333333:role/on-call', 'arn:aws:iam::444444444444:role/audit/reader'];
    const workload = workloadOf({
      role: {
        name: 'app',
        path: '/',
        adopt: false,
        manage: 'external',
        tags: {},
        imports: NO_IMPORTS,
        keepTrust: keeps(own),
      },
      targets: [targetOf({ role: { name: 'ledger', path: '/', manage: 'external', keepTrust: keeps(its) } })],
    });
    const { roles = [] } = seedOf({ workloads: [workload] });
    const places = roles.map(({ account, path, name }) => `${account}${path}${name}`);
    expect(places).toEqual(expect.arrayContaining(['333333333333/on-call', '444444444444/audit/reader']));
  });

  it('has what stands twice once, as it is named first', () => {
    const again = clusterOf({ key: 'again', name: 'prod-main', version: '1.30' });
    expect(seedOf({ clusters: [clusterOf(), again] }).clusters).toMatchObject([{ name: 'prod-main', version: '1.33' }]);
  });

  it('has the roles by which accounts are reached, each as an administrator that the operator may assume', () => {
    const account = {
      key: 'data',
      id: '444444444444',
      deployRole: 'arn:aws:iam::444444444444:role/deploy',
      readRole: 'arn:aws:iam::444444444444:role/team/read',
    };
    const { ambientAccount, roles = [] } = seedOf({}, (inventory) => ({ ...inventory, accounts: [account] }));
    const trusted = { AWS: `arn:aws:iam::${ambientAccount}:root` };
    const role = {
      account: '444444444444',
      trust: { Statement: { Principal: trusted } },
      attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    };
    expect(roles.filter((one) => one.account === '444444444444')).toMatchObject([
      { ...role, name: 'deploy', path: '/' },
      { ...role, name: 'read', path: '/team/' },
    ]);
  });

  it.each([
    ['nodes in a managed node group', { autoMode: false }, 'AmazonEKSWorkerNodePolicy'],
    ['nodes of Auto Mode', { autoMode: true }, 'AmazonEKSWorkerNodeMinimalPolicy'],
  ])('has %s, with a role that lets the agent ask EKS Auth', (_, cluster, policy) => {
    const { clusters, roles = [] } = seedOf({ clusters: [clusterOf(cluster)] });
    const arn = 'arn:aws:iam::333333333333:role/prod-main-node';
    const group = { name: 'default', nodeRole: arn };
    expect(clusters).toMatchObject([cluster.autoMode ? { nodeRoleArn: arn } : { nodeGroups: [group] }]);
    const label = clusters[0]?.nodes?.[0]?.labels?.['eks.amazonaws.com/nodegroup'];
    expect(label).toBe(cluster.autoMode ? undefined : 'default');
    expect(roles.find(({ name }) => name === 'prod-main-node')?.attached).toContain(
      `arn:aws:iam::aws:policy/${policy}`,
    );
  });

  it.each<[string, Partial<Environment>, (inventory: Inventory) => Inventory]>([
    [
      'the same cluster twice',
      { clusters: [clusterOf(), clusterOf({ key: 'again', name: 'prod-main' })] },
      (same) => same,
    ],
    [
      'two accounts of one id and one deploy role',
      {},
      (inventory) => {
        const account = { key: 'a', id: '444444444444', deployRole: 'arn:aws:iam::444444444444:role/deploy' };
        return { ...inventory, accounts: [...inventory.accounts, account, { ...account, key: 'b' }] };
      },
    ],
    [
      'two workloads that adopt one role',
      {
        workloads: ['a', 'b'].map((key) =>
          workloadOf({ key, role: { name: 'legacy', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS } }),
        ),
      },
      (same) => same,
    ],
    [
      'a role to adopt whose policy is of another account',
      {
        workloads: [
          workloadOf({
            role: { name: 'legacy', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS },
            permissions: {
              inlinePolicies: {},
              managedPolicies: ['arn:aws:iam::444444444444:policy/theirs'],
              statements: [],
            },
            targets: [targetOf()],
          }),
        ],
      },
      (same) => same,
    ],
    [
      'a role to adopt whose policies AWS does not have',
      {
        workloads: [
          workloadOf({
            role: {
              name: 'legacy',
              path: '/',
              adopt: true,
              tags: {},
              permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAcess',
              imports: { ...NO_IMPORTS, managedPolicies: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAcess'] },
            },
            permissions: {
              inlinePolicies: {},
              managedPolicies: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAcess'],
              statements: [],
            },
          }),
        ],
      },
      (same) => same,
    ],
  ])('can be started with %s', async (_what, environment, change) => {
    const sandbox = await startSandbox({ seed: seedOf(environment, change) });
    await sandbox.stop();
  });
});

describe('an imported policy of AWS that the list does not have', () => {
  const deprecated = 'arn:aws:iam::aws:policy/AWSLambdaFullAccess';
  const listed = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  const adopting = (imported: readonly string[]) =>
    seedOf({
      workloads: [
        workloadOf({
          role: {
            name: 'legacy',
            path: '/',
            adopt: true,
            tags: {},
            imports: { ...NO_IMPORTS, managedPolicies: imported },
          },
          permissions: { inlinePolicies: {}, managedPolicies: [deprecated, listed], statements: [] },
        }),
      ],
    });

  it('stays attached to the role that has it, and is attached to no other role', async () => {
    const sandbox = await startSandbox({ seed: adopting([listed, deprecated]) });
    const iam = new IAMClient({
      endpoint: sandbox.endpoint,
      region: 'us-west-2',
      credentials: { accessKeyId: '333333333333', secretAccessKey: sandbox.secretAccessKey },
    });
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'legacy' }));
    const again = iam.send(new AttachRolePolicyCommand({ RoleName: 'legacy', PolicyArn: `${deprecated}2` }));
    await expect(again).rejects.toThrow('does not exist or is not attachable');
    await sandbox.stop();
    expect(AttachedPolicies?.map(({ PolicyArn }) => PolicyArn)).toEqual([deprecated, listed]);
  });
});

describe('versions of add-ons that podlift does not know', () => {
  const versionsOf = (version: string) =>
    seedOf({ clusters: [clusterOf({ version: '1.33', agent: { version, adopt: false } })] }).clusters[0]
      ?.newerAddonVersions;

  it('are taken when they are newer than the list: AWS adds versions', () => {
    expect(versionsOf('v99.0.0-eksbuild.1')).toEqual({ 'eks-pod-identity-agent': ['v99.0.0-eksbuild.1'] });
  });

  it.each(['v1.3.4-eksbuild.1', 'v1.3.4-eksbuild.9', 'v0.9.0-eksbuild.1'])(
    'are left to the list otherwise: %s',
    (version) => {
      expect(versionsOf(version)).toBeUndefined();
    },
  );

  it('are installed on the cluster that has them, and refused on others', async () => {
    const version = 'v99.0.0-eksbuild.1';
    const seed = seedOf({ clusters: [clusterOf({ version: '1.33', agent: { version, adopt: false } })] });
    const answers: (string | undefined)[] = [];
    for (const one of [
      seed,
      { ...seed, clusters: seed.clusters.map((cluster) => ({ ...cluster, newerAddonVersions: {} })) },
    ]) {
      const sandbox = await startSandbox({ seed: one });
      try {
        const eks = new EKSClient({
          endpoint: sandbox.endpoint,
          region: 'us-west-2',
          credentials: { accessKeyId: sandbox.accessKeyId('333333333333'), secretAccessKey: sandbox.secretAccessKey },
        });
        const input = { clusterName: 'prod-main', addonName: 'eks-pod-identity-agent', addonVersion: version };
        answers.push(await eks.send(new CreateAddonCommand(input)).then(({ addon }) => addon?.addonVersion, String));
        eks.destroy();
      } finally {
        await sandbox.stop();
      }
    }
    expect(answers).toEqual([version, expect.stringContaining('Addon version specified is not supported')]);
  });
});
