/** Absolute paths of kubeconfig files (none: the default), or why the Kubernetes provider cannot read them. */
export type Kubeconfig =
  { readonly files: readonly string[] } | { readonly files?: undefined; readonly problem: string };

/** The Kubernetes provider cannot read the operator's kubeconfigs. */
export class KubeconfigError extends Error {}

/**
 * The kubeconfig files for the Kubernetes provider: the operator's files, else `~/.kube/config`. The provider itself would ignore `KUBECONFIG`,
 * since it reads `KUBE_CONFIG_PATH`. It throws a `KubeconfigError`.
 * Source: hashicorp/terraform-provider-kubernetes `kubernetes/provider.go` (`config_path`, `config_paths`).
 */
export function kubeconfig(found: Kubeconfig): { configPath?: string; configPaths?: string[] } {
  if (found.files === undefined) throw new KubeconfigError(found.problem);
  const [first = '~/.kube/config', ...others] = found.files;
  return others.length > 0 ? { configPaths: [first, ...others] } : { configPath: first };
}
