import { devNull } from 'node:os';
import type { Sandbox } from '../sandbox/startSandbox';

/**
 * Variables by which credentials, endpoints, profiles or clusters of the operator would reach a child: none of them may.
 * `KUBE_…` is read by Terraform's Kubernetes provider, `KUBERNETES_…` by every client that runs in a pod.
 */
const AMBIENT = /^(AWS_|AMAZON_|KUBE_|KUBERNETES_|KUBECONFIG$)/;

/** Files and certificates that have nothing to do with whose account is reached. */
const KEPT = new Set(['AWS_CA_BUNDLE', 'AWS_PAGER']);

/**
 * The environment of a command that runs against the sandbox: the operator's own, without any AWS credentials or settings, with
 * the sandbox's endpoint and credentials, and with every Terraform state kept below `stateDirectory`. No cluster is known unless
 * `extra` names a kubeconfig (see `sandboxKubernetes`).
 */
export function sandboxEnvironment(
  sandbox: Sandbox,
  extra: Readonly<Record<string, string>>,
  stateDirectory: string,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => KEPT.has(name) || !AMBIENT.test(name));
  return {
    ...Object.fromEntries(own),
    ...sandbox.environment(),
    KUBECONFIG: devNull,
    KUBE_CONFIG_PATH: devNull,
    ...extra,
    PODLIFT_STATE_DIRECTORY: stateDirectory,
    CHECKPOINT_DISABLE: '1',
    // The backend that Terraform remembers in its data folder: a real run must not find the sandbox's there and offer to migrate it.
    TF_DATA_DIR: '.terraform-sandbox',
  };
}
