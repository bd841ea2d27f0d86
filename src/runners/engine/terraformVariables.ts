import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { kubeconfigFiles } from '../../inventory/kubeconfigFiles';

/** Variables of a process. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables of Terraform for the operator's stacks: a plugin cache that the stacks share, unless the operator has one, and the kubeconfig of the operator.
 *
 * @param cache the folder of podlift's own plugin cache, which exists
 * @param folder where relative paths of kubeconfigs start
 */
export function terraformVariables(env: Variables, cache: string, folder: string): Variables {
  const own = { ...env, ...absolutePaths(env, folder) };
  return {
    ...own,
    ...(hasPluginCache(own) ? {} : { TF_PLUGIN_CACHE_DIR: cache }),
    ...kubeconfigVariables(env, folder),
  };
}

/** Terraform runs in the folder of a root: a relative path would lead elsewhere. */
function absolutePaths(env: Variables, folder: string): Variables {
  return Object.fromEntries(
    ['TF_CLI_CONFIG_FILE', 'TERRAFORM_CONFIG', 'TF_PLUGIN_CACHE_DIR', 'TF_LOG_PATH'].flatMap((name) => {
      const value = env[name] ?? '';
      return value === '' ? [] : [[name, resolve(folder, value)] as const];
    }),
  );
}

/** Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache */
function hasPluginCache(env: Variables): boolean {
  if ((env.TF_PLUGIN_CACHE_DIR ?? '') !== '') return true;
  const home = env.HOME ?? homedir();
  const files = [env.TF_CLI_CONFIG_FILE, env.TERRAFORM_CONFIG].filter((file) => file !== undefined && file !== '');
  const own = files.length > 0 ? files : ['.terraformrc', '.tofurc'].map((name) => join(home, name));
  return own.some(
    (file) => file !== undefined && existsSync(file) && /^\s*plugin_cache_dir\b/m.test(readFileSync(file, 'utf8')),
  );
}

/**
 * The kubeconfig for the Kubernetes provider. A plan keeps the variables of its root and not the environment: so the variable is empty, and the files are in
 * `KUBE_CONFIG_PATHS`, which each machine has for itself. The provider reads `KUBE_CONFIG_PATHS` where `config_path` is empty. An operator's `TF_VAR_kubeconfig` stays.
 * Source: hashicorp/terraform-provider-kubernetes kubernetes/provider.go (`initializeConfiguration`), manifest/provider/configure.go
 */
function kubeconfigVariables(env: Variables, folder: string): Variables {
  if (env.TF_VAR_kubeconfig !== undefined) return {};
  const { files = [] } = kubeconfigFiles({ KUBECONFIG: env.KUBECONFIG }, folder);
  const paths = files.length > 0 ? files : [resolve(env.HOME ?? homedir(), '.kube', 'config')];
  return { TF_VAR_kubeconfig: '', KUBE_CONFIG_PATHS: paths.join(delimiter), KUBE_CONFIG_PATH: undefined };
}
