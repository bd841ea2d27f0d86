import type { Problem } from '../../src/inventory/Finding';
import { loadInventory } from '../../src/inventory/loadInventory';
import { BASE, changed, checkMarked } from './marked';

const design = loadInventory('test/inventory/fixtures/design.yaml');

describe("the design page's inventory", () => {
  it('loads with one warning: dev has no state, and the inventory has other accounts', () => {
    expect(design.findings).toEqual([
      {
        severity: 'warning',
        rule: 'local-state',
        path: 'environments.dev',
        file: 'test/inventory/fixtures/design.yaml',
        line: 10,
        column: 3,
        message: 'environment "dev" keeps its Terraform state in a local file',
        hint: expect.stringContaining('state: { s3: { bucket: NAME, region: REGION } }'),
      },
    ]);
  });

  it('has the workloads of each environment at their stages', () => {
    expect(
      design.inventory!.environments.map(({ key, workloads }) => [
        key,
        workloads.map((workload) => `${workload.key} ${workload.stage}`),
      ]),
    ).toEqual([
      ['dev', ['orders-api pod-identity']],
      ['prod', ['orders-api dual', 'billing irsa', 'thumbnails irsa', 'search pod-identity']],
    ]);
  });

  it('resolves one workload whole', () => {
    const [, prod] = design.inventory!.environments;
    expect(prod!.workloads[0]).toEqual({
      key: 'orders-api',
      wave: 'pilot',
      stage: 'dual',
      subjects: [
        {
          namespace: 'production',
          name: 'orders-api',
          manage: 'create',
          clusters: ['main', 'batch'],
          isFirst: true,
        },
      ],
      sdk: { language: 'python', version: '1.34.60' },
      compute: 'ec2',
      sessionTags: true,
      clusters: ['main', 'batch'],
      role: {
        name: 'prod-orders-api',
        path: '/podlift/',
        permissionsBoundary: 'arn:aws:iam::333333333333:policy/boundary',
        maxSessionDuration: 3600,
        adopt: false,
        tags: {},
        imports: { managedPolicies: [], inlinePolicies: [], associations: {} },
      },
      permissions: {
        inlinePolicies: {},
        managedPolicies: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
        statements: [
          { actions: ['s3:GetObject', 's3:PutObject'], resources: ['arn:aws:s3:::acme-prod-orders/*'] },
          {
            actions: ['dynamodb:GetItem'],
            resources: ['arn:aws:dynamodb:us-west-2:333333333333:table/orders'],
            conditions: { StringEquals: { 'dynamodb:LeadingKeys': '${aws:PrincipalTag/kubernetes-namespace}' } },
          },
        ],
      },
      targets: [
        {
          key: 'ledger',
          account: {
            key: 'data-prod',
            id: '444444444444',
            deployRole: 'arn:aws:iam::444444444444:role/podlift-deploy',
          },
          via: 'workload',
          // The boundary of the environment's account cannot bound a role of another.
          role: { name: 'prod-orders-api-ledger', path: '/podlift/', maxSessionDuration: 3600 },
          permissions: {
            inlinePolicies: {},
            managedPolicies: [],
            statements: [
              { actions: ['dynamodb:Query'], resources: ['arn:aws:dynamodb:us-west-2:444444444444:table/ledger'] },
            ],
          },
        },
      ],
    });
  });

  it('resolves clusters, waves, overrides and adopted roles', () => {
    const [dev, prod] = design.inventory!.environments;
    expect(dev!.clusters).toEqual([
      {
        key: 'main',
        name: 'dev-main',
        arn: 'arn:aws:eks:us-west-2:111111111111:cluster/dev-main',
        region: 'us-west-2',
        version: '1.33',
        autoMode: false,
        oidc: {
          issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1',
          provider: 'existing',
          adopt: false,
        },
        agent: { version: 'v1.3.4-eksbuild.1', adopt: false },
        addons: [],
      },
    ]);
    expect(prod!.clusters[0]!.agent!.configuration).toEqual({ agent: { additionalArgs: { '-b': '169.254.170.23' } } });
    expect(design.inventory!.waves).toEqual([
      {
        key: 'pilot',
        description: 'readers that can stand an hour without AWS',
        soak: '7d',
        stages: { dev: { stage: 'pod-identity' }, prod: { stage: 'dual', since: '2026-11-14T09:00:00Z' } },
      },
      { key: 'core', after: 'pilot', stages: { dev: { stage: 'dual' }, prod: { stage: 'irsa' } } },
    ]);
    const roles = Object.fromEntries(prod!.workloads.map(({ key, role }) => [key, role]));
    expect(roles.billing).toMatchObject({ name: 'legacy-billing-irsa', path: '/', adopt: true });
    expect(roles.search).toMatchObject({ maxSessionDuration: 7200 });
  });
});

describe('locate', () => {
  const problem = (path: string): Problem => ({ severity: 'error', rule: 'x', path, message: 'm', hint: 'h' });

  it.each([
    ['workloads.orders-api.namespace', 55, 16],
    ['workloads.orders-api.permissions.statements[1].resources[0]', 64, 23],
    ['workloads.orders-api.permissions.statements[1].resources[7]', 64, 22],
    ['workloads.orders-api.nope.deeper', 54, 5],
    ['workloads.nobody', 53, 3],
    ['environments.prod.clusters.main.agent.configuration.agent.additionalArgs.-b', 32, 96],
    ['', 2, 1],
    ['[[[', 2, 1],
  ])('finds %j at %i:%i', (path, line, column) => {
    expect(design.locate(problem(path))).toEqual({
      ...problem(path),
      file: 'test/inventory/fixtures/design.yaml',
      line,
      column,
    });
  });

  it('works for an inventory that could not be read', () => {
    const { locate } = loadInventory('no/such/inventory.yaml');
    expect(locate(problem('workloads.api'))).toMatchObject({ line: 1, column: 1, path: 'workloads.api' });
  });
});

describe('a resolved inventory', () => {
  it('does not carry what no file says', () => {
    const { loaded } = checkMarked({ 'inventory.yaml': BASE });
    expect(JSON.stringify(loaded.inventory)).not.toContain('null');
    expect(loaded.inventory!.environments[0]!.workloads[0]).toEqual({
      key: 'api',
      wave: 'pilot',
      stage: 'dual',
      subjects: [{ namespace: 'production', name: 'api', manage: 'create', clusters: ['main'], isFirst: true }],
      compute: 'ec2',
      sessionTags: true,
      role: {
        name: 'dev-api',
        path: '/',
        adopt: false,
        tags: {},
        imports: { managedPolicies: [], inlinePolicies: [], associations: {} },
      },
      permissions: { managedPolicies: [], statements: [], inlinePolicies: {} },
      targets: [],
      clusters: ['main'],
    });
  });

  it('has the partition, ARNs and own policies of its region', () => {
    const text = changed({
      replace: {
        'region: us-west-2\n    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    clusters':
          'region: us-gov-west-1\n    state: { s3: { bucket: acme-tfstate, region: us-gov-west-1 } }\n    clusters',
        'oidc.eks.us-west-2': 'oidc.eks.us-gov-west-1',
      },
      append: '    permissions: { managedPolicies: [ReadOnlyAccess] }\n',
    });
    const { loaded } = checkMarked({ 'inventory.yaml': text });
    const [dev] = loaded.inventory!.environments;
    expect(dev!.partition).toBe('aws-us-gov');
    expect(dev!.clusters[0]!.arn).toBe('arn:aws-us-gov:eks:us-gov-west-1:111111111111:cluster/dev-main');
    expect(dev!.workloads[0]!.permissions.managedPolicies).toEqual(['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess']);
  });

  it('merges maps of overrides and replaces lists and single values', () => {
    const text = changed({
      append: [
        '    role: { path: /a/, maxSessionDuration: 3600 }',
        '    permissions: { managedPolicies: [ReadOnlyAccess], statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::x"] }] }',
        '    targets: { ledger: { account: data, role: { name: ledger } } }',
        '    overrides:',
        '      dev:',
        '        serviceAccount: { manage: none }',
        '        role: { maxSessionDuration: 7200 }',
        '        permissions: { managedPolicies: [] }',
        '        targets: { ledger: { via: association } }',
        '',
      ].join('\n'),
    });
    const { loaded } = checkMarked({ 'inventory.yaml': text });
    expect(loaded.findings.map(({ rule }) => rule)).toEqual(['duplicate-role']);
    const fixed = checkMarked({ 'inventory.yaml': text.replace('name: ledger', 'name: "{environment}-ledger"') });
    expect(fixed.loaded.findings).toEqual([]);
    const [dev, prod] = fixed.loaded.inventory!.environments.map(({ workloads }) => workloads[0]!);
    expect(dev).toMatchObject({
      subjects: [{ name: 'api', manage: 'none' }],
      role: { path: '/a/', maxSessionDuration: 7200 },
      permissions: { managedPolicies: [], statements: [{ actions: ['s3:GetObject'] }] },
      targets: [{ via: 'association', role: { name: 'dev-ledger' } }],
    });
    expect(prod).toMatchObject({
      role: { path: '/a/', maxSessionDuration: 3600 },
      targets: [{ via: 'workload', role: { name: 'prod-ledger' } }],
    });
  });

  it('has a wave or a stage of an override in place of the other', () => {
    const text = changed({ append: '    overrides: { prod: { stage: irsa, because: later } }\n' });
    const [dev, prod] = checkMarked({ 'inventory.yaml': text }).loaded.inventory!.environments;
    expect(dev!.workloads[0]).toMatchObject({ wave: 'pilot', stage: 'dual' });
    expect(prod!.workloads[0]).toMatchObject({ stage: 'irsa', because: 'later' });
    expect(prod!.workloads[0]).not.toHaveProperty('wave');
  });

  it('leaves a workload out where its clusters are not', () => {
    const { loaded } = checkMarked({
      'inventory.yaml': changed({
        replace: { '      main:\n        name: prod': '      batch:\n        name: prod' },
        append: '    clusters: [main]\n',
      }),
    });
    expect(loaded.inventory!.environments.map(({ workloads }) => workloads.length)).toEqual([1, 0]);
  });
});
