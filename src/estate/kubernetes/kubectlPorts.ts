import type { Answer } from '../aws/AwsPort';
import type { Cluster } from '../../inventory/Inventory';
import type { KubernetesPort, KubernetesPorts } from './KubernetesPort';
import { catalogueGroups } from '../../catalogue/catalogue';
import { POLICY_GROUPS } from '../../catalogue/policyEngines';
import { readCustomObject } from './readCustomObject';
import { readEnginePolicy } from './readEnginePolicy';
import { dryRunPod, withRejection } from './dryRunPod';
import { podTemplate, TEMPLATE_RESOURCES } from './podTemplate';
import { readNetworkPolicy, readNode, readServiceAccount, type ServiceAccountJson } from './readObjects';
import { readPod } from './readPod';
import { type ConfigMapJson, KEYS_TEMPLATE, readConfigMap, readSecretKeys } from './readVariableSource';
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
    return parsed(output, (text) => read((JSON.parse(text) as { items: readonly never[] }).items));
  };
  const one = async <V>(arguments_: readonly string[], read: (text: string) => V): Promise<Answer<V | undefined>> => {
    const output = await runKubectl(cluster, ['get', ...arguments_, '--ignore-not-found'], settings);
    return output.ok && output.value.trim() === '' ? { ...output, value: undefined } : parsed(output, read);
  };
  const list = <V>(arguments_: readonly string[], read: (item: never) => V): Promise<Answer<V[]>> =>
    items(arguments_, (all) => all.map(read));
  const raw = async <V>(path: string, read: (json: unknown) => V): Promise<Answer<V>> => {
    const server = await runKubectl(cluster, ['config', 'view', '--minify', '--output', SERVER], settings);
    if (!server.ok) return server;
    const output = await runKubectl(cluster, ['get', '--raw', `${pathOf(server.value)}${path}`], settings);
    return parsed(output, (text) => read(JSON.parse(text)));
  };
  return {
    issuer: () => raw(ISSUER_DISCOVERY, (json) => (json as { issuer: string }).issuer),
    pods: (namespace) => list(['pods', '--namespace', namespace], readPod),
    allPods: () => list(['pods', '--all-namespaces'], readPod),
    templates: (namespace) => items([TEMPLATE_RESOURCES, '--namespace', namespace], readTemplates),
    allTemplates: () => items([TEMPLATE_RESOURCES, '--all-namespaces'], readTemplates),
    serviceAccounts: () => list(['serviceaccounts', '--all-namespaces', WITH_OWNERS], readServiceAccount),
    networkPolicies: (namespace) =>
      list(['networkpolicies.networking.k8s.io', '--namespace', namespace], readNetworkPolicy),
    apiGroups: () =>
      raw('/apis', (json) => {
        const { groups } = json as { groups: readonly { name: string }[] };
        const known = catalogueGroups();
        return groups.map(({ name }) => name).filter((group) => known.has(group) || POLICY_GROUPS.has(group));
      }),
    customObjects: async (resource) => orNone(await list([resource, '--all-namespaces'], readCustomObject(resource))),
    enginePolicies: async (resource) => {
      const read = readEnginePolicy(resource);
      return orNone(await items([resource, '--all-namespaces'], (all) => all.flatMap((one) => read(one))));
    },
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
        parsed(output, (text) => ({ ...(of !== undefined && { of }), pod: readPod(JSON.parse(text) as never) })),
      );
    },
    nodes: () => list(['nodes'], readNode),
    serviceAccount: (namespace, name) =>
      one(['serviceaccount', name, '--namespace', namespace, WITH_OWNERS, '-o', 'json'], (text) =>
        readServiceAccount(JSON.parse(text) as ServiceAccountJson),
      ),
    configMap: (namespace, name) =>
      one(['configmap', name, '--namespace', namespace, '-o', 'json'], (text) =>
        readConfigMap(JSON.parse(text) as ConfigMapJson),
      ),
    secret: (namespace, name) =>
      one(['secret', name, '--namespace', namespace, '-o', `go-template=${KEYS_TEMPLATE}`], readSecretKeys),
  };
}

/** Nothing where the kind does not exist. */
function orNone<V>(found: Answer<readonly V[]>): Answer<readonly V[]> {
  if (found.ok || !NO_KIND.test(found.message)) return found;
  return { ok: true, value: [], ...(found.at !== undefined && { at: found.at }) };
}

function parsed<V>(output: Answer<string>, read: (text: string) => V): Answer<V> {
  if (!output.ok) return output;
  const { value: text, ...answered } = output;
  try {
    return { ...answered, value: read(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      ...answered,
      ok: false,
      why: 'failed',
      message: `kubectl gave something other than it was asked for: ${message}`,
    };
  }
}
