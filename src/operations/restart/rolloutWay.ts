/**
 * How the pods of a Deployment, StatefulSet or DaemonSet are made anew without a change that its team holds back.
 * `restart`: `kubectl rollout restart` replaces all of them. `watch`: a restart that was begun after the last change of the associations still goes on. `one by one`: a rollout
 * would not replace all of them, and a deleted pod comes back from the template that it had. `paused` and `held`: only the team can restart the pods.
 */
export type RolloutWay = 'restart' | 'watch' | 'one by one' | HeldBack;

/** Why podlift restarts no pod. `paused`: kubectl refuses a paused Deployment. `held`: new pods would get a template that the team has not rolled out (OnDelete). */
export type HeldBack = 'paused' | 'held';

/** The fields that decide, as the API server gives them; it leaves out a count of 0. */
interface Owner {
  readonly kind?: string;
  readonly metadata?: { readonly generation?: number };
  readonly spec?: {
    readonly paused?: boolean;
    readonly replicas?: number;
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: Readonly<Record<string, number | undefined>>;
}

/** `kubectl rollout restart` writes the time of the restart here. Source: kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectrestarter.go */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Decides how an owner's pods are restarted.
 *
 * @param owner the object as JSON
 * @param changedAt when an association was changed last, ISO 8601; a rollout that began before it gives some pods the old credentials
 */
export function rolloutWay(owner: string, changedAt: string | undefined): RolloutWay {
  const object = JSON.parse(owner) as Owner;
  const { spec = {} } = object;
  if (spec.paused === true) return 'paused';
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type === 'OnDelete') return hasNewest(object) ? 'one by one' : 'held';
  // Pods below the partition come back from the template that they had, and no rollout replaces them.
  // Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions
  if ((rollingUpdate?.partition ?? 0) > 0) return 'one by one';
  const begun = spec.template?.metadata?.annotations?.[RESTARTED_AT];
  const isLater = begun !== undefined && changedAt !== undefined && Date.parse(begun) > Date.parse(changedAt);
  return isLater && !isComplete(object) ? 'watch' : 'restart';
}

/** Each pod has the newest template: one that is deleted comes back as it was. */
function hasNewest({ kind, status = {} }: Owner): boolean {
  return kind === 'DaemonSet'
    ? (status.updatedNumberScheduled ?? 0) >= (status.currentNumberScheduled ?? 0)
    : (status.updatedReplicas ?? 0) >= (status.replicas ?? 0);
}

/** Source: kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go */
function isComplete({ kind, metadata, spec, status = {} }: Owner): boolean {
  const count = (name: string): number => status[name] ?? 0;
  if ((metadata?.generation ?? 0) > count('observedGeneration')) return false;
  const wanted = spec?.replicas ?? 1;
  switch (kind) {
    case 'DaemonSet':
      return Math.min(count('updatedNumberScheduled'), count('numberAvailable')) >= count('desiredNumberScheduled');
    case 'StatefulSet':
      return Math.min(count('readyReplicas'), count('updatedReplicas')) >= wanted;
    default:
      return (
        count('updatedReplicas') >= wanted &&
        count('replicas') <= count('updatedReplicas') &&
        count('availableReplicas') >= count('updatedReplicas')
      );
  }
}
