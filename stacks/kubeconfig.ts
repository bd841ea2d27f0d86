/** Kubeconfig files (absolute paths; none: the default), or why the Kubernetes provider cannot read them, in lines. */
export type Kubeconfig =
  { readonly files: readonly string[] } | { readonly files?: undefined; readonly problem: string };

/** The Kubernetes provider cannot read the operator's kubeconfigs; the message is for the operator. */
export class KubeconfigError extends Error {}

/**
 * Where the Kubernetes provider finds the clusters' contexts: the operator's kubeconfig files, else `~/.kube/config`. The provider itself reads
 * `KUBE_CONFIG_PATH` instead of `KUBECONFIG`, so a team's `KUBECONFIG` would be passed over. Throws a `KubeconfigError`.
 * Source: hashicorp/terraform-provider-kubernetes `kubernetes/provider.go` (`config_path`, `config_paths`).
 */
export function kubeconfig(found: Kubeconfig): { configPath?: string; configPaths?: string[] } {
  if (found.files === undefined) throw new KubeconfigError(found.problem);
  const [first = '~/.kube/config', ...others] = found.files;
  return others.length > 0 ? { configPaths: [first, ...others] } : { configPath: first };
}
