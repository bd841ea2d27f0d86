import type { FieldWriter } from '../Seed';
import type { ClusterState } from '../world/World';
import { cleanObject } from './cleanObject';
import type { KubeObject } from './KubeObject';
import { findObject } from './objects';
import { applyAs, createAs, replaceAs } from './ownedObjects';
import { namespaceOf } from './serviceAccounts';

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
