import { compile } from '../../src/blueprint/compile';
import { type ManageServiceAccount, type Stage, STAGES, type Workload } from '../../src/inventory/Inventory';
import { roots } from '../../stacks/roots';
import { clusterOf, environmentOf, inventoryOf, roleSettingsOf, workloadOf } from '../blueprint/inventoryOf';
import { schemaViolations } from './schemaViolations';
import { resources, type SynthesizedStack, synthesized } from './synthesized';

const ANNOTATION = 'eks.amazonaws.com/role-arn';
const ARN = 'arn:aws:iam::333333333333:role/prod-orders-api';
const MANAGED = ['create', 'annotate', 'none'] as const;
const NAMED = { name: 'orders-api', namespace: 'production' };

interface Case {
  readonly manage: ManageServiceAccount;
  readonly stage: Stage;
  readonly adopt?: boolean;
  readonly released?: boolean;
}

function environmentWith({ manage, stage, adopt = false, released = false }: Case, more: readonly Workload[] = []) {
  const serviceAccount = { name: 'orders-api', manage, ...(adopt && { adopt }) };
  const workload = workloadOf({ stage, serviceAccount });
  return environmentOf({
    clusters: [clusterOf({ kubernetes: { context: 'prod-main' } })],
    workloads: released ? more : [workload, ...more],
    ...(released && { released: [workload] }),
  });
}
function stackOf(parts: Case, more: readonly Workload[] = []): SynthesizedStack {
  return synthesized([environmentWith(parts, more)])['prod-service-accounts-main']!;
}

/** Addresses of the resources that a stack has. */
const addressesOf = ({ resource = {} }: Partial<SynthesizedStack>) =>
  Object.entries(resource).flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`));
const forgottenBy = ({ removed = [] }: SynthesizedStack) => removed.map(({ from }) => from);
const [ACCOUNT = '', ANNOTATIONS = ''] = addressesOf(stackOf({ manage: 'create', stage: 'irsa' }))
  .sort()
  .reverse();

const MATRIX: readonly Case[] = MANAGED.flatMap((manage) => STAGES.map((stage) => ({ manage, stage })));
const EVERY: readonly Case[] = MATRIX.flatMap((parts) =>
  [false, true].flatMap((adopt) => [false, true].map((released) => ({ ...parts, adopt, released }))),
);

describe('the service-account stack of a cluster', () => {
  it('has two resources of an account that podlift creates: the account and its annotations', () => {
    expect(ACCOUNT).toMatch(/^kubernetes_service_account_v1\.workloads_orders-api_service-account_/);
    expect(ANNOTATIONS).toMatch(/^kubernetes_annotations\.workloads_orders-api_annotations_/);
  });

  it.each(MATRIX)('has at $stage, with manage: $manage, what Terraform manages, and forgets the rest', (parts) => {
    const stack = stackOf(parts);
    const wanted = { create: [ANNOTATIONS, ACCOUNT], annotate: [ANNOTATIONS], none: [] }[parts.manage];
    const forgotten = { create: [], annotate: [ACCOUNT], none: [ACCOUNT, ANNOTATIONS] }[parts.manage];
    expect(addressesOf(stack).sort()).toEqual(wanted);
    expect(forgottenBy(stack)).toEqual(forgotten);
    for (const { lifecycle } of stack.removed ?? []) expect(lifecycle).toEqual({ destroy: false });
    // `removed: []` would be no block, but a change of every stack that there is.
    if (forgotten.length === 0) expect(stack).not.toHaveProperty('removed');
  });

  it.each(EVERY)(
    'is what the Kubernetes provider takes: $stage, manage: $manage, adopt: $adopt, released: $released',
    (parts) => {
      const environment = environmentWith(parts, [workloadOf({ key: 'other' })]);
      const name = 'prod-service-accounts-main';
      const stack = synthesized([environment])[name]!;
      const blueprint = compile(inventoryOf(environment), environment.key);
      const root = roots([blueprint], { out: '/roots', home: '/' }).find((one) => one.name === name)!;
      expect(schemaViolations(stack)).toEqual([]);
      expect(schemaViolations(JSON.parse(root.files.get('main.tf.json')!))).toEqual([]);
    },
  );

  it('is there where Terraform manages no account on the cluster, and has an output without roles', () => {
    expect(stackOf({ manage: 'none', stage: 'dual' }).output).toMatchObject({ role_arns: { value: {} } });
  });

  it('has in its output the roles of the accounts that Terraform manages', () => {
    for (const manage of ['create', 'annotate'] as const)
      expect(stackOf({ manage, stage: 'dual' }).output).toMatchObject({ role_arns: { value: { 'orders-api': ARN } } });
  });

  it('is reached by the cluster’s context', () => {
    expect(stackOf({ manage: 'create', stage: 'irsa' }).provider.kubernetes).toEqual([
      { config_context: 'prod-main', config_path: '~/.kube/config' },
    ]);
  });

  it('is not there for a cluster without a context', () => {
    const workloads = [workloadOf()];
    expect(Object.keys(synthesized([environmentOf({ workloads })]))).toEqual(['prod-identity']);
  });
});

describe('a service account that podlift creates', () => {
  const account = (parts: Partial<Case> = {}) =>
    resources(stackOf({ manage: 'create', stage: 'irsa', ...parts }), 'kubernetes_service_account_v1')[0];

  it.each([
    ['irsa', { [ANNOTATION]: ARN }],
    ['prepared', { [ANNOTATION]: ARN }],
    ['dual', { [ANNOTATION]: ARN }],
  ] as const)('is created at %s with the annotation %j', (stage, annotations) => {
    expect(account({ stage }).metadata).toEqual({ ...NAMED, annotations });
  });

  it.each(['cutover', 'pod-identity'] as const)('is created at %s without annotations', (stage) => {
    expect(account({ stage }).metadata).toEqual(NAMED);
  });

  it.each(['irsa', 'prepared', 'dual'] as const)(
    'is created at %s with what the annotations resource applies',
    (stage) => {
      const [{ annotations }] = resources(stackOf({ manage: 'create', stage }), 'kubernetes_annotations');
      expect((account({ stage }) as { metadata: { annotations?: object } }).metadata.annotations ?? {}).toEqual(
        annotations,
      );
    },
  );

  it('keeps what charts, controllers and people add to it', () => {
    expect(account().lifecycle).toEqual({
      ignore_changes: [
        'metadata[0].annotations',
        'metadata[0].labels',
        'automount_service_account_token',
        'image_pull_secret',
        'secret',
      ],
    });
    expect(account()).not.toHaveProperty('image_pull_secret');
  });

  it('is annotated after it was created', () => {
    const [annotations] = resources(stackOf({ manage: 'create', stage: 'irsa' }), 'kubernetes_annotations');
    expect(annotations.depends_on).toEqual([ACCOUNT]);
  });

  it('is imported where it exists, and never destroyed', () => {
    const stack = stackOf({ manage: 'create', stage: 'irsa', adopt: true });
    expect(stack.import).toEqual([{ to: ACCOUNT, id: 'production/orders-api' }]);
    expect(account({ adopt: true }).lifecycle.prevent_destroy).toBe(true);
  });

  it('is not imported, and may be destroyed, where podlift made it', () => {
    expect(stackOf({ manage: 'create', stage: 'irsa' })).not.toHaveProperty('import');
    expect(account().lifecycle).not.toHaveProperty('prevent_destroy');
  });
});

describe('the annotations of a service account', () => {
  it.each(
    (['create', 'annotate'] as const).flatMap((manage) => [
      { manage, stage: 'irsa' as const, annotations: { [ANNOTATION]: ARN } },
      { manage, stage: 'prepared' as const, annotations: { [ANNOTATION]: ARN } },
      { manage, stage: 'dual' as const, annotations: { [ANNOTATION]: ARN } },
      { manage, stage: 'cutover' as const, annotations: { [ANNOTATION]: '' } },
      { manage, stage: 'pod-identity' as const, annotations: {} },
    ]),
  )('are at $stage, with manage: $manage, $annotations', ({ manage, stage, annotations }) => {
    const [written, ...rest] = resources(stackOf({ manage, stage }), 'kubernetes_annotations');
    expect(rest).toEqual([]);
    expect(written).toMatchObject({
      api_version: 'v1',
      kind: 'ServiceAccount',
      metadata: NAMED,
      field_manager: 'podlift',
      force: true,
    });
    expect(written.annotations).toEqual(annotations);
  });

  it('wait for nothing in the stack where the account is not podlift’s', () => {
    const [written] = resources(stackOf({ manage: 'annotate', stage: 'irsa' }), 'kubernetes_annotations');
    expect(written).not.toHaveProperty('depends_on');
  });
});

describe('the addresses of a service account', () => {
  it.each(MATRIX)('are the same at $stage, with manage: $manage, used or forgotten', (parts) => {
    const stack = stackOf(parts);
    expect([...addressesOf(stack), ...forgottenBy(stack)].sort()).toEqual([ANNOTATIONS, ACCOUNT]);
  });

  it.each(MATRIX)('are all forgotten when the workload is released at $stage with manage: $manage', (parts) => {
    const stack = stackOf({ ...parts, released: true });
    expect(forgottenBy(stack)).toEqual([ACCOUNT, ANNOTATIONS]);
    expect(addressesOf(stack)).toEqual([]);
    expect(stack.output).toMatchObject({ role_arns: { value: {} } });
  });

  it('are forgotten beside those of a workload that stays', () => {
    const other = workloadOf({ key: 'other' });
    const stack = stackOf({ manage: 'create', stage: 'dual', adopt: true, released: true }, [other]);
    expect(forgottenBy(stack)).toEqual([ACCOUNT, ANNOTATIONS]);
    expect(stack).not.toHaveProperty('import');
    expect(addressesOf(stack)).toHaveLength(2);
    expect(Object.keys(stack.output.role_arns.value)).toEqual(['other']);
  });

  it('are forgotten on each cluster with a context that the released workload runs on', () => {
    const kubernetes = (key: string) => ({ key, kubernetes: { context: key } });
    const stacks = synthesized([
      environmentOf({
        clusters: [clusterOf(kubernetes('main')), clusterOf(kubernetes('batch')), clusterOf({ key: 'gitops' })],
        workloads: [],
        released: [workloadOf({ clusters: ['main', 'batch', 'gitops'], role: roleSettingsOf({ adopt: true }) })],
      }),
    ]);
    expect(Object.keys(stacks).sort()).toEqual([
      'prod-identity',
      'prod-service-accounts-batch',
      'prod-service-accounts-main',
    ]);
    for (const cluster of ['main', 'batch'])
      expect(forgottenBy(stacks[`prod-service-accounts-${cluster}`]!)).toEqual([ACCOUNT, ANNOTATIONS]);
  });

  it('are forgotten where an add-on owns the account', () => {
    const addons = [
      {
        name: 'aws-ebs-csi-driver',
        version: 'v1.40.0-eksbuild.1',
        serviceAccounts: { 'orders-api': 'orders-api' },
        adopt: false,
      },
    ];
    const clusters = [clusterOf({ addons, kubernetes: { context: 'prod-main' } })];
    const stack = synthesized([environmentOf({ clusters })])['prod-service-accounts-main']!;
    expect(forgottenBy(stack)).toEqual([ACCOUNT, ANNOTATIONS]);
  });
});

describe('the check against the provider’s schema', () => {
  const stack = stackOf({ manage: 'create', stage: 'irsa', adopt: true });
  const [accountId = ''] = Object.keys(stack.resource.kubernetes_service_account_v1!);
  const withAccount = (change: (account: any) => object) => ({
    ...stack,
    resource: {
      ...stack.resource,
      kubernetes_service_account_v1: { [accountId]: change(stack.resource.kubernetes_service_account_v1![accountId]) },
    },
  });
  const [annotationsId = ''] = Object.keys(stack.resource.kubernetes_annotations!);
  const withAnnotations = (change: object) => ({
    ...stack,
    resource: {
      kubernetes_annotations: { [annotationsId]: { ...resources(stack, 'kubernetes_annotations')[0], ...change } },
    },
    import: [],
  });

  it.each([
    ['a mistyped argument', withAnnotations({ feild_manager: 'podlift' }), /there is no argument feild_manager/],
    ['a wrong type', withAnnotations({ force: 'true' }), /force is not "bool"/],
    [
      'a wrong type in a map',
      withAnnotations({ annotations: { [ANNOTATION]: null } }),
      /annotations is not \["map","string"\]/,
    ],
    [
      'an argument in a nested block',
      withAnnotations({ metadata: { ...NAMED, labels: {} } }),
      /metadata: there is no argument labels/,
    ],
    [
      'a required argument that is missing',
      withAnnotations({ metadata: { namespace: 'x' } }),
      /metadata: name is required/,
    ],
    ['two blocks where one may stand', withAnnotations({ metadata: [NAMED, NAMED] }), /metadata: at most 1 blocks/],
    ['a block that is missing', withAccount(() => ({})), /a block metadata is required/],
    ['a block that is none', withAccount(() => ({ metadata: 'x' })), /metadata: not a block/],
    [
      'an argument that the provider computes',
      withAccount((all) => ({ ...all, metadata: { ...NAMED, uid: 'x' } })),
      /uid is computed/,
    ],
    [
      'a reference to no argument',
      withAccount((all) => ({ ...all, lifecycle: { ignore_changes: ['metadata[0].lables'] } })),
      /lifecycle: there is no lables/,
    ],
    [
      'a resource that is none',
      { ...stack, resource: { kubernetes_account: { x: {} } }, import: [] },
      /there is no resource kubernetes_account/,
    ],
    [
      'an import of nothing',
      { ...stack, import: [{ to: 'kubernetes_annotations.x', id: 'a/b' }] },
      /kubernetes_annotations\.x is not in the stack/,
    ],
    [
      'an id of another form',
      { ...stack, import: [{ to: ACCOUNT, id: 'orders-api' }] },
      /orders-api is not namespace\/name/,
    ],
    [
      'a removal of what is there',
      { ...stack, removed: [{ from: ACCOUNT, lifecycle: { destroy: false } }] },
      /is in the stack still/,
    ],
    [
      'a removal that destroys',
      { ...stack, removed: [{ from: 'kubernetes_annotations.x' }] },
      /kubernetes_annotations\.x would be destroyed/,
    ],
    [
      'an argument of the provider',
      { ...stack, provider: { kubernetes: [{ context: 'x' }] } },
      /provider: there is no argument context/,
    ],
  ])('fails on %s', (_what, changed, message) => {
    expect(schemaViolations(changed)).toEqual([expect.stringMatching(message)]);
  });
});
