import { BlockList, isIPv6 } from 'node:net';
import { named } from '../../checks/named';
import type { ContainerFacts, PodFacts } from '../../../estate/kubernetes/KubernetesPort';
import { agentAddress, askTheAgent } from '../agentAddress';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { ill, kubectlLook, type Look, podLook, well } from '../judgement';

/** Variables that send requests to the agent, which are plain HTTP, to a proxy; `HTTPS_PROXY` alone does so in few clients. */
const FOR_HTTP = ['HTTP_PROXY', 'ALL_PROXY'] as const;
const FOR_HTTPS = 'HTTPS_PROXY';

/** How a container's proxy stands to the agent. */
type Way = 'past' | 'through' | 'maybe';

/** No container that asks the agent sends the request to a proxy: `NO_PROXY` has the agent's address. */
export const proxy: Judge = (patient, { pods }) => {
  if (!pods.ok) return [];
  const asking = askTheAgent(pods.value);
  if (asking.length === 0) return [];
  const judged = (['through', 'maybe'] as const).flatMap((way) => {
    const these = asking.flatMap((pod) => pod.containers.flatMap((container) => caught(pod, container, way)));
    const [first] = these;
    return first === undefined ? [] : [judge(podLook(patient, first.pod), way, first, these)];
  });
  return judged.length > 0
    ? judged
    : [
        well(
          kubectlLook(patient, 'get pods -o yaml', patient.workload.namespace),
          'no proxy stands between its pods and the agent',
        ),
      ];
};

interface Caught {
  readonly pod: PodFacts;
  readonly text: string;
}

function caught(pod: PodFacts, container: ContainerFacts, wanted: Way): Caught[] {
  if (Object.keys(container.env).length === 0 || wayOf(container, agentAddress(pod)) !== wanted) return [];
  const set = [...FOR_HTTP, FOR_HTTPS].filter((name) => container.proxy[name] !== undefined);
  return [{ pod, text: `${container.name}: ${set.join(', ')} with NO_PROXY ${container.proxy.NO_PROXY ?? 'unset'}` }];
}

function judge(look: Look, way: 'through' | 'maybe', first: Caught, these: readonly Caught[]): Judgement {
  const names = [...new Set(these.map(({ pod }) => pod.name))];
  const texts = named([...new Set(these.map(({ text }) => text))], 3);
  const address = agentAddress(first.pod);
  const written = isIPv6(address) ? `[${address}]` : address;
  const mends = `Add ${written} to NO_PROXY and no_proxy in the pod template, and roll it out.`;
  return way === 'through'
    ? ill(
        look,
        'problem',
        `requests to the agent (http://${written}) go to a proxy: ${texts} (${named(names)})`,
        mends,
        names,
      )
    : ill(
        look,
        'warning',
        `requests to the agent may go to a proxy, as its SDK reads it: ${texts} (${named(names)})`,
        mends,
        names,
      );
}

function wayOf({ proxy: set }: ContainerFacts, address: string): Way {
  const forHttp = FOR_HTTP.some((name) => (set[name] ?? '') !== '');
  if (!forHttp && (set[FOR_HTTPS] ?? '') === '') return 'past';
  const excepted = exception(set.NO_PROXY ?? '', address);
  if (excepted === 'yes') return 'past';
  return forHttp && excepted === 'no' ? 'through' : 'maybe';
}

/** Whether `NO_PROXY` has an address: by itself or `*`, or in a range, which not every SDK reads. */
function exception(noProxy: string, address: string): 'yes' | 'range' | 'no' {
  const entries = noProxy.split(/[\s,]+/).map((entry) => entry.toLowerCase());
  const own = new Set(['*', address, `${address}:80`, `[${address}]`, `[${address}]:80`]);
  if (entries.some((entry) => own.has(entry))) return 'yes';
  return entries.some((entry) => inRange(entry, address)) ? 'range' : 'no';
}

/** Whether a range (`169.254.0.0/16`) has an address; what is no range has none. */
export function inRange(range: string, address: string): boolean {
  const [, net = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(range) ?? [];
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  if ((family === 'ipv6') !== isIPv6(address)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(net, Number(bits), family);
    return list.check(address, family);
  } catch {
    return false;
  }
}
