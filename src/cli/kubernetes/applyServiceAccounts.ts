import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint, ServiceAccount } from '../../blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { serviceAccountsStackName } from '../../inventory/stackNames';
import type { ClusterRef } from '../../sandbox/kubernetes/ClusterRef';
import type { Kubernetes } from '../../sandbox/kubernetes/kubernetes';
import { isManaged } from '../advance/changedStacks';
import {
  type ApplyCounts,
  applyServiceAccountStack,
  type ProviderState,
  type ServiceAccountStack,
} from './serviceAccountProvider';

/** Where the stacks of service accounts are applied. */
export interface ServiceAccountWork {
  readonly kubernetes: Pick<Kubernetes, 'request' | 'setServiceAccount'>;
  /** The folder of the synthesis. */
  readonly outdir: string;
  /** What earlier applies left, by the stack's name. */
  readonly states: Map<string, ProviderState>;
}

/**
 * Brings the service accounts of an environment to what its blueprint says: those that Terraform manages by their synthesized stacks (those
 * that `stacks` names; default: all), the others by `kubectl annotate`, as a person or GitOps does. Add-ons annotate their own. Throws a
 * `ProviderError`.
 */
export async function applyServiceAccounts(
  { kubernetes, outdir, states }: ServiceAccountWork,
  blueprint: Blueprint,
  stacks?: readonly string[],
): Promise<ApplyCounts> {
  const total = { add: 0, change: 0, destroy: 0, import: 0 };
  const accounts = [...blueprint.serviceAccounts, ...blueprint.released.serviceAccounts];
  const clusters = new Map(accounts.map((account) => [account.cluster, account]));
  for (const [cluster, account] of clusters) {
    const name = serviceAccountsStackName(blueprint.environment, cluster);
    if (account.context === undefined || stacks?.includes(name) === false) continue;
    const stack = JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')) as ServiceAccountStack;
    const state = states.get(name) ?? new Map<string, { namespace: string; name: string }>();
    states.set(name, state);
    const ref = clusterRef(blueprint, account);
    const counts = await applyServiceAccountStack(stack, state, (request) => kubernetes.request(ref, request));
    for (const kind of ['add', 'change', 'destroy', 'import'] as const) total[kind] += counts[kind];
  }
  const byHand = blueprint.serviceAccounts.filter((one) => one.addon === undefined && !isManaged(one));
  for (const account of byHand) await annotate(kubernetes, clusterRef(blueprint, account), account);
  return total;
}

/** Where the sandbox has the cluster of a service account. */
export function clusterRef({ account }: Blueprint, { region, clusterName }: ServiceAccount): ClusterRef {
  return { account: account.id, region, name: clusterName };
}

/** The requests of `kubectl create serviceaccount` and `kubectl annotate`. Source: kubernetes/kubectl pkg/cmd/annotate/annotate.go */
async function annotate(
  { request, setServiceAccount }: ServiceAccountWork['kubernetes'],
  cluster: ClusterRef,
  { namespace, name, annotations }: ServiceAccount,
): Promise<void> {
  const answer = await request(cluster, {
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}?fieldManager=kubectl-annotate`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: { [ROLE_ANNOTATION]: annotations[ROLE_ANNOTATION] ?? null } } },
  });
  if (answer.status === 404) setServiceAccount({ cluster, namespace, name, annotations });
}
