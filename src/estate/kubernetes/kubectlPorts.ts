import type { Answer } from '../aws/AwsPort';
import type { Cluster } from '../../inventory/Inventory';
import type { KubernetesPort, KubernetesPorts } from './KubernetesPort';
import { catalogueGroups } from '../../catalogue/catalogue';
import { readCustomObject } from './readCustomObject';
import { readNetworkPolicy, readNode, readServiceAccount, type ServiceAccountJson } from './readObjects';
import { readPod } from './readPod';
import { readTemplates } from './readTemplate';
import { type KubectlSettings, runKubectl } from './runKubectl';

/**
 * The ports to clusters by `kubectl … -o json` as a child process, in the cluster's context: every kubeconfig, exec plugin and
 * proxy that an operator has works as it does by hand. Only reads (`get`).
 */
export function kubectlPorts(settings: KubectlSettings = {}): KubernetesPorts {
  return (_environment, cluster, signal) =>
    kubectlPort(cluster, signal === undefined ? settings : { ...settings, signal });
}

/** Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery */
const ISSUER_DISCOVERY = '/.well-known/openid-configuration';
/** kubectl hides `metadata.managedFields` since 1.21, which has this flag. Source: kubernetes/kubernetes CHANGELOG-1.21, #96878. */
const WITH_OWNERS = '--show-managed-fields';
/** With their groups: a kind of another group can have the same short name. */
const TEMPLATES = 'deployments.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch';
/** The kind does not exist, or not any more. Source: k8s.io/cli-runtime, k8s.io/apimachinery pkg/api/meta (NoKindMatchError) */
const NO_KIND = /the server doesn't have a resource type|could not find the requested resource|no matches for kind/;
const SERVER = 'jsonpath={.clusters[0].cluster.server}';

/** A server behind a proxy has a path of its own, which `--raw` leaves out. */
function pathOf(server: string): string {
  return URL.canParse(server) ? new URL(server).pathname.replace(/\/$/, '') : '';
}

function kubectlPort(cluster: Cluster, settings: KubectlSettings): KubernetesPort {
  // What kubectl gives is trusted to be of the kind that it was asked for: `read` knows its form.
  const items = async <V>(arguments_: readonly string[], read: (items: readonly never[]) => V): Promise<Answer<V>> => {
    const output = await runKubectl(cluster, ['get', ...arguments_, '-o', 'json'], settings);
    return parsed(output, (json) => read((json as { items: readonly never[] }).items));
  };
  const list = <V>(arguments_: readonly string[], read: (item: never) => V): Promise<Answer<V[]>> =>
    items(arguments_, (all) => all.map(read));
  const raw = async <V>(path: string, read: (json: unknown) => V): Promise<Answer<V>> => {
    const server = await runKubectl(cluster, ['config', 'view', '--minify', '--output', SERVER], settings);
    if (!server.ok) return server;
    return parsed(await runKubectl(cluster, ['get', '--raw', `${pathOf(server.value)}${path}`], settings), read);
  };
  return {
    issuer: () => raw(ISSUER_DISCOVERY, (json) => (json as { issuer: string }).issuer),
    pods: (namespace) => list(['pods', '--namespace', namespace], readPod),
    allPods: () => list(['pods', '--all-namespaces'], readPod),
    templates: (namespace) => items([TEMPLATES, '--namespace', namespace], readTemplates),
    allTemplates: () => items([TEMPLATES, '--all-namespaces'], readTemplates),
    serviceAccounts: () => list(['serviceaccounts', '--all-namespaces', WITH_OWNERS], readServiceAccount),
    networkPolicies: (namespace) =>
      list(['networkpolicies.networking.k8s.io', '--namespace', namespace], readNetworkPolicy),
    apiGroups: () =>
      raw('/apis', (json) => {
        const { groups } = json as { groups: readonly { name: string }[] };
        const known = catalogueGroups();
        return groups.map(({ name }) => name).filter((group) => known.has(group));
      }),
    customObjects: async (resource) => {
      const found = await list([resource, '--all-namespaces'], readCustomObject(resource));
      if (found.ok || !NO_KIND.test(found.message)) return found;
      return { ok: true, value: [], ...(found.at !== undefined && { at: found.at }) };
    },
    nodes: () => list(['nodes'], readNode),
    serviceAccount: async (namespace, name) => {
      const place = ['serviceaccount', name, '--namespace', namespace, '--ignore-not-found'];
      const output = await runKubectl(cluster, ['get', ...place, WITH_OWNERS, '-o', 'json'], settings);
      if (output.ok && output.value.trim() === '') return { ...output, value: undefined };
      return parsed(output, (json) => readServiceAccount(json as ServiceAccountJson));
    },
  };
}

function parsed<V>(output: Answer<string>, read: (json: unknown) => V): Answer<V> {
  if (!output.ok) return output;
  const { value: text, ...answered } = output;
  try {
    return { ...answered, value: read(JSON.parse(text)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      ...answered,
      ok: false,
      why: 'failed',
      message: `kubectl gave something other than the JSON it was asked for: ${message}`,
    };
  }
}
