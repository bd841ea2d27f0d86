import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Inventory } from '../inventory/Inventory';
import type { Sandbox } from '../sandbox/startSandbox';

const USER = 'podlift-sandbox';

/**
 * Writes a kubeconfig into `folder` whose contexts lead to the sandbox's clusters, each by the name that the inventory has for it and
 * by the cluster's ARN, as `aws eks update-kubeconfig` names it; there is no current context. Gives the variables by which Kubernetes
 * clients take it instead of the operator's own: `KUBECONFIG` (kubectl, and the stacks when they are synthesised), `KUBE_CONFIG_PATH`
 * (Terraform's provider). `KUBE_PROXY_URL` holds where a stack that was synthesised outside the sandbox states the path of the
 * operator's kubeconfig, which overrules `KUBE_CONFIG_PATH`: the provider then asks the sandbox to lead it to the operator's cluster,
 * and the sandbox leads to none but its own.
 * Source: hashicorp/terraform-provider-kubernetes kubernetes/provider.go (`initializeConfiguration`).
 */
export function sandboxKubernetes(sandbox: Sandbox, inventory: Inventory, folder: string): Record<string, string> {
  const file = resolve(join(folder, 'kubeconfig'));
  writeFileSync(file, kubeconfig(contextsOf(sandbox, inventory)), { mode: 0o600 });
  return { KUBECONFIG: file, KUBE_CONFIG_PATH: file, KUBE_PROXY_URL: sandbox.endpoint };
}

/** Servers by context. */
function contextsOf(sandbox: Sandbox, { environments }: Inventory): ReadonlyMap<string, string> {
  return new Map(
    environments.flatMap(({ account, partition, clusters }) =>
      clusters.flatMap(({ kubernetes, region, name }) => {
        const server = sandbox.kubernetes.apiServer({ account: account.id, region, name });
        const arn = `arn:${partition}:eks:${region}:${account.id}:cluster/${name}`;
        const named = kubernetes === undefined ? [] : [[kubernetes.context, server] as const];
        return [...named, [arn, server] as const];
      }),
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
