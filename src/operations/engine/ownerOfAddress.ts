import { createHash } from 'node:crypto';
import type { Blueprint } from '../../blueprint/Blueprint';

/** What a resource of a stack belongs to: a workload, or a cluster and perhaps one of its add-ons. Nothing where the inventory has no such workload or cluster any more. */
export interface ResourceOwner {
  readonly workload?: string;
  readonly cluster?: string;
  readonly addon?: string;
}

/** Keys that an environment has, or had and releases. */
export interface KnownKeys {
  readonly workloads: ReadonlySet<string>;
  readonly clusters: ReadonlySet<string>;
}

/** The keys of an environment. */
export function knownKeys(
  environment: { readonly clusters: readonly { readonly key: string }[] },
  { roles, released }: Blueprint,
): KnownKeys {
  return {
    workloads: new Set([...roles, ...released.roles].map(({ workload }) => workload)),
    clusters: new Set(environment.clusters.map(({ key }) => key)),
  };
}

/** The scopes of the stacks below which each kind of key stands. Source: stacks/IdentityStack.ts, TargetsStack.ts, ServiceAccountsStack.ts */
const SCOPES = {
  workloads: 'workloads',
  agents: 'clusters',
  'oidc-providers': 'clusters',
  addons: 'clusters',
} as const satisfies Record<string, keyof KnownKeys>;

/**
 * The owner of a resource from its address: `aws_iam_role.workloads_orders-api_role_4F61690B`. The name joins the ids of the constructs above the resource, and ends with a hash
 * of their path. cdktf leaves out an id with which the one before ends: workload `ads` below `workloads`. The hash tells these apart.
 * Source: cdktf lib/private/unique.ts (`makeUniqueId`)
 */
export function ownerOfAddress(address: string, known: KnownKeys): ResourceOwner {
  const name = address.slice(address.indexOf('.') + 1);
  const [, scope = '', rest = '', hash = ''] = /^([a-z-]+)_(.+)_([0-9A-F]{8})$/.exec(name) ?? [];
  if (!(scope in SCOPES)) return {};
  const kind = SCOPES[scope as keyof typeof SCOPES];
  const ids = rest.split('_');
  const hidden = [...known[kind]].filter((key) => scope.endsWith(key));
  const left = hidden.find((key) =>
    // The cluster of an association can be left out too.
    [[], ...[...known.clusters].map((cluster) => [cluster])].some(
      (cluster) => hashOf([scope, key, ...cluster, ...ids]) === hash,
    ),
  );
  const [key = '', addon] = left === undefined ? ids : [left, ...ids];
  if (!known[kind].has(key)) return {};
  if (kind === 'workloads') return { workload: key };
  return scope === 'addons' && addon !== undefined ? { cluster: key, addon } : { cluster: key };
}

function hashOf(path: readonly string[]): string {
  return createHash('md5').update(path.join('/')).digest('hex').slice(0, 8).toUpperCase();
}
