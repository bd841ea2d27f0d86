import type { NodeFacts, TemplateFacts } from '../estate/kubernetes/KubernetesPort';

type Requirement = NonNullable<TemplateFacts['nodeAffinity']>[number][number];
type Taint = NonNullable<NodeFacts['taints']>[number];
type Scheduling = Pick<TemplateFacts, 'nodeSelector' | 'nodeAffinity' | 'tolerations'>;

/**
 * Whether labels meet a condition. A label that is absent meets `NotIn`.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement; `Gt` and `Lt`:
 * https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#operators
 */
export function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      const [limit, number] = [Number(values[0]), Number(value)];
      return value !== undefined && (operator === 'Gt' ? number > limit : number < limit);
    }
  }
}

/** Why a pod of a template cannot run on a node. */
export type Obstacle = { readonly taint: Taint } | { readonly selector: true };

/**
 * Why the scheduler does not put a pod of a template on a node, as far as labels and taints decide; nothing where it may. Terms of affinity without a
 * condition match no node. A cordoned node has a taint as long as it is cordoned, and one that is not ready until it is ready: these pass.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ and …/taint-and-toleration/
 */
export function obstacleOn(
  { nodeSelector, nodeAffinity, tolerations }: Scheduling,
  { labels = {}, taints = [] }: Pick<NodeFacts, 'labels' | 'taints'>,
): Obstacle | undefined {
  const selected =
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    (nodeAffinity === undefined ||
      nodeAffinity.some((term) => term.length > 0 && term.every((one) => meets(one, labels))));
  if (!selected) return { selector: true };
  const taint = taints.find(
    (one) =>
      one.effect !== 'PreferNoSchedule' &&
      !one.key.startsWith('node.kubernetes.io/') &&
      !tolerations.some((toleration) => tolerates(toleration, one)),
  );
  return taint && { taint };
}

/** Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#concepts */
function tolerates({ key, operator = 'Equal', value = '', effect }: Scheduling['tolerations'][number], taint: Taint) {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key === undefined || key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
