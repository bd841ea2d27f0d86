import { randomUUID } from 'node:crypto';
import type { FieldWriter } from '../Seed';
import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';
import { updated } from './fields/managedFields';
import { cleanObject, textsAt } from './json';
import { addObject, applyAs, createAs, findObject, type NewObject, replaceAs } from './objects';
import { signToken } from './tokens';

/**
 * Makes a namespace, active, with the label of its name and the service account `default`. `own` writes down who owns its fields:
 * the label is one of them, what the server sets beside it belongs to nobody.
 */
export function addNamespace(
  cluster: ClusterState,
  sent: NewObject,
  own: (object: NewObject) => NewObject,
  time: Date,
): KubeObject {
  const { name } = sent.metadata;
  const labels = { ...textsAt(sent.metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  const owned = own({ ...sent, metadata: { ...sent.metadata, labels } });
  const made = { ...owned, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  const namespace = addObject(cluster, 'namespaces', made, time);
  serviceAccountOf(cluster, name, 'default', time);
  return namespace;
}

/** The namespace of that name, made when it is not there. A namespace has the service account `default` from the start. */
export function namespaceOf(cluster: ClusterState, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'namespaces', undefined, name);
  const sent = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const writer = { manager: 'kube-apiserver', time };
  return found ?? addNamespace(cluster, sent, (object) => updated(undefined, object, writer), time);
}

/** The service account of that name; made without annotations, and its namespace with it, when nobody declared it. */
export function serviceAccountOf(cluster: ClusterState, namespace: string, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'serviceaccounts', namespace, name);
  if (found !== undefined) return found;
  namespaceOf(cluster, namespace, time);
  const existing = findObject(cluster, 'serviceaccounts', namespace, name);
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return existing ?? createAs(cluster, 'serviceaccounts', object, { manager: 'kube-controller-manager', time });
}

/** A service account as someone writes it. */
export interface ServiceAccountWrite {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Default: the labels stay as they are. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: they stay as they are. */
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  /** Who writes it. Default: `kubectl-create` where it is new, else `kubectl-annotate`. */
  readonly writer?: FieldWriter;
}

/**
 * Writes a service account, and its namespace where there is none. By the operation `Update` the annotations replace the ones it had.
 * By `Apply`, which is forced, the writer owns the annotations: others' stay, and those it applied before and leaves out now go. Its
 * uid and all else stays.
 */
export function writeServiceAccount(cluster: ClusterState, account: ServiceAccountWrite, time: Date): KubeObject {
  const { namespace, name, annotations = {}, labels, imagePullSecrets } = account;
  namespaceOf(cluster, namespace, time);
  const before = findObject(cluster, 'serviceaccounts', namespace, name);
  const { fieldManager, operation = 'Update' } = account.writer ?? {};
  const writer = { manager: fieldManager ?? (before === undefined ? 'kubectl-create' : 'kubectl-annotate'), time };
  const pullSecrets = imagePullSecrets === undefined ? {} : { imagePullSecrets };
  const meta = { annotations: { ...annotations }, ...(labels === undefined ? {} : { labels: { ...labels } }) };
  const config = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, ...meta }, ...pullSecrets };
  if (operation === 'Apply') return applyAs(cluster, 'serviceaccounts', config, writer);
  if (before === undefined) return createAs(cluster, 'serviceaccounts', cleanObject(config) as typeof config, writer);
  const after = { ...before, ...pullSecrets, metadata: { ...before.metadata, ...meta } };
  return replaceAs(cluster, 'serviceaccounts', cleanObject(after) as KubeObject, writer);
}

/** What a service account token is to say, as Kubernetes' TokenRequest has it. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string;
  /** Seconds. */
  readonly expiration: number;
  /** The pod that the token is bound to. Default: none. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** A token of the cluster for a service account, from `time` on. */
export function createToken(cluster: ClusterState, request: TokenRequest, time: Date): string {
  const { namespace, serviceAccount, audience, expiration, pod } = request;
  const { uid } = serviceAccountOf(cluster, namespace, serviceAccount, time).metadata;
  const now = Math.floor(time.getTime() / 1000);
  return signToken(cluster, {
    iss: cluster.issuer,
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    aud: [audience],
    exp: now + expiration,
    iat: now,
    nbf: now,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(pod === undefined ? {} : { pod }),
      serviceaccount: { name: serviceAccount, uid },
    },
  });
}
