import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';
import { isJson, type Json, listAt, numberAt, objectAt, textAt, textsAt } from './json';
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
export function isSelected(spec: Json, { name, labels }: NodeToSchedule): boolean {
  const selector = Object.entries(textsAt(spec, 'nodeSelector'));
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const affinity = objectAt(objectAt(spec, 'affinity'), 'nodeAffinity');
  if (affinity.requiredDuringSchedulingIgnoredDuringExecution === undefined) return true;
  return listAt(objectAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution'), 'nodeSelectorTerms')
    .filter(isJson)
    .some((term) => {
      const conditions = listAt(term, 'matchExpressions').filter(isJson);
      const fields = listAt(term, 'matchFields').filter(isJson);
      if (conditions.length + fields.length === 0) return false;
      return conditions.every((one) => meets(one, labels)) && fields.every((one) => meets(one, { [NAME_FIELD]: name }));
    });
}

/** The one field that a node affinity can name. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#NodeSelectorTerm */
const NAME_FIELD = 'metadata.name';

/**
 * The affinity of a DaemonSet's pod: the scheduler places the pod, and on this node alone.
 * Source: kubernetes/kubernetes pkg/controller/daemon/util/daemonset_util.go (ReplaceDaemonSetPodNodeNameNodeAffinity)
 */
export function affinityToNode(spec: Json, node: string): Json {
  const affinity = objectAt(spec, 'affinity');
  const term = { matchFields: [{ key: NAME_FIELD, operator: 'In', values: [node] }] };
  const required = { nodeSelectorTerms: [term] };
  const nodeAffinity = {
    ...objectAt(affinity, 'nodeAffinity'),
    requiredDuringSchedulingIgnoredDuringExecution: required,
  };
  return { ...affinity, nodeAffinity };
}

/** The node of a pod: where the pod is, or where the affinity of its DaemonSet wants it. Empty for another pod without a node. */
export function wantedNode(spec: Json): string {
  const bound = textAt(spec, 'nodeName') ?? '';
  if (bound !== '') return bound;
  const required = objectAt(
    objectAt(objectAt(spec, 'affinity'), 'nodeAffinity'),
    'requiredDuringSchedulingIgnoredDuringExecution',
  );
  const [term] = listAt(required, 'nodeSelectorTerms');
  const [field] = listAt(term, 'matchFields');
  const [name] = listAt(field, 'values');
  return typeof name === 'string' ? name : '';
}

/**
 * The ports of the node that a pod takes, as `TCP 80`: those that its containers name, and in the network of the node all of them. The address is left out:
 * two pods that take a port on two addresses of the node conflict here.
 * Source: kubernetes/kubernetes pkg/apis/core/v1/defaults.go (defaultHostNetworkPorts)
 */
function hostPortsOf(spec: Json): readonly string[] {
  const sidecars = listAt(spec, 'initContainers').filter((one) => textAt(one, 'restartPolicy') === 'Always');
  return [...listAt(spec, 'containers'), ...sidecars].flatMap((container) =>
    listAt(container, 'ports').flatMap((port) => {
      const own = numberAt(port, 'hostPort') ?? 0;
      const taken = own === 0 && spec.hostNetwork === true ? (numberAt(port, 'containerPort') ?? 0) : own;
      return taken === 0 ? [] : [`${textAt(port, 'protocol') ?? 'TCP'} ${taken}`];
    }),
  );
}

/**
 * Whether the ports of the node that a pod needs are free: no pod that has not ended takes them there.
 * Source: kubernetes/kubernetes pkg/scheduler/framework/plugins/nodeports/node_ports.go
 *
 * @param others the specs of the pods that are on nodes and have not ended
 */
export function hasFreePorts(spec: Json, { name }: NodeToSchedule, others: readonly Json[]): boolean {
  const needed = new Set(hostPortsOf(spec));
  if (needed.size === 0) return true;
  return !others.some(
    (other) => textAt(other, 'nodeName') === name && hostPortsOf(other).some((port) => needed.has(port)),
  );
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
