import { randomUUID } from 'node:crypto';
import type { ClusterState } from '../world/World';
import { trackUpdate } from './fields/managedFields';
import { cleanObject, textsAt } from './json';
import type { NewToken, WrittenServiceAccount } from './Kubernetes';
import type { KubeObject } from './KubeObject';
import { addObject, applyAs, createAs, findObject, type NewObject, type RecordOwners, replaceAs } from './objects';
import { signToken } from './tokens';

/**
 * Creates an active namespace with the label of its name and the service account `default`. `own` records the owner of its fields, including
 * the label; the fields that the server sets have no owner.
 */
export function addNamespace(cluster: ClusterState, sent: NewObject, own: RecordOwners, time: Date): KubeObject {
  const { name } = sent.metadata;
  const labels = { ...textsAt(sent.metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  const owned = own({ ...sent, metadata: { ...sent.metadata, labels } });
  const active = { ...owned, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  const namespace = addObject(cluster, 'namespaces', active, time);
  serviceAccountOf(cluster, name, 'default', time);
  return namespace;
}

/** The namespace of that name. A missing namespace is created. */
export function namespaceOf(cluster: ClusterState, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'namespaces', undefined, name);
  const sent = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const writer = { manager: 'kube-apiserver', time };
  return found ?? addNamespace(cluster, sent, (object) => trackUpdate(undefined, object, writer), time);
}

/** The service account of that name. A missing account is created without annotations, also its namespace. */
export function serviceAccountOf(cluster: ClusterState, namespace: string, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'serviceaccounts', namespace, name);
  if (found !== undefined) return found;
  namespaceOf(cluster, namespace, time);
  const existing = findObject(cluster, 'serviceaccounts', namespace, name);
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return existing ?? createAs(cluster, 'serviceaccounts', object, { manager: 'kube-controller-manager', time });
}

/** A service account to write. */
export interface NewServiceAccount extends Omit<WrittenServiceAccount, 'cluster'> {
  /** Default: the labels stay. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: the secrets stay. */
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/**
 * Writes a service account; a missing namespace is created. The operation `Update` replaces the annotations. `Apply`, which is forced, keeps
 * the annotations of others and removes those that the writer applied before and leaves out now. Everything else stays.
 */
export function writeServiceAccount(cluster: ClusterState, account: NewServiceAccount, time: Date): KubeObject {
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

/** A token of a service account, valid from `time`. */
export function createToken(cluster: ClusterState, token: NewToken, time: Date): string {
  const { namespace, serviceAccount, audience, expiration, pod } = token;
  const { uid } = serviceAccountOf(cluster, namespace, serviceAccount, time).metadata;
  const now = Math.floor(time.getTime() / 1000);
  return signToken(cluster, {
    iss: cluster.issuer,
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    aud: [audience].flat(),
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
