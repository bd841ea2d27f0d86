import { literal } from '../modules/literal';

/** Absolute paths of kubeconfig files (none: the default), why the Kubernetes provider cannot read them, or the Terraform variable with the path. */
export type Kubeconfig =
  | { readonly files: readonly string[] }
  | { readonly files?: undefined; readonly problem: string }
  | { readonly variable: string };

/** Where the Kubernetes provider looks unless it is told. */
export const DEFAULT_KUBECONFIG = '~/.kube/config';

/** The Kubernetes provider cannot read the operator's kubeconfigs. */
export class KubeconfigError extends Error {}

/**
 * The kubeconfig files for the Kubernetes provider: the operator's files, else `~/.kube/config`. The provider itself would ignore `KUBECONFIG`,
 * since it reads `KUBE_CONFIG_PATH`. It throws a `KubeconfigError`.
 * Source: hashicorp/terraform-provider-kubernetes `kubernetes/provider.go` (`config_path`, `config_paths`).
 */
export function kubeconfig(found: Kubeconfig): { configPath?: string; configPaths?: string[] } {
  if ('variable' in found) return { configPath: `\${var.${found.variable}}` };
  if (found.files === undefined) throw new KubeconfigError(found.problem);
  const [first = DEFAULT_KUBECONFIG, ...others] = found.files.map(literal);
  return others.length > 0 ? { configPaths: [first, ...others] } : { configPath: first };
}
