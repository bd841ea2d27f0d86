import { run } from './kubectl';

/** What `kubectl` did, or what it said when it failed. */
export type KubectlResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Writes through kubectl, and waits for what follows. */
export type Kubectl = (words: readonly string[]) => Promise<KubectlResult>;

/** The operator's kubectl, with the operator's kubeconfig. */
export const operatorsKubectl: Kubectl = async (words) => {
  try {
    await run(['kubectl', ...words], process.env);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
};

/** Something to restart on a cluster; `name`: `deployment/api`, or `pod/api-x7`. */
export interface Restartable {
  /** The context of the kubeconfig. */
  readonly context: string;
  readonly namespace: string;
  readonly way: 'rollout' | 'delete';
  readonly name: string;
}

/** How long a rollout may take. A Deployment says by itself, after ten minutes, that it makes no progress; a DaemonSet replaces its pods node by node and says nothing. */
const ROLLOUT_TIMEOUT = '30m';

/**
 * Restarts the pods of an owner, as `kubectl rollout restart` does, or deletes a pod that its controller replaces; ends when the rollout is complete, or the pod is gone.
 * `kubectl rollout status` fails for a strategy without rollouts (OnDelete), and where a Deployment makes no progress.
 * Source: kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go
 */
export async function restartAndWatch(
  { context, namespace, way, name }: Restartable,
  kubectl: Kubectl = operatorsKubectl,
): Promise<KubectlResult> {
  const place = ['--context', context, '-n', namespace];
  if (way === 'delete') return kubectl([...place, 'delete', name, '--wait=true', '--timeout=10m']);
  const begun = await kubectl([...place, 'rollout', 'restart', name]);
  if (!begun.ok) return begun;
  return kubectl([...place, 'rollout', 'status', name, `--timeout=${ROLLOUT_TIMEOUT}`]);
}
