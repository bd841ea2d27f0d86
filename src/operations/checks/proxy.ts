import { isIPv6 } from 'node:net';
import type { ContainerFacts } from '../../estate/kubernetes/KubernetesPort';
import type { RemedyStep } from '../../estate/Remedy';
import { PROXY_VARIABLES } from '../../estate/schema/kubernetesFacts';
import { named } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { type AgentClient, AGENT_PORT, inRange, inspectClient, inspectPods, needAgentClients } from './pods';
import { type FromSources, withSources } from './variableSources';

/** Variables that send requests to the agent, which are plain HTTP, to a proxy; `HTTPS_PROXY` alone does so in few clients. */
const FOR_HTTP = ['HTTP_PROXY', 'ALL_PROXY'] as const;
const FOR_HTTPS = 'HTTPS_PROXY';

/** Where a container sends its requests to the agent: to the agent itself, to a proxy, or to either, as its SDK reads the variables. `unknown`: a value that is not read decides. */
type Recipient = 'agent' | 'proxy' | 'either' | 'unknown';

/**
 * No container that uses Pod Identity, or will after a step, sends its requests to a proxy: `NO_PROXY` has the agent's address. Pod templates without a
 * running pod are judged too, and the variables of ConfigMaps (`envFrom`).
 */
export const proxy: CheckFunction = (subject) =>
  needAgentClients(subject, (clients) => {
    if (clients.length === 0) return [];
    const containers = clients.flatMap((client) => client.containers);
    return withSources(subject, containers, (from) => {
      const results = (['proxy', 'unknown', 'either'] as const).flatMap((recipient): CheckResult[] => {
        const affected = clients.flatMap((client) =>
          client.containers
            // The webhook passed by a container of a pod without variables.
            .filter(({ env }) => client.pod === undefined || Object.keys(env).length > 0)
            .map((container) => ({ name: container.name, set: proxiesOf(container, from(container)) }))
            .filter(({ set }) => recipientOf(set, client.address) === recipient)
            .map(({ name, set }) => ({ client, text: variablesText(name, set) })),
        );
        const [first] = affected;
        return first === undefined ? [] : [judge(subject, recipient, first.client, affected)];
      });
      return results.length > 0 ? results : pass('no proxy is between its pods and the agent', inspectPods(subject));
    });
  });

interface InClient {
  readonly client: AgentClient;
  readonly text: string;
}

const STATES = { proxy: 'problem', unknown: 'unknown', either: 'warning' } as const;

function judge(
  subject: WorkloadOnCluster,
  recipient: keyof typeof STATES,
  { address }: AgentClient,
  affected: readonly InClient[],
): CheckResult {
  const written = isIPv6(address) ? `[${address}]` : address;
  const names = new Set(affected.map(({ client }) => client.name));
  const texts = `${named(new Set(affected.map(({ text }) => text)), 3)} (${named(names)})`;
  const pods = [...new Set(affected.flatMap(({ client: { pod } }) => pod?.name ?? []))];
  const found = {
    proxy: `requests to the agent (http://${written}) go through a proxy: ${texts}`,
    unknown: `could not be checked: a value of NO_PROXY that podlift does not read decides whether requests to the agent (http://${written}) go through a proxy: ${texts}`,
    either: `requests to the agent may go through a proxy, depending on the SDK: ${texts}`,
  }[recipient];
  const more = { ...(affected[0] && inspectOf(subject, affected[0].client)), pods };
  return fail(
    STATES[recipient],
    found,
    `Add ${written} to NO_PROXY and no_proxy in the pod template, and roll it out.`,
    more,
  );
}

function inspectOf({ cluster }: WorkloadOnCluster, client: AgentClient): { readonly inspect?: RemedyStep } {
  const inspect = inspectClient(cluster, client);
  return inspect === undefined ? {} : { inspect };
}

/** The proxies of a container by their upper-case names: its own, and those of `envFrom` that it does not set itself. */
function proxiesOf({ proxy: own, cleared = [] }: ContainerFacts, from: FromSources): ContainerFacts['proxy'] {
  const names = [...from.variables].filter(([name]) => isProxy(name) && !cleared.some((other) => other === name));
  const given = names.map(([name, source]) => [name.toUpperCase(), from.proxies[name] ?? source] as const);
  return { ...Object.fromEntries(given), ...own };
}

function isProxy(name: string): boolean {
  return PROXY_VARIABLES.some((one) => one === name.toUpperCase());
}

function variablesText(name: string, set: ContainerFacts['proxy']): string {
  const variables = [...FOR_HTTP, FOR_HTTPS].filter((variable) => set[variable] !== undefined);
  return `${name}: ${variables.join(', ')} with NO_PROXY ${set.NO_PROXY ?? 'unset'}`;
}

function recipientOf(set: ContainerFacts['proxy'], address: string): Recipient {
  const forHttp = FOR_HTTP.some((name) => (set[name] ?? '') !== '');
  if (!forHttp && (set[FOR_HTTPS] ?? '') === '') return 'agent';
  const excepted = exception(set.NO_PROXY ?? '', address);
  if (excepted === 'yes') return 'agent';
  if (excepted === 'unknown') return 'unknown';
  return forHttp && excepted === 'no' ? 'proxy' : 'either';
}

/** Whether `NO_PROXY` has an address: by itself or `*`, or in a range, which not every SDK reads. */
function exception(noProxy: string, address: string): 'yes' | 'range' | 'no' | 'unknown' {
  // `configmap proxies/no_proxy`: the value is elsewhere.
  if (/^(configmap|secret|field|resourcefield) /.test(noProxy)) return 'unknown';
  const entries = noProxy.split(/[\s,]+/).map((entry) => entry.toLowerCase());
  const own = new Set(['*', address, `[${address}]`, `${address}:${AGENT_PORT}`, `[${address}]:${AGENT_PORT}`]);
  if (entries.some((entry) => own.has(entry))) return 'yes';
  return entries.some((entry) => inRange(entry, address)) ? 'range' : 'no';
}
