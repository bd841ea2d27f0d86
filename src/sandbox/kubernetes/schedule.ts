import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';
import { type Json, objectAt, textAt, textsAt } from './json';
import { objectsOf } from './objects';

/** The labels of a node, as the kubelet and EKS set them. */
export function nodeLabels({ name, compute, labels }: SeedNode): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': compute === 'windows' ? 'windows' : 'linux',
    'kubernetes.io/arch': 'amd64',
    'eks.amazonaws.com/compute-type': compute === 'windows' ? 'ec2' : compute,
    ...labels,
  };
}

/** Nodes that take a pod only when it asks for them: Windows and hybrid by their selector, Fargate by its profile. */
const ASKED_FOR = new Set(['fargate', 'windows', 'hybrid']);

function takes(node: SeedNode, selector: Readonly<Record<string, string>>): boolean {
  const labels = nodeLabels(node);
  const asked = Object.entries(selector);
  if (asked.length === 0) return !ASKED_FOR.has(node.compute);
  return asked.every(([key, value]) => labels[key] === value);
}

/**
 * The node that a pod is put on: the one that its spec names, else of those that have the labels it selects the one with the
 * fewest pods. Undefined when none fits. A cluster that has no other nodes puts it on any.
 */
export function scheduledNode(cluster: ClusterState, spec: Json): string | undefined {
  const named = textAt(spec, 'nodeName');
  if (named !== undefined && named !== '') return named;
  const selector = textsAt(spec, 'nodeSelector');
  const fitting = cluster.nodes.filter((node) => takes(node, selector));
  const candidates = fitting.length === 0 && Object.keys(selector).length === 0 ? cluster.nodes : fitting;
  if (candidates.length < 2) return candidates[0]?.name;
  const load = new Map<string, number>();
  for (const pod of objectsOf(cluster, 'pods')) {
    const node = textAt(objectAt(pod, 'spec'), 'nodeName') ?? '';
    load.set(node, (load.get(node) ?? 0) + 1);
  }
  return [...candidates].sort((one, other) => (load.get(one.name) ?? 0) - (load.get(other.name) ?? 0))[0]?.name;
}
