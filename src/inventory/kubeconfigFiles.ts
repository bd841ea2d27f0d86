import { delimiter, resolve } from 'node:path';

/** The variables that say which kubeconfigs are read. */
export interface KubeconfigVariables {
  readonly KUBECONFIG?: string | undefined;
  readonly KUBE_CONFIG_PATH?: string | undefined;
}

/** Kubeconfig files (absolute paths; none: the default, `~/.kube/config`), or why Terraform cannot read them, with what to do. */
export type KubeconfigFiles =
  { readonly files: readonly string[] } | { readonly files?: undefined; readonly problem: string };

/**
 * The kubeconfig files that `KUBECONFIG` lists, as kubectl reads it: an empty entry is none, and a relative path starts in the `folder` of the operator.
 * Terraform runs in the folder of a stack, where a relative path leads elsewhere.
 *
 * A problem where several files are listed and `KUBE_CONFIG_PATH` is set: that is the default of the Kubernetes provider's `config_path`, which
 * conflicts with `config_paths`. `KUBE_CONFIG_PATHS` is read only where neither is set, which podlift's stacks never leave so.
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
      `KUBECONFIG lists ${files.length} files and KUBE_CONFIG_PATH is "${KUBE_CONFIG_PATH}": Terraform's Kubernetes provider takes only one of the two.`,
      'Unset KUBE_CONFIG_PATH, or let KUBECONFIG name one file:',
      'unset KUBE_CONFIG_PATH',
    ].join('\n'),
  };
}
