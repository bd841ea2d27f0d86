import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Inventory } from '../inventory/Inventory';
import { API_SERVER_PATH } from '../sandbox/kubernetes/apiServer';
import type { Sandbox } from '../sandbox/startSandbox';

const USER = 'podlift-sandbox';

/**
 * Writes a kubeconfig into `folder` in which every context that the inventory names leads to the sandbox, and gives the variables
 * by which Kubernetes clients take it instead of the operator's own: `KUBECONFIG` (kubectl, and the stacks when they are synthesised),
 * `KUBE_CONFIG_PATH` (Terraform's provider). `KUBE_HOST` holds also where a stack that was synthesised outside the sandbox
 * states the path of the operator's kubeconfig: the provider lets a stated path overrule `KUBE_CONFIG_PATH`, but the host overrule
 * the server that the file names.
 * Source: hashicorp/terraform-provider-kubernetes kubernetes/provider.go (`initializeConfiguration`).
 */
export function sandboxKubernetes(sandbox: Sandbox, inventory: Inventory, folder: string): Record<string, string> {
  const file = resolve(join(folder, 'kubeconfig'));
  writeFileSync(file, kubeconfig(contextsOf(sandbox, inventory)), { mode: 0o600 });
  return { KUBECONFIG: file, KUBE_CONFIG_PATH: file, KUBE_HOST: `${sandbox.endpoint}${API_SERVER_PATH}` };
}

/** Servers by context. */
function contextsOf(sandbox: Sandbox, { environments }: Inventory): ReadonlyMap<string, string> {
  return new Map(
    environments.flatMap(({ account, clusters }) =>
      clusters.flatMap(({ kubernetes, region, name }) =>
        kubernetes === undefined
          ? []
          : [[kubernetes.context, sandbox.kubernetes.apiServer({ account: account.id, region, name })] as const],
      ),
    ),
  );
}

/** A kubeconfig as JSON, which is YAML too. Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
function kubeconfig(contexts: ReadonlyMap<string, string>): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [...contexts].map(([name, server]) => ({ name, cluster: { server } })),
    users: [{ name: USER, user: { token: USER } }],
    contexts: [...contexts.keys()].map((name) => ({ name, context: { cluster: name, user: USER } })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
