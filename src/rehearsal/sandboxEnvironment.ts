import { devNull } from 'node:os';
import { join, resolve } from 'node:path';
import type { Inventory } from '../inventory/Inventory';
import { writePrivateFile } from '../runners/privateFiles';
import type { ClusterRef, Sandbox, Timing } from '../sandbox/startSandbox';
import { eksClusterArn } from '../sandbox/world/arns';

/**
 * The timing of a sandbox for people: as on a cluster, a deleted pod keeps its credentials for a while, and the pods of Jobs run before they
 * succeed. Shorter than the 30 s of a real grace period: a rehearsal takes minutes.
 */
export const SEEN_TIMING = { podTerminationMs: 1000, jobPodMs: 1000 } as const satisfies Partial<Timing>;

/**
 * Variables that would give a child the operator's credentials, endpoints, profiles or clusters. Terraform's Kubernetes provider reads `KUBE_…`,
 * every client that runs in a pod reads `KUBERNETES_…`.
 */
const OPERATORS_OWN = /^(AWS_|AMAZON_|KUBE_|KUBERNETES_|KUBECONFIG$)/;

/** These do not decide which account is reached. */
const KEPT = new Set(['AWS_CA_BUNDLE', 'AWS_PAGER']);

/**
 * The environment of a command that runs against the sandbox: the operator's own without AWS credentials and settings, the sandbox's endpoint
 * and credentials, and all Terraform states below `stateDirectory`. It has no cluster unless `extra` names a kubeconfig (see
 * `sandboxKubernetes`).
 */
export function sandboxEnvironment(
  sandbox: Sandbox,
  extra: Readonly<Record<string, string>>,
  stateDirectory: string,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => KEPT.has(name) || !OPERATORS_OWN.test(name));
  return {
    ...Object.fromEntries(own),
    ...sandbox.environment(),
    KUBECONFIG: devNull,
    KUBE_CONFIG_PATH: devNull,
    ...extra,
    PODLIFT_STATE_DIRECTORY: stateDirectory,
    CHECKPOINT_DISABLE: '1',
    // Terraform keeps the backend in its data folder: a real run must not find the sandbox's backend and offer to migrate it.
    TF_DATA_DIR: '.terraform-sandbox',
  };
}

const USER = 'podlift-sandbox';

/**
 * Writes a kubeconfig into `folder`, with a context for each of the sandbox's clusters: by the name in the inventory, and by the cluster's
 * ARN, as `aws eks update-kubeconfig` names it. `clusters` are those that exist. Default: all of the inventory, and no others. There is no current context. Gives the variables that lead Kubernetes clients to this file:
 * `KUBECONFIG` (kubectl, and the stacks during the synthesis) and `KUBE_CONFIG_PATH` (Terraform's provider). `KUBE_PROXY_URL` is for a stack
 * that was synthesised outside the sandbox: it names the operator's kubeconfig, which overrules `KUBE_CONFIG_PATH`. The provider then asks the
 * sandbox as a proxy for the operator's cluster, and the sandbox refuses.
 * Source: hashicorp/terraform-provider-kubernetes kubernetes/provider.go (`initializeConfiguration`).
 */
export function sandboxKubernetes(
  sandbox: Sandbox,
  inventory: Inventory,
  folder: string,
  clusters?: readonly ClusterRef[],
): Record<string, string> {
  const file = resolve(join(folder, 'kubeconfig'));
  writePrivateFile(file, kubeconfig(contextsOf(sandbox, inventory, clusters), sandbox.kubernetes.token));
  return { KUBECONFIG: file, KUBE_CONFIG_PATH: file, KUBE_PROXY_URL: sandbox.endpoint };
}

/** The address of each context's API server. */
function contextsOf(
  sandbox: Sandbox,
  { environments }: Inventory,
  existing: readonly ClusterRef[] | undefined,
): ReadonlyMap<string, string> {
  const arnOf = ({ account, region, name }: ClusterRef): string => eksClusterArn(region, account, name);
  const ofInventory = environments.flatMap(({ account, clusters }) =>
    clusters.map(({ kubernetes, region, name }) => ({ ref: { account: account.id, region, name }, kubernetes })),
  );
  const existingArns = new Set((existing ?? ofInventory.map(({ ref }) => ref)).map(arnOf));
  const all = [...ofInventory, ...(existing ?? []).map((ref) => ({ ref, kubernetes: undefined }))];
  return new Map(
    all
      .filter(({ ref }) => existingArns.has(arnOf(ref)))
      .flatMap(({ ref, kubernetes }) => {
        const server = sandbox.kubernetes.apiServer(ref);
        const inInventory = kubernetes === undefined ? [] : [[kubernetes.context, server] as const];
        return [...inInventory, [arnOf(ref), server] as const];
      }),
  );
}

/** A kubeconfig as JSON, which is YAML too. Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
function kubeconfig(contexts: ReadonlyMap<string, string>, token: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [...contexts].map(([name, server]) => ({ name, cluster: { server } })),
    users: [{ name: USER, user: { token } }],
    contexts: [...contexts.keys()].map((name) => ({ name, context: { cluster: name, user: USER } })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
