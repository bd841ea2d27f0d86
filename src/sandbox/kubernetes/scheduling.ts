import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';
import { isJson, type Json, listAt, objectAt, textAt, textsAt } from './json';
import { findObject } from './objects';

/** The labels of a node that the kubelet and EKS set, and those of the seed. */
export function nodeLabels({ name, compute, labels }: SeedNode): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': compute === 'windows' ? 'windows' : 'linux',
    'kubernetes.io/arch': 'amd64',
    'eks.amazonaws.com/compute-type': compute === 'windows' ? 'ec2' : compute,
    ...labels,
  };
}

/** A node as the scheduler sees it: the seed's, with the labels and taints that its object has now. */
export interface NodeToSchedule {
  readonly name: string;
  readonly compute: SeedNode['compute'];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Json[];
}

/** The nodes of a cluster. */
export function nodesToSchedule(cluster: ClusterState): readonly NodeToSchedule[] {
  return cluster.nodes.map((node) => {
    const object = findObject(cluster, 'nodes', undefined, node.name);
    return {
      name: node.name,
      compute: node.compute,
      labels: object === undefined ? nodeLabels(node) : textsAt(object.metadata, 'labels'),
      taints: object === undefined ? [] : listAt(objectAt(object, 'spec'), 'taints').filter(isJson),
    };
  });
}

/**
 * Whether a node has the labels that a pod spec requires, by selector and by affinity.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export function isSelected(spec: Json, { labels }: NodeToSchedule): boolean {
  const selector = Object.entries(textsAt(spec, 'nodeSelector'));
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const affinity = objectAt(objectAt(spec, 'affinity'), 'nodeAffinity');
  if (affinity.requiredDuringSchedulingIgnoredDuringExecution === undefined) return true;
  return listAt(objectAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution'), 'nodeSelectorTerms')
    .filter(isJson)
    .some((term) => {
      const conditions = listAt(term, 'matchExpressions').filter(isJson);
      return conditions.length > 0 && conditions.every((one) => meets(one, labels));
    });
}

function meets(condition: Json, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textAt(condition, 'key') ?? ''];
  const values = listAt(condition, 'values');
  switch (condition.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/**
 * Whether a pod spec tolerates the taints of a node that have one of these effects.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export function toleratesTaints(
  spec: Json,
  { taints }: NodeToSchedule,
  effects: readonly string[] = ['NoSchedule', 'NoExecute'],
): boolean {
  const tolerations = listAt(spec, 'tolerations').filter(isJson);
  return taints
    .filter((taint) => effects.includes(textAt(taint, 'effect') ?? ''))
    .every((taint) =>
      tolerations.some((toleration) => {
        const [effect, key, operator = 'Equal'] = ['effect', 'key', 'operator'].map((name) => textAt(toleration, name));
        if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
        if (key === undefined || key === '') return operator === 'Exists';
        if (key !== taint.key) return false;
        return operator === 'Exists' || (textAt(toleration, 'value') ?? '') === (textAt(taint, 'value') ?? '');
      }),
    );
}
