import { run } from './kubectl';

/** What `kubectl` printed, or what it said when it failed. */
export type KubectlResult =
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly message: string };

/** Runs kubectl to its end; `onLine` gets each line of its output as it comes. */
export type Kubectl = (words: readonly string[], onLine?: (line: string) => void) => Promise<KubectlResult>;

/** The operator's kubectl, with the operator's kubeconfig. `signal` ends it: a rollout that it watches goes on. */
export function operatorsKubectl(signal?: AbortSignal): Kubectl {
  return async (words, onLine) => {
    try {
      const settings = { ...(signal !== undefined && { signal }), ...(onLine !== undefined && { onLine }) };
      return { ok: true, output: await run(['kubectl', ...words], process.env, settings) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** An object of a namespace; `name`: `deployment/api`, or `pod/api-x7`. */
export interface NamespacedObject {
  /** The context of the kubeconfig. */
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** How long a rollout may take. A Deployment says by itself, after ten minutes, that it makes no progress; a DaemonSet replaces its pods node by node and says nothing. */
const ROLLOUT_TIMEOUT = '30m';

/** The object as JSON. */
export function readOwner({ name, ...place }: NamespacedObject, kubectl: Kubectl): Promise<KubectlResult> {
  return kubectl([...placeWords(place), 'get', name, '-o', 'json']);
}

/** Begins the restart of the pods of a Deployment, StatefulSet or DaemonSet. */
export function beginRollout({ name, ...place }: NamespacedObject, kubectl: Kubectl): Promise<KubectlResult> {
  return kubectl([...placeWords(place), 'rollout', 'restart', name]);
}

/**
 * Ends when the rollout is complete. Fails for a strategy without rollouts (OnDelete), and where a Deployment makes no progress.
 * Source: kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go
 */
export function watchRollout(
  { name, ...place }: NamespacedObject,
  kubectl: Kubectl,
  onLine?: (line: string) => void,
): Promise<KubectlResult> {
  return kubectl([...placeWords(place), 'rollout', 'status', name, `--timeout=${ROLLOUT_TIMEOUT}`], onLine);
}

/** Deletes a pod that its controller replaces; ends when the pod is gone. */
export function deletePod({ name, ...place }: NamespacedObject, kubectl: Kubectl): Promise<KubectlResult> {
  return kubectl([...placeWords(place), 'delete', name, '--wait=true', '--timeout=10m']);
}

function placeWords({ context, namespace }: Omit<NamespacedObject, 'name'>): readonly string[] {
  return ['--context', context, '-n', namespace];
}
