import { runInShell } from './runInShell';
import type { Subject } from './Subject';

/**
 * Makes a Deployment of one pod for each subject, with `kubectl apply`, as a team's chart would have. Throws with what kubectl said.
 * `context` is the cluster's in the kubeconfig that `environment` names.
 */
export async function createPods(
  subjects: readonly Subject[],
  context: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const namespaces = [...new Set(subjects.map(({ namespace }) => namespace))].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const list = { apiVersion: 'v1', kind: 'List', items: [...namespaces, ...subjects.map(deployment)] };
  const applied = await runInShell(`kubectl --context '${context}' apply -f -`, environment, JSON.stringify(list));
  if (!applied.ok) throw new Error(`the pods of ${context} cannot be made: ${applied.output}`);
}

function deployment({ workload, namespace, serviceAccount, compute }: Subject): object {
  const labels = { app: workload };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: workload, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: serviceAccount,
          containers: [{ name: 'app', image: 'registry.invalid/app' }],
          ...(NODE_SELECTORS[compute] === undefined ? {} : { nodeSelector: NODE_SELECTORS[compute] }),
        },
      },
    },
  };
}

/** How pods come to nodes that take only those that ask. Source: https://docs.aws.amazon.com/eks/latest/userguide/windows-support.html */
const NODE_SELECTORS: Readonly<Partial<Record<Subject['compute'], Readonly<Record<string, string>>>>> = {
  fargate: { 'eks.amazonaws.com/compute-type': 'fargate' },
  hybrid: { 'eks.amazonaws.com/compute-type': 'hybrid' },
  windows: { 'kubernetes.io/os': 'windows' },
};
