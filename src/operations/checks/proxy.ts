import { isIPv6 } from 'node:net';
import { need } from '../../estate/ask';
import type { ContainerFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Cluster } from '../../inventory/Inventory';
import { inspectPod, say } from '../remedies';
import { agentAddress, AGENT_PORT, inRange, podsOfAgent } from './agentAddress';
import { type CheckFunction, type CheckResult, fail, pass } from './Check';
import { ownPods, podsOf } from './modes';
import { named } from './named';

/** Variables that send requests to the agent, which are plain HTTP, to a proxy; `HTTPS_PROXY` alone does so in few clients. */
const FOR_HTTP = ['HTTP_PROXY', 'ALL_PROXY'] as const;
const FOR_HTTPS = 'HTTPS_PROXY';

/** Where a container sends its requests to the agent: to the agent itself, to a proxy, or to either, as its SDK reads the variables. */
type Recipient = 'agent' | 'proxy' | 'either';

/** No container with Pod Identity sends its requests to a proxy: `NO_PROXY` has the agent's address. */
export const proxy: CheckFunction = (subject) => [
  need([podsOf(subject)], (namespace) => {
    const pods = podsOfAgent(ownPods(subject, namespace));
    if (pods.length === 0) return [];
    const failed = (['proxy', 'either'] as const).flatMap((recipient) => {
      const affected = pods.flatMap((pod) =>
        pod.containers.flatMap((container) => {
          const text = textOf(pod, container, recipient);
          return text === undefined ? [] : [{ pod, text }];
        }),
      );
      return judge(subject.cluster, recipient, affected);
    });
    return failed.length > 0 ? failed : [pass('no proxy is between its pods and the agent')];
  }),
];

interface Affected {
  readonly pod: PodFacts;
  readonly text: string;
}

function textOf(pod: PodFacts, { name, env, proxy: set }: ContainerFacts, wanted: Recipient): string | undefined {
  if (Object.keys(env).length === 0 || recipientOf(set, agentAddress(pod)) !== wanted) return undefined;
  const variables = [...FOR_HTTP, FOR_HTTPS].filter((variable) => set[variable] !== undefined);
  return `${name}: ${variables.join(', ')} with NO_PROXY ${set.NO_PROXY ?? 'unset'}`;
}

function judge(cluster: Cluster, recipient: 'proxy' | 'either', affected: readonly Affected[]): readonly CheckResult[] {
  const [first] = affected;
  if (first === undefined) return [];
  const names = [...new Set(affected.map(({ pod }) => pod.name))];
  const texts = `${named([...new Set(affected.map(({ text }) => text))], 3)} (${named(names)})`;
  const address = agentAddress(first.pod);
  const written = isIPv6(address) ? `[${address}]` : address;
  const [state, found] =
    recipient === 'proxy'
      ? (['problem', `requests to the agent (http://${written}) go through a proxy: ${texts}`] as const)
      : (['warning', `requests to the agent may go through a proxy, depending on the SDK: ${texts}`] as const);
  return [
    fail(state, found, [say(`Add ${written} to NO_PROXY and no_proxy in the pod template, and roll it out.`)], {
      inspect: inspectPod(cluster, first.pod),
      pods: names,
    }),
  ];
}

function recipientOf(set: ContainerFacts['proxy'], address: string): Recipient {
  const forHttp = FOR_HTTP.some((name) => (set[name] ?? '') !== '');
  if (!forHttp && (set[FOR_HTTPS] ?? '') === '') return 'agent';
  const excepted = exception(set.NO_PROXY ?? '', address);
  if (excepted === 'yes') return 'agent';
  return forHttp && excepted === 'no' ? 'proxy' : 'either';
}

/** Whether `NO_PROXY` has an address: by itself or `*`, or in a range, which not every SDK reads. */
function exception(noProxy: string, address: string): 'yes' | 'range' | 'no' {
  const entries = noProxy.split(/[\s,]+/).map((entry) => entry.toLowerCase());
  const own = new Set(['*', address, `[${address}]`, `${address}:${AGENT_PORT}`, `[${address}]:${AGENT_PORT}`]);
  if (entries.some((entry) => own.has(entry))) return 'yes';
  return entries.some((entry) => inRange(entry, address)) ? 'range' : 'no';
}
