import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../src/inventory/stackNames';
import { NO_IMPORTS, clusterOf, environmentOf, targetOf, workloadOf } from '../blueprint/inventoryOf';
import { resources, synthesized } from './synthesized';

const onDual = (parts: Parameters<typeof workloadOf>[0] = {}) => workloadOf({ stage: 'dual', ...parts });

describe('the stacks of an environment', () => {
  it('are identity, one for each target account, one for each cluster with a context', () => {
    const clusters = [clusterOf({ kubernetes: { context: 'prod-main' } }), clusterOf({ key: 'batch' })];
    const workloads = [onDual({ clusters: ['main', 'batch'], targets: [targetOf()] })];
    const names = Object.keys(synthesized([environmentOf({ clusters, workloads })])).sort();
    expect(names).toEqual(['prod-identity', 'prod-service-accounts-main', 'prod-targets-data-prod']);
    // The rule on stacks of one name, and the commands that are printed, know them from here.
    expect(names).toEqual([
      identityStackName('prod'),
      serviceAccountsStackName('prod', 'main'),
      targetsStackName('prod', 'data-prod'),
    ]);
  });

  it('have a service-account stack though GitOps owns every account: its state may have some from before', () => {
    const clusters = [clusterOf({ kubernetes: { context: 'prod-main' } })];
    const workloads = [onDual({ serviceAccount: { name: 'orders-api', manage: 'none' } })];
    const stacks = synthesized([environmentOf({ clusters, workloads })]);
    expect(Object.keys(stacks).sort()).toEqual(['prod-identity', 'prod-service-accounts-main']);
    expect(stacks['prod-service-accounts-main']).not.toHaveProperty('resource');
  });

  it('read nothing from AWS and nothing from each other’s state', () => {
    const workloads = [onDual({ targets: [targetOf()] })];
    for (const stack of Object.values(synthesized([environmentOf({ workloads })])))
      expect(stack).not.toHaveProperty('data');
  });

  it('have one output each, from workloads to role ARNs', () => {
    const stacks = synthesized([environmentOf({ workloads: [onDual({ targets: [targetOf()] })] })]);
    expect(stacks['prod-identity']?.output).toMatchObject({
      role_arns: { value: { 'orders-api': 'arn:aws:iam::333333333333:role/prod-orders-api' } },
    });
    expect(stacks['prod-targets-data-prod']?.output).toMatchObject({
      role_arns: { value: { 'orders-api': { ledger: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger' } } },
    });
  });

  it('name constructs after workloads, also after those that are called like a part of the stack', () => {
    const keys = ['backend', 'aws', 'workloads', 'role-arns', 'agents'];
    const stack = synthesized([environmentOf({ workloads: keys.map((key) => onDual({ key })) })])['prod-identity'];
    const ids = Object.keys(stack?.resource.aws_iam_role ?? {});
    for (const key of keys) expect(ids.filter((id) => id.includes(`${key}_role_`))).toHaveLength(1);
  });

  it('keep every logical id while a workload goes through its stages', () => {
    const ids = (['dual', 'cutover', 'pod-identity'] as const).map((stage) => {
      const { resource } = synthesized([environmentOf({ workloads: [onDual({ stage })] })])['prod-identity']!;
      return Object.fromEntries(Object.entries(resource).map(([type, all]) => [type, Object.keys(all)]));
    });
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
  });
});

describe('the providers of a stack', () => {
  it('are one for each region, and write to the environment’s account alone', () => {
    const deployRole = 'arn:aws:iam::333333333333:role/podlift-deploy';
    const clusters = [clusterOf(), clusterOf({ key: 'europe', region: 'eu-west-1' })];
    const environment = environmentOf({
      account: { key: 'apps-prod', id: '333333333333', deployRole, readRole: 'arn:aws:iam::333333333333:role/read' },
      clusters,
      tags: { 'cost-centre': 'platform' },
      workloads: [onDual({ clusters: ['main', 'europe'] })],
    });
    const stack = synthesized([environment])['prod-identity'];
    const common = {
      allowed_account_ids: ['333333333333'],
      assume_role: [{ role_arn: deployRole, session_name: 'podlift' }],
      default_tags: [{ tags: { 'cost-centre': 'platform' } }],
    };
    // Terraform starts the untagged ones only where an adopted association has them.
    const untagged = { ...common, default_tags: undefined };
    expect(stack?.provider.aws).toEqual([
      { region: 'us-west-2', ...common },
      { region: 'eu-west-1', alias: 'eu-west-1', ...common },
      { region: 'us-west-2', alias: 'untagged', ...untagged },
      { region: 'eu-west-1', alias: 'eu-west-1-untagged', ...untagged },
    ]);
    const associations = resources(stack, 'aws_eks_pod_identity_association');
    expect(associations.map(({ cluster_name, provider }) => [cluster_name, provider]).sort()).toEqual([
      ['prod-europe', 'aws.eu-west-1'],
      ['prod-main', undefined],
    ]);
  });

  it('are there for every region that has a cluster or is kept: Terraform removes the last resource of a region by its provider', () => {
    const clusters = [clusterOf(), clusterOf({ key: 'europe', region: 'eu-west-1' })];
    const workloads = [workloadOf({ stage: 'irsa', clusters: ['main', 'europe'] })];
    const stack = synthesized([environmentOf({ clusters, workloads, regions: ['us-west-2', 'eu-central-1'] })])[
      'prod-identity'
    ];
    expect(stack?.provider.aws).toMatchObject([
      { region: 'us-west-2' },
      { region: 'eu-central-1', alias: 'eu-central-1' },
      { region: 'eu-west-1', alias: 'eu-west-1' },
    ]);
    expect(resources(stack, 'aws_eks_pod_identity_association')).toEqual([]);
  });

  it('write to the target’s account in the stack of targets', () => {
    const stack = synthesized([environmentOf({ workloads: [onDual({ targets: [targetOf()] })] })])[
      'prod-targets-data-prod'
    ];
    expect(stack?.provider.aws).toEqual([{ region: 'us-west-2', allowed_account_ids: ['444444444444'] }]);
  });

  it.each([
    ['an ordinary workload', {}, '>= 5.100.0, < 7.0.0'],
    ['a target that EKS assumes', { targets: [targetOf({ via: 'association' as const })] }, '>= 6.2.0, < 7.0.0'],
    ['session tags switched off', { sessionTags: false }, '>= 6.2.0, < 7.0.0'],
  ])('take any version that knows what is written: %s', (_what, parts, version) => {
    const stacks = synthesized([environmentOf({ workloads: [onDual(parts)] })]);
    expect(stacks['prod-identity']?.terraform.required_providers.aws.version).toBe(version);
    const targets = stacks['prod-targets-data-prod'];
    if (targets) expect(targets.terraform.required_providers.aws.version).toBe('>= 5.100.0, < 7.0.0');
  });
});

describe('the state of a stack', () => {
  it('is in S3 with native locking where the environment says so', () => {
    const state = { s3: { bucket: 'acme-tfstate', region: 'us-west-2', prefix: 'podlift' } };
    expect(synthesized([environmentOf({ state })])['prod-identity']?.terraform.backend).toEqual({
      s3: {
        bucket: 'acme-tfstate',
        region: 'us-west-2',
        key: 'podlift/prod-identity.tfstate',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it('is a local file otherwise', () => {
    const backend = synthesized([environmentOf()])['prod-identity']?.terraform.backend;
    expect(backend.local.path).toMatch(/\/terraform\.prod-identity\.tfstate$/);
  });

  it('is in the state directory when one is given, whatever the environment says', () => {
    const state = { s3: { bucket: 'acme-tfstate', region: 'us-west-2' } };
    expect(synthesized([environmentOf({ state })], '/states')['prod-identity']?.terraform.backend).toEqual({
      local: { path: '/states/prod-identity.tfstate' },
    });
  });
});

describe('an adopted role', () => {
  it('is an import block for the role’s own address', () => {
    const role = { name: 'legacy-irsa', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS };
    const stack = synthesized([environmentOf({ workloads: [workloadOf({ role }), workloadOf({ key: 'other' })] })]);
    const [block, ...rest] = stack['prod-identity']?.import ?? [];
    expect(rest).toEqual([]);
    expect(block?.id).toBe('legacy-irsa');
    const [type, id] = block!.to.split('.') as [string, string];
    expect(stack['prod-identity']?.resource[type]?.[id].name).toBe('legacy-irsa');
  });
});

describe('a role', () => {
  it('is never destroyed by a change when it was adopted; podlift’s own may be replaced', () => {
    const role = { name: 'legacy-irsa', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS };
    const stack = synthesized([environmentOf({ workloads: [workloadOf({ role }), workloadOf({ key: 'other' })] })]);
    const lifecycles = resources(stack['prod-identity'], 'aws_iam_role').map(({ name, lifecycle }) => [
      name,
      lifecycle,
    ]);
    expect(Object.fromEntries(lifecycles)).toEqual({
      'legacy-irsa': { prevent_destroy: true },
      'prod-other': undefined,
    });
  });

  it('has one attachment for each policy, whatever its ARN is made of', () => {
    const policies = [
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
      'arn:aws:iam::333333333333:policy/ReadOnlyAccess',
      'arn:aws:iam::333333333333:policy/a/b',
      'arn:aws:iam::333333333333:policy/a--b',
      'arn:aws:iam::333333333333:policy/${TfToken[Token.1]}/b',
    ];
    const permissions = { ...workloadOf().permissions, managedPolicies: policies };
    const stack = synthesized([environmentOf({ workloads: [onDual({ permissions })] })])['prod-identity'];
    const attached = resources(stack, 'aws_iam_role_policy_attachment').map(({ policy_arn }) => policy_arn);
    const written = policies.map((arn) => arn.replace('${', () => '${"$"}{'));
    expect(attached.sort()).toEqual(written.sort());
  });
});

describe('an association', () => {
  it('waits for role, policies and agent, and is made for the role’s ARN without reading it', () => {
    const permissions = { ...workloadOf().permissions, managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };
    const stack = synthesized([environmentOf({ workloads: [onDual({ permissions })] })])['prod-identity'];
    const [association] = resources(stack, 'aws_eks_pod_identity_association');
    expect(association.role_arn).toBe('arn:aws:iam::333333333333:role/prod-orders-api');
    expect(association.depends_on.map((address: string) => address.split('.')[0]).sort()).toEqual([
      'aws_eks_addon',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_iam_role_policy_attachment',
    ]);
  });

  it('names the target role and switches session tags off where the inventory asks for it', () => {
    const workloads = [onDual({ sessionTags: false, targets: [targetOf({ via: 'association' })] })];
    const stack = synthesized([environmentOf({ workloads })])['prod-identity'];
    expect(resources(stack, 'aws_eks_pod_identity_association')).toEqual([
      expect.objectContaining({
        target_role_arn: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger',
        disable_session_tags: true,
      }),
    ]);
  });
});

describe('templates in the inventory', () => {
  it('never stand in a stack as Terraform’s own', () => {
    const hostile = '${file("/etc/passwd")}%{for x in y}${TfToken[TOKEN.0]}';
    const permissions = {
      inlinePolicies: {},
      managedPolicies: [],
      statements: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${hostile}`] }],
    };
    const clusters = [clusterOf({ kubernetes: { context: hostile } })];
    const environment = environmentOf({
      tags: { [hostile]: hostile },
      clusters,
      workloads: [workloadOf({ permissions })],
    });
    const text = JSON.stringify(synthesized([environment])).replaceAll(String.raw`\"`, '"');
    // What is left of "${" and "%{" is our own wrapping of the sign itself, and cdktf's references between resources.
    const templates = [...text.matchAll(/\$\{[^}]*\}|%\{/g)].map(([match]) => match);
    expect(templates.filter((match) => !/^\$\{(\\*"[$%]+\\*"|aws_iam_role\.[\w-]+\.name)\}$/.test(match))).toEqual([]);
    expect(templates.length).toBeGreaterThan(8);
  });
});
