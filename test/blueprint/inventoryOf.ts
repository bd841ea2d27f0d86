import type { ServiceAccountPods } from '../../src/comparison/access';
import type {
  Cluster,
  Environment,
  Inventory,
  RoleImports,
  Subject,
  Target,
  Workload,
  WorkloadRoleSettings,
} from '../../src/inventory/Inventory';

// A loaded inventory with everything ordinary filled in, so that a test states only what it is about.

export const NO_IMPORTS: RoleImports = { managedPolicies: [], inlinePolicies: [], associations: {} };

export function clusterOf(parts: Partial<Cluster> = {}): Cluster {
  const { key = 'main', region = 'us-west-2' } = parts;
  return {
    key,
    name: `prod-${key}`,
    arn: `arn:aws:eks:${region}:333333333333:cluster/prod-${key}`,
    region,
    version: '1.33',
    autoMode: false,
    oidc: {
      issuer: `https://oidc.eks.us-west-2.amazonaws.com/id/${key.toUpperCase().padEnd(32, '0')}`,
      provider: 'existing',
      adopt: false,
    },
    agent: { version: 'v1.3.4-eksbuild.1', adopt: false },
    addons: [],
    ...parts,
  };
}

/** A cluster whose entry does not have one of its fields. */
export function clusterWithout(field: 'agent' | 'oidc', parts: Partial<Cluster> = {}): Cluster {
  const { [field]: omitted, ...cluster } = clusterOf(parts);
  if (omitted === undefined) throw new Error(`the cluster has no ${field}`);
  return cluster;
}

export function roleSettingsOf(parts: Partial<WorkloadRoleSettings> = {}): WorkloadRoleSettings {
  return {
    name: 'prod-orders-api',
    path: '/',
    adopt: false,
    tags: {},
    imports: NO_IMPORTS,
    ...parts,
  };
}

/** The parts of a workload, also with one service account in the short form of the file. */
export interface WorkloadParts extends Partial<Workload> {
  readonly namespace?: string;
  readonly serviceAccount?: Omit<Subject, 'namespace' | 'clusters' | 'isFirst'>;
}

export function workloadOf({ namespace = 'production', serviceAccount, ...parts }: WorkloadParts = {}): Workload {
  const { key = 'orders-api', clusters = ['main'] } = parts;
  const account = serviceAccount ?? { name: key, manage: 'create' };
  return {
    key,
    stage: 'irsa',
    subjects: [{ namespace, ...account, clusters, isFirst: true, ...importIdsOf(parts.role) }],
    compute: 'ec2',
    sessionTags: true,
    role: roleSettingsOf({ name: `prod-${key}` }),
    permissions: {
      managedPolicies: [],
      statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme-orders/*'] }],
      inlinePolicies: {},
    },
    targets: [],
    clusters: ['main'],
    ...parts,
  };
}

/** The ids that an entry of a single service account imports. */
function importIdsOf(role: WorkloadRoleSettings | undefined): Pick<Subject, 'importIds'> {
  const ids = Object.entries(role?.imports.associations ?? {}).flatMap(([cluster, id]) =>
    typeof id === 'string' ? [[cluster, id] as const] : [],
  );
  return ids.length === 0 ? {} : { importIds: Object.fromEntries(ids) };
}

/** The only service account of a workload. */
export function subjectOf({ subjects: [subject] }: Pick<Workload, 'subjects'>): Subject {
  if (subject === undefined) throw new Error('the workload has no service account');
  return subject;
}

/** The pods of the only service account of a workload, as trust policies see them. */
export function podsOf(workload: Pick<Workload, 'subjects' | 'sessionTags'>): ServiceAccountPods {
  const { namespace, name } = subjectOf(workload);
  return { namespace, name, sessionTags: workload.sessionTags };
}

export function targetOf(parts: Partial<Target> = {}): Target {
  const key = parts.key ?? 'ledger';
  return {
    key,
    account: { key: 'data-prod', id: '444444444444' },
    via: 'workload',
    role: { name: `prod-orders-api-${key}`, path: '/' },
    permissions: {
      managedPolicies: [],
      statements: [
        { actions: ['dynamodb:Query'], resources: ['arn:aws:dynamodb:us-west-2:444444444444:table/ledger'] },
      ],
      inlinePolicies: {},
    },
    ...parts,
  };
}

export function environmentOf(parts: Partial<Environment> = {}): Environment {
  return {
    key: 'prod',
    account: { key: 'apps-prod', id: '333333333333' },
    region: 'us-west-2',
    regions: [],
    partition: 'aws',
    tags: {},
    role: {},
    quotas: {},
    clusters: [clusterOf()],
    workloads: [workloadOf()],
    ...parts,
  };
}

export function inventoryOf(...environments: Environment[]): Inventory {
  const accounts = environments.flatMap(({ account, workloads }) => [
    account,
    ...workloads.flatMap(({ targets }) => targets.map((target) => target.account)),
  ]);
  return {
    accounts: [...new Map(accounts.map((account) => [account.key, account])).values()],
    waves: [],
    environments,
  };
}
