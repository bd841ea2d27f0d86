import { delimiter, resolve } from 'node:path';

export interface KubeconfigVariables {
  readonly KUBECONFIG?: string | undefined;
  readonly KUBE_CONFIG_PATH?: string | undefined;
}

/** Absolute paths of kubeconfig files (none: the default `~/.kube/config`), or why Terraform cannot read them, with the fix. */
export type KubeconfigFiles =
  { readonly files: readonly string[] } | { readonly files?: undefined; readonly problem: string };

/**
 * The kubeconfig files in `KUBECONFIG`, as kubectl reads it: empty entries are ignored, and a relative path starts in the `folder` of the
 * operator. Terraform runs in the folder of a stack, where the relative path would lead elsewhere.
 *
 * Several files together with `KUBE_CONFIG_PATH` are a problem: it is the default of the Kubernetes provider's `config_path`, which conflicts
 * with `config_paths`. The provider reads `KUBE_CONFIG_PATHS` only if neither is set, and podlift's stacks always set one.
 * Sources: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/,
 * hashicorp/terraform-provider-kubernetes v2.38.0 and v3.2.1 kubernetes/provider.go.
 */
export function kubeconfigFiles(
  { KUBECONFIG = '', KUBE_CONFIG_PATH = '' }: KubeconfigVariables,
  folder: string,
): KubeconfigFiles {
  const files = KUBECONFIG.split(delimiter)
    .filter((file) => file !== '')
    .map((file) => resolve(folder, file));
  if (files.length < 2 || KUBE_CONFIG_PATH === '') return { files };
  return {
    problem: [
      `KUBECONFIG lists ${files.length} files and KUBE_CONFIG_PATH is "${KUBE_CONFIG_PATH}": Terraform's Kubernetes provider accepts only one of the two.`,
      'Unset KUBE_CONFIG_PATH, or list one file in KUBECONFIG:',
      'unset KUBE_CONFIG_PATH',
    ].join('\n'),
  };
}
