import type { Answer } from '../aws/AwsPort';
import type { Cluster } from '../../inventory/Inventory';
import type { KubernetesPort, KubernetesPorts } from './KubernetesPort';
import { dryRunPod, withRejection } from './dryRunPod';
import { podTemplate, TEMPLATE_RESOURCES } from './podTemplate';
import { readNetworkPolicy, readNode, readServiceAccount, type ServiceAccountJson } from './readObjects';
import { readPod } from './readPod';
import { readTemplates } from './readTemplate';
import { type KubectlSettings, runKubectl } from './runKubectl';

/**
 * The ports to clusters by `kubectl … -o json` as a child process, in the cluster's context: every kubeconfig, exec plugin and
 * proxy that an operator has works as it does by hand. Only reads: `get`, and `create` as a dry run of the server.
 */
export function kubectlPorts(settings: KubectlSettings = {}): KubernetesPorts {
  return (_environment, cluster, signal) =>
    kubectlPort(cluster, signal === undefined ? settings : { ...settings, signal });
}

/** Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery */
const ISSUER_DISCOVERY = '/.well-known/openid-configuration';
/** kubectl hides `metadata.managedFields` since 1.21, which has this flag. Source: kubernetes/kubernetes CHANGELOG-1.21, #96878. */
const WITH_OWNERS = '--show-managed-fields';
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
  return {
    issuer: async () => {
      const server = await runKubectl(cluster, ['config', 'view', '--minify', '--output', SERVER], settings);
      if (!server.ok) return server;
      const output = await runKubectl(
        cluster,
        ['get', '--raw', `${pathOf(server.value)}${ISSUER_DISCOVERY}`],
        settings,
      );
      return parsed(output, (json) => (json as { issuer: string }).issuer);
    },
    pods: (namespace) => list(['pods', '--namespace', namespace], readPod),
    allPods: () => list(['pods', '--all-namespaces'], readPod),
    templates: (namespace) => items([TEMPLATE_RESOURCES, '--namespace', namespace], readTemplates),
    allTemplates: () => items([TEMPLATE_RESOURCES, '--all-namespaces'], readTemplates),
    serviceAccounts: () => list(['serviceaccounts', '--all-namespaces', WITH_OWNERS], readServiceAccount),
    networkPolicies: (namespace) =>
      list(['networkpolicies.networking.k8s.io', '--namespace', namespace], readNetworkPolicy),
    admission: async (namespace, serviceAccount) => {
      const templates = await items([`${TEMPLATE_RESOURCES},pods`, '--namespace', namespace], (all) =>
        podTemplate(all, serviceAccount),
      );
      if (!templates.ok) return templates;
      const input = JSON.stringify(dryRunPod(namespace, serviceAccount, templates.value));
      const output = await runKubectl(cluster, ['create', '--dry-run=server', '-f', '-', '-o', 'json'], {
        ...settings,
        input,
      });
      const of = templates.value?.of;
      return withRejection(
        parsed(output, (json) => ({ ...(of !== undefined && { of }), pod: readPod(json as never) })),
      );
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
