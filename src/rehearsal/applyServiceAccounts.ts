import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint, ServiceAccount } from '../blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import { serviceAccountsStackName } from '../inventory/stackNames';
import type { PlanCounts } from '../runners/stackCommands';
import { isManaged } from '../operations/step/nextSteps';
import type { ClusterRef, KubeRequest, KubeResponse, Kubernetes } from '../sandbox/startSandbox';

/** The sandbox's clusters and the stacks of service accounts. */
export interface ServiceAccountWork {
  readonly kubernetes: Pick<Kubernetes, 'request' | 'setServiceAccount'>;
  /** The folder of the synthesis. */
  readonly roots: string;
  /** What earlier applies left, by the stack's name. */
  readonly states: Map<string, ProviderState>;
}

/**
 * Applies the service accounts of an environment's blueprint: those that Terraform manages by their synthesized stacks (those that `stacks`
 * names; default: all), the others by `kubectl annotate`, as a person or GitOps does. Add-ons annotate their own. Throws a `ProviderError`.
 */
export async function applyServiceAccounts(
  { kubernetes, roots, states }: ServiceAccountWork,
  blueprint: Blueprint,
  stacks?: readonly string[],
): Promise<PlanCounts> {
  const total: PlanCounts[] = [];
  const accounts = [...blueprint.serviceAccounts, ...blueprint.released.serviceAccounts];
  const clusters = new Map(accounts.map((account) => [account.cluster, account]));
  for (const [cluster, account] of clusters) {
    const name = serviceAccountsStackName(blueprint.environment, cluster);
    if (account.context === undefined || stacks?.includes(name) === false) continue;
    const stack = JSON.parse(readFileSync(join(roots, name, 'main.tf.json'), 'utf8')) as ServiceAccountStack;
    const state = states.get(name) ?? new Map<string, { namespace: string; name: string }>();
    states.set(name, state);
    const ref = clusterRef(blueprint, account);
    total.push(await applyServiceAccountStack(stack, state, (request) => kubernetes.request(ref, request)));
  }
  const byHand = blueprint.serviceAccounts.filter((one) => one.addon === undefined && !isManaged(one));
  for (const account of byHand) await annotate(kubernetes, clusterRef(blueprint, account), account);
  return sumOf(total);
}

/** What several applies changed together. */
export function sumOf(counts: readonly PlanCounts[]): PlanCounts {
  const sum = { add: 0, change: 0, destroy: 0, import: 0 };
  for (const one of counts) for (const kind of ['add', 'change', 'destroy', 'import'] as const) sum[kind] += one[kind];
  return sum;
}

/** The sandbox's cluster of a service account. */
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

/** A service account of a cluster. */
interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What Terraform's state has of a stack of service accounts: an account by each resource's address. */
export type ProviderState = Map<string, Account>;

/** The parts of a synthesized stack of service accounts that an apply reads. */
export interface ServiceAccountStack {
  readonly resource?: {
    readonly kubernetes_service_account_v1?: Readonly<Record<string, { readonly metadata: NewAccount }>>;
    readonly kubernetes_annotations?: Readonly<Record<string, AnnotationsResource>>;
  };
  readonly import?: readonly { readonly to: string; readonly id: string }[];
  readonly removed?: readonly { readonly from: string }[];
}

/** A new account; the stack ignores the annotations of an account that exists. */
interface NewAccount extends Account {
  readonly annotations?: Readonly<Record<string, string>>;
}

interface AnnotationsResource {
  readonly metadata: Account;
  readonly annotations: Readonly<Record<string, string>>;
  readonly field_manager: string;
  readonly force: boolean;
}

/** Sends a request to the cluster's API server. */
export type Send = (request: KubeRequest) => Promise<KubeResponse>;

/** An error of the Kubernetes provider, in its words. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
}

/** The client's name: the API server takes the part before the slash for the field manager of what it creates. */
const USER_AGENT = 'HashiCorp/1.0 Terraform/1.11.0';

/**
 * Applies a stack of service accounts to a cluster of the sandbox with the requests that Terraform and its Kubernetes provider make, and
 * keeps `state` up to date. It replaces the provider, which a machine without the registry does not have. In this order: forgets the `removed`
 * addresses, imports, destroys what only the state has, creates and annotates. Throws a `ProviderError`.
 * Source: hashicorp/terraform-provider-kubernetes 2.38.0, kubernetes/resource_kubernetes_service_account_v1.go and
 * resource_kubernetes_annotations.go; https://developer.hashicorp.com/terraform/language/block/removed
 */
export async function applyServiceAccountStack(
  stack: ServiceAccountStack,
  state: ProviderState,
  send: Send,
): Promise<PlanCounts> {
  const accounts = Object.entries(stack.resource?.kubernetes_service_account_v1 ?? {}).map(
    ([id, { metadata }]) => [`kubernetes_service_account_v1.${id}`, metadata] as const,
  );
  const annotations = Object.entries(stack.resource?.kubernetes_annotations ?? {}).map(
    ([id, resource]) => [`kubernetes_annotations.${id}`, resource] as const,
  );
  const counts = { add: 0, change: 0, destroy: 0, import: 0 };
  for (const { from } of stack.removed ?? []) state.delete(from);
  for (const { to, id } of stack.import ?? []) {
    if (state.has(to)) continue;
    const [namespace = '', name = ''] = id.split('/');
    if (!(await exists({ namespace, name }, send)))
      throw new ProviderError(`Cannot import non-existent remote object: ${id}`);
    state.set(to, { namespace, name });
    counts.import += 1;
  }
  const kept = new Set<string>([...accounts, ...annotations].map(([address]) => address));
  for (const [address, account] of [...state]) {
    if (kept.has(address)) continue;
    await destroy(address, account, send);
    state.delete(address);
    counts.destroy += 1;
  }
  for (const [address, account] of accounts) {
    const before = state.get(address);
    if (before !== undefined && !isSame(before, account)) {
      await destroy(address, before, send);
      counts.destroy += 1;
    }
    if (before !== undefined && isSame(before, account) && (await exists(account, send))) continue;
    await create(account, send);
    state.set(address, account);
    counts.add += 1;
  }
  for (const [address, resource] of annotations) {
    const before = state.get(address);
    if (before !== undefined && !isSame(before, resource.metadata)) {
      await destroy(address, before, send);
      counts.destroy += 1;
    }
    const changed = await applyAnnotations(resource, send);
    if (before === undefined || !isSame(before, resource.metadata)) counts.add += 1;
    else if (changed) counts.change += 1;
    state.set(address, resource.metadata);
  }
  return counts;
}

function pathOf({ namespace, name }: Account): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
}

function isSame(one: Account, other: Account): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}

async function exists(account: Account, send: Send): Promise<boolean> {
  const { status } = await send({ method: 'GET', path: pathOf(account), userAgent: USER_AGENT });
  return status === 200;
}

async function create(account: NewAccount, send: Send): Promise<void> {
  const answer = await send({
    method: 'POST',
    path: `/api/v1/namespaces/${account.namespace}/serviceaccounts`,
    body: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: account,
      automountServiceAccountToken: true,
    },
    userAgent: USER_AGENT,
  });
  if (answer.status !== 201) throw new ProviderError(messageOf(answer));
}

/** True when the request changed the object. */
async function applyAnnotations(
  { metadata, annotations, field_manager: manager, force }: AnnotationsResource,
  send: Send,
): Promise<boolean> {
  const before = await send({ method: 'GET', path: pathOf(metadata), userAgent: USER_AGENT });
  if (before.status === 404) throw new ProviderError(`The resource "${metadata.name}" does not exist`);
  const after = await send({
    method: 'PATCH',
    path: `${pathOf(metadata)}?fieldManager=${manager}&force=${String(force)}`,
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, annotations } },
    userAgent: USER_AGENT,
  });
  if (after.status !== 200) throw new ProviderError(messageOf(after));
  return versionOf(before) !== versionOf(after);
}

async function destroy(address: string, account: Account, send: Send): Promise<void> {
  if (!(await exists(account, send))) return;
  if (address.startsWith('kubernetes_annotations.'))
    await applyAnnotations({ metadata: account, annotations: {}, field_manager: 'podlift', force: true }, send);
  else await send({ method: 'DELETE', path: pathOf(account), userAgent: USER_AGENT });
}

function versionOf({ body }: KubeResponse): unknown {
  return (body as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
}

function messageOf({ status, body }: KubeResponse): string {
  return (body as { message?: string } | undefined)?.message ?? `the API server answered ${status}`;
}
