import { isIPv6 } from 'node:net';
import type { ContainerFacts } from '../../estate/kubernetes/KubernetesPort';
import { type CheckFunction, pass } from './Check';
import { agentAddress, AGENT_PORT, failInPods, inRange, needPodsOnPodIdentity } from './pods';

/** Variables that send requests to the agent, which are plain HTTP, to a proxy; `HTTPS_PROXY` alone does so in few clients. */
const FOR_HTTP = ['HTTP_PROXY', 'ALL_PROXY'] as const;
const FOR_HTTPS = 'HTTPS_PROXY';

/** Where a container sends its requests to the agent: to the agent itself, to a proxy, or to either, as its SDK reads the variables. */
type Recipient = 'agent' | 'proxy' | 'either';

/** No container that uses Pod Identity, or will after a step, sends its requests to a proxy: `NO_PROXY` has the agent's address. */
export const proxy: CheckFunction = (subject) =>
  needPodsOnPodIdentity(subject, (pods) => {
    if (pods.length === 0) return [];
    const failed = (['proxy', 'either'] as const).flatMap((recipient) => {
      const affected = pods.flatMap((pod) =>
        pod.containers
          .filter(
            ({ env, proxy: set }) => Object.keys(env).length > 0 && recipientOf(set, agentAddress(pod)) === recipient,
          )
          .map((container) => ({ pod, text: variablesOf(container) })),
      );
      const address = affected[0] === undefined ? '' : agentAddress(affected[0].pod);
      const written = isIPv6(address) ? `[${address}]` : address;
      return failInPods(
        recipient === 'proxy' ? 'problem' : 'warning',
        subject.cluster,
        affected,
        (texts) =>
          recipient === 'proxy'
            ? `requests to the agent (http://${written}) go through a proxy: ${texts}`
            : `requests to the agent may go through a proxy, depending on the SDK: ${texts}`,
        `Add ${written} to NO_PROXY and no_proxy in the pod template, and roll it out.`,
      );
    });
    return failed.length > 0 ? failed : pass('no proxy is between its pods and the agent');
  });

function variablesOf({ name, proxy: set }: ContainerFacts): string {
  const variables = [...FOR_HTTP, FOR_HTTPS].filter((variable) => set[variable] !== undefined);
  return `${name}: ${variables.join(', ')} with NO_PROXY ${set.NO_PROXY ?? 'unset'}`;
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
