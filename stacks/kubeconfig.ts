import { delimiter } from 'node:path';

/**
 * Where the Kubernetes provider finds the clusters' contexts: the files that `KUBECONFIG` lists, as `kubectl` reads it, else
 * `~/.kube/config`. The provider itself reads `KUBE_CONFIG_PATH` instead, so a team's `KUBECONFIG` would be passed over.
 * Source: hashicorp/terraform-provider-kubernetes `kubernetes/provider.go` (`config_path`, `config_paths`).
 */
export function kubeconfig(listed: string | undefined = process.env.KUBECONFIG): {
  configPath?: string;
  configPaths?: string[];
} {
  const files = (listed ?? '').split(delimiter).filter((file) => file !== '');
  if (files.length > 1) return { configPaths: files };
  return { configPath: files[0] ?? '~/.kube/config' };
}
