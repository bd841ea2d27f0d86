import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../src/blueprint/compile';
import {
  applyServiceAccounts,
  applyServiceAccountStack,
  ProviderError,
  type ProviderState,
  type ServiceAccountStack,
} from '../../src/rehearsal/applyServiceAccounts';
import type { Environment, Inventory, Subject, Stage, Workload } from '../../src/inventory/Inventory';
import type { FieldWriter } from '../../src/sandbox/Seed';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { writeRoots } from '../../src/runners/writeRoots';
import { roots } from '../../stacks/roots';
import { clusterOf, environmentOf, inventoryOf, workloadOf, type WorkloadParts } from '../blueprint/inventoryOf';

// The stacks of service accounts as they are synthesised, applied to the sandbox's API server with the requests of Terraform's Kubernetes
// provider. The same walk and the same changes were run with the provider itself, 2.38.0.

const STACK = 'prod-service-accounts-main';
const ROLE = 'eks.amazonaws.com/role-arn';
const ARN = 'arn:aws:iam::333333333333:role/prod-orders-api';
const CLUSTER = { account: '333333333333', region: 'us-west-2', name: 'prod-main' };
const PATH = '/api/v1/namespaces/production/serviceaccounts/orders-api';
const NOTES = { 'meta.helm.sh/release-name': 'shop' };

interface Standing {
  readonly annotations: Readonly<Record<string, string>>;
  /** Managers that own the role's annotation. */
  readonly owners: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly automount?: boolean;
  readonly pullSecrets?: readonly { readonly name: string }[];
}

const folders: string[] = [];
const sandboxes: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of sandboxes.splice(0)) await sandbox.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A cluster of the sandbox, and how inventories are applied to its service accounts. */
async function clusterWith(account?: { readonly annotations: Record<string, string>; readonly writer: FieldWriter }) {
  const sandbox = await startSandbox({
    seed: {
      ambientAccount: '333333333333',
      clusters: [
        {
          ...CLUSTER,
          version: '1.33',
          namespaces: ['production'],
          serviceAccounts: account === undefined ? [] : [{ namespace: 'production', name: 'orders-api', ...account }],
        },
      ],
    },
  });
  sandboxes.push(sandbox);
  const states = new Map<string, ProviderState>();
  const { kubernetes } = sandbox;
  const synthesized = (inventory: Inventory) => {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-accounts-'));
    folders.push(folder);
    const blueprint = compile(inventory, 'prod');
    writeRoots(roots([blueprint], { out: folder, home: '.' }), { out: folder, environments: ['prod'] });
    return { folder, blueprint };
  };
  return {
    states,
    /** Terraform, and a person where podlift manages nothing. */
    apply: (inventory: Inventory) => {
      const { folder, blueprint } = synthesized(inventory);
      return applyServiceAccounts({ kubernetes, roots: folder, states }, blueprint);
    },
    /** Terraform alone. */
    terraform: (inventory: Inventory) => {
      const file = join(synthesized(inventory).folder, STACK, 'main.tf.json');
      const state = states.get(STACK) ?? new Map<string, { namespace: string; name: string }>();
      states.set(STACK, state);
      const stack = JSON.parse(readFileSync(file, 'utf8')) as ServiceAccountStack;
      return applyServiceAccountStack(stack, state, (request) => kubernetes.request(CLUSTER, request));
    },
    remove: () => kubernetes.request(CLUSTER, { method: 'DELETE', path: PATH }),
    write: (body: unknown) =>
      kubernetes.request(CLUSTER, {
        method: 'PATCH',
        path: `${PATH}?fieldManager=somebody`,
        contentType: 'application/merge-patch+json',
        body,
      }),
    standing: async (): Promise<Standing | undefined> => {
      const { status, body } = await kubernetes.request(CLUSTER, { method: 'GET', path: PATH });
      return status === 404 ? undefined : standingOf(body);
    },
  };
}

function standingOf(body: unknown): Standing {
  const { metadata, automountServiceAccountToken: automount, imagePullSecrets: pullSecrets } = body as Body;
  const owns = ({ fieldsV1 }: Entry) => fieldsV1['f:metadata']?.['f:annotations']?.[`f:${ROLE}`] !== undefined;
  return {
    annotations: metadata.annotations ?? {},
    owners: (metadata.managedFields ?? []).filter(owns).map(({ manager }) => manager),
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    ...(automount === undefined ? {} : { automount }),
    ...(pullSecrets === undefined ? {} : { pullSecrets }),
  };
}

interface Entry {
  readonly manager: string;
  readonly fieldsV1: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

interface Body {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly Entry[];
  };
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

function inventoryAt(stage: Stage, account: Partial<Subject>, more: WorkloadParts = {}): Inventory {
  const workload = workloadOf({ stage, serviceAccount: { name: 'orders-api', manage: 'create', ...account }, ...more });
  return inventoryOf(environmentWith([workload]));
}

function environmentWith(workloads: readonly Workload[], more: Partial<Environment> = {}): Environment {
  return environmentOf({ clusters: [clusterOf({ kubernetes: { context: 'prod-main' } })], workloads, ...more });
}

const WAY: readonly Stage[] = [
  'irsa',
  'prepared',
  'dual',
  'cutover',
  'pod-identity',
  'cutover',
  'dual',
  'prepared',
  'irsa',
];

/** What the role's annotation is at a stage where podlift manages it: undefined where it is not there. */
const VALUE: Readonly<Record<Stage, string | undefined>> = {
  irsa: ARN,
  prepared: ARN,
  dual: ARN,
  cutover: '',
  'pod-identity': undefined,
};

const KINDS: readonly {
  readonly who: string;
  readonly manage: Subject['manage'];
  readonly account?: { readonly annotations: Record<string, string>; readonly writer: FieldWriter };
  /** Owners beside podlift on the way forward, before the value changes. */
  readonly others: readonly string[];
}[] = [
  {
    who: 'that Helm annotated first',
    manage: 'annotate',
    account: { annotations: { [ROLE]: ARN, ...NOTES }, writer: { fieldManager: 'helm' } },
    others: ['helm'],
  },
  {
    who: 'that Argo CD applies server-side',
    manage: 'annotate',
    account: {
      annotations: { [ROLE]: ARN, ...NOTES },
      writer: { fieldManager: 'argocd-controller', operation: 'Apply' },
    },
    others: ['argocd-controller'],
  },
  {
    who: 'that was applied as Terraform before',
    manage: 'annotate',
    account: { annotations: { [ROLE]: ARN, ...NOTES }, writer: { fieldManager: 'Terraform', operation: 'Apply' } },
    others: ['Terraform'],
  },
  // The provider creates the account with the annotation.
  { who: 'that podlift creates', manage: 'create', others: ['HashiCorp'] },
];

describe('the walk irsa → pod-identity → irsa of a service account', () => {
  it.each(KINDS)('$who: the annotation goes, and comes back', async ({ manage, account, others }) => {
    const { apply, standing } = await clusterWith(account);
    let sole = false;
    for (const stage of WAY) {
      await apply(inventoryAt(stage, { manage }));
      const value = VALUE[stage];
      sole ||= value !== ARN;
      const now = await standing();
      expect({ stage, annotations: now?.annotations }).toEqual({
        stage,
        annotations: {
          ...(value === undefined ? {} : { [ROLE]: value }),
          ...(account === undefined ? {} : NOTES),
        },
      });
      const owners = value === undefined ? [] : sole ? ['podlift'] : ['podlift', ...others];
      expect({ stage, owners: now?.owners.toSorted() }).toEqual({ stage, owners: owners.toSorted() });
      // A second apply changes nothing. At pod-identity the API server of the sandbox still drops HashiCorp from the owners of the map of
      // annotations, which is empty.
      const change = manage === 'create' && stage === 'pod-identity' ? 1 : 0;
      const counts = await apply(inventoryAt(stage, { manage }));
      expect({ stage, ...counts }).toEqual({ stage, add: 0, change, destroy: 0, import: 0 });
      expect(await standing()).toEqual(now);
    }
  });

  it('that podlift leaves alone: what a person writes is all that changes', async () => {
    const account = { annotations: { [ROLE]: ARN, ...NOTES }, writer: { fieldManager: 'helm' } };
    const { apply, standing, states } = await clusterWith(account);
    for (const stage of WAY) {
      await apply(inventoryAt(stage, { manage: 'none' }));
      const value = VALUE[stage] === ARN ? { [ROLE]: ARN } : {};
      expect({ stage, ...(await standing()) }).toMatchObject({ stage, annotations: { ...value, ...NOTES } });
    }
    expect([...(states.get(STACK)?.keys() ?? [])]).toEqual([]);
  });

  it('leaves the annotation where the empty value between is left out: an owner of the same value keeps it', async () => {
    const { apply, standing } = await clusterWith(KINDS[0]?.account);
    await apply(inventoryAt('dual', { manage: 'annotate' }));
    await apply(inventoryAt('pod-identity', { manage: 'annotate' }));
    expect(await standing()).toMatchObject({ annotations: { [ROLE]: ARN }, owners: ['helm'] });
  });

  it('shows a value that somebody sets again: at cutover an apply takes it over, at pod-identity it changes nothing', async () => {
    const { apply, write, standing } = await clusterWith(KINDS[0]?.account);
    await apply(inventoryAt('dual', { manage: 'annotate' }));
    await apply(inventoryAt('cutover', { manage: 'annotate' }));
    await write({ metadata: { annotations: { [ROLE]: ARN } } });
    expect(await apply(inventoryAt('cutover', { manage: 'annotate' }))).toMatchObject({ change: 1 });
    expect(await standing()).toMatchObject({ annotations: { [ROLE]: '' }, owners: ['podlift'] });
    await apply(inventoryAt('pod-identity', { manage: 'annotate' }));
    await write({ metadata: { annotations: { [ROLE]: ARN } } });
    expect(await apply(inventoryAt('pod-identity', { manage: 'annotate' }))).toMatchObject({ change: 0 });
    expect(await standing()).toMatchObject({ annotations: { [ROLE]: ARN } });
  });
});

describe('a service account that podlift creates', () => {
  const CREATED: readonly [Stage, Readonly<Record<string, string>>, readonly string[]][] = [
    ['irsa', { [ROLE]: ARN }, ['HashiCorp', 'podlift']],
    ['prepared', { [ROLE]: ARN }, ['HashiCorp', 'podlift']],
    ['dual', { [ROLE]: ARN }, ['HashiCorp', 'podlift']],
    ['cutover', { [ROLE]: '' }, ['podlift']],
    ['pod-identity', {}, []],
  ];

  it.each(CREATED)('is created by the first apply at %s with %j', async (stage, annotations, owners) => {
    const { terraform, standing } = await clusterWith();
    expect(await terraform(inventoryAt(stage, {}))).toEqual({ add: 2, change: 0, destroy: 0, import: 0 });
    const now = await standing();
    expect({ annotations: now?.annotations, owners: now?.owners.toSorted() }).toEqual({ annotations, owners });
    expect(await terraform(inventoryAt(stage, {}))).toEqual({ add: 0, change: 0, destroy: 0, import: 0 });
  });

  it.each(CREATED)(
    'was deleted by hand at %s: one apply creates the account with %j',
    async (stage, annotations, owners) => {
      const { terraform, remove, standing } = await clusterWith();
      await terraform(inventoryAt(stage, {}));
      await remove();
      expect(await standing()).toBeUndefined();
      expect(await terraform(inventoryAt(stage, {}))).toMatchObject({ add: 1, destroy: 0 });
      const now = await standing();
      expect({ annotations: now?.annotations, owners: now?.owners.toSorted() }).toEqual({ annotations, owners });
      expect(await terraform(inventoryAt(stage, {}))).toEqual({ add: 0, change: 0, destroy: 0, import: 0 });
    },
  );

  it('has the role again at dual, and podlift as the only owner, after the first apply was at cutover', async () => {
    const { terraform, standing } = await clusterWith();
    for (const stage of ['cutover', 'dual'] as const) await terraform(inventoryAt(stage, {}));
    expect(await standing()).toMatchObject({ annotations: { [ROLE]: ARN }, owners: ['podlift'] });
  });

  it('has no annotation at pod-identity after the first apply was at cutover', async () => {
    const { terraform, standing } = await clusterWith();
    for (const stage of ['cutover', 'pod-identity'] as const) await terraform(inventoryAt(stage, {}));
    expect(await standing()).toMatchObject({ annotations: {} });
    await terraform(inventoryAt('cutover', {}));
    await terraform(inventoryAt('dual', {}));
    expect(await standing()).toMatchObject({ annotations: { [ROLE]: ARN }, owners: ['podlift'] });
  });
});

describe('a change of who manages a service account deletes nothing', () => {
  const OTHERS = {
    metadata: { labels: { team: 'shop' }, annotations: { 'argocd.argoproj.io/tracking-id': 't' } },
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: 'registry' }],
  };
  const KEPT = { labels: { team: 'shop' }, automount: false, pullSecrets: [{ name: 'registry' }] };
  const helm = { annotations: { ...NOTES }, writer: { fieldManager: 'helm' } };

  it.each<[string, Partial<Subject>, Partial<Subject>]>([
    ['create → annotate', { manage: 'create' }, { manage: 'annotate' }],
    ['create → none', { manage: 'create' }, { manage: 'none' }],
    ['annotate → none', { manage: 'annotate' }, { manage: 'none' }],
    ['annotate → create, adopted', { manage: 'annotate' }, { manage: 'create', adopt: true }],
    ['none → create, adopted', { manage: 'none' }, { manage: 'create', adopt: true }],
  ])('%s, at irsa and at cutover', async (_, before, after) => {
    for (const stage of ['irsa', 'cutover'] as const) {
      const { terraform, write, standing } = await clusterWith(before.manage === 'create' ? undefined : helm);
      await terraform(inventoryAt(stage, before));
      await write(OTHERS);
      const earlier = await standing();
      expect(earlier).toMatchObject(KEPT);
      const counts = await terraform(inventoryAt(stage, after));
      expect(counts).toMatchObject({ destroy: 0 });
      const now = await standing();
      // What podlift did not manage before, it annotates now; nothing else moves.
      if (before.manage === 'none') expect(now).toMatchObject({ ...KEPT, annotations: earlier?.annotations });
      else expect(now).toEqual(earlier);
    }
  });

  it('annotate → create without adopt stops at the account that exists, and nothing is lost', async () => {
    const { terraform, standing } = await clusterWith(helm);
    await terraform(inventoryAt('irsa', { manage: 'annotate' }));
    const earlier = await standing();
    await expect(terraform(inventoryAt('irsa', { manage: 'create' }))).rejects.toThrow(
      new ProviderError('serviceaccounts "orders-api" already exists'),
    );
    expect(await standing()).toEqual(earlier);
  });

  it.each<Partial<Subject>>([{ manage: 'create' }, { manage: 'annotate' }])(
    'a workload that is released, then deleted: %j',
    async (account) => {
      const { terraform, standing, states } = await clusterWith(account.manage === 'create' ? undefined : helm);
      await terraform(inventoryAt('irsa', account));
      const earlier = await standing();
      const { workloads } = inventoryAt('irsa', account).environments[0]!;
      expect(await terraform(inventoryOf(environmentWith([], { released: workloads })))).toMatchObject({ destroy: 0 });
      expect([...(states.get(STACK)?.keys() ?? [])]).toEqual([]);
      await terraform(inventoryOf(environmentWith([workloadOf({ key: 'other', stage: 'irsa' })])));
      expect(await standing()).toEqual(earlier);
    },
  );

  it('a workload that leaves without a release loses its account: this is what check stops', async () => {
    const { terraform, standing } = await clusterWith();
    await terraform(inventoryAt('irsa', { manage: 'create' }));
    const counts = await terraform(inventoryOf(environmentWith([workloadOf({ key: 'other', stage: 'irsa' })])));
    expect(counts).toMatchObject({ destroy: 2 });
    expect(await standing()).toBeUndefined();
  });
});
