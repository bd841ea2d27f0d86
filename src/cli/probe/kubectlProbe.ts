import type { Answer } from '../../estate/aws/AwsPort';
import { TEMPLATE_RESOURCES } from '../../estate/kubernetes/podTemplate';
import { readPod } from '../../estate/kubernetes/readPod';
import { type KubectlSettings, runKubectl } from '../../estate/kubernetes/runKubectl';
import type { Cluster } from '../../inventory/Inventory';
import type { ProbePod, ProbePort, ServiceFacts } from '../../operations/probe/probe';

interface PodStatusJson {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: {
        readonly waiting?: { readonly reason?: string; readonly message?: string };
        readonly terminated?: { readonly exitCode: number; readonly message?: string; readonly reason?: string };
      };
    }[];
  };
}

interface ServiceJson {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly publishNotReadyAddresses?: boolean;
  };
}

interface EventJson {
  readonly reason?: string;
  readonly message?: string;
}

/** A probe's port to a cluster by `kubectl`, in the cluster's context. */
export function kubectlProbe(cluster: Cluster, settings: KubectlSettings = {}): ProbePort {
  const items = async <T>(arguments_: readonly string[], read: (all: readonly never[]) => T): Promise<Answer<T>> => {
    const output = await runKubectl(cluster, ['get', ...arguments_, '-o', 'json'], settings);
    return output.ok
      ? { ...output, value: read((JSON.parse(output.value) as { items: readonly never[] }).items) }
      : output;
  };
  return {
    templates: (namespace) => items([`${TEMPLATE_RESOURCES},pods`, '-n', namespace], (all) => all),
    services: (namespace) => items(['services', '-n', namespace], (all) => all.map(readService)),
    create: (job) => runKubectl(cluster, ['create', '-f', '-'], { ...settings, input: JSON.stringify(job) }),
    pod: (namespace, job) =>
      items(['pods', '-n', namespace, '-l', `job-name=${job}`], (all) => all.map(readProbePod)[0]),
    log: (namespace, pod, container) =>
      runKubectl(cluster, ['logs', pod, '-n', namespace, '-c', container, '--tail=20'], settings),
    events: (namespace, job) =>
      items(['events', '-n', namespace, '--field-selector', `involvedObject.name=${job}`], (all) =>
        all.map(({ reason = '', message = '' }: EventJson) => `${reason}: ${message}`),
      ),
    remove: (namespace, job) =>
      runKubectl(cluster, ['delete', 'job', job, '-n', namespace, '--ignore-not-found', '--wait=false'], settings),
  };
}

/** A Service of the type ExternalName is a name of DNS: Kubernetes ignores its selector (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/). */
function readService({ metadata = {}, spec = {} }: ServiceJson): ServiceFacts {
  const { type, selector, publishNotReadyAddresses = false } = spec;
  const selects = selector !== undefined && type !== 'ExternalName';
  return { name: metadata.name ?? '', ...(selects && { selector }), publishNotReadyAddresses };
}

function readProbePod(pod: PodStatusJson): ProbePod {
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const waiting = containerStatuses.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  const { reason, message } = unscheduled ?? waiting ?? {};
  const waits = [reason, message].filter((part) => part !== undefined).join(': ');
  return {
    facts: readPod(pod),
    ...(waits !== '' && { waits }),
    ended: containerStatuses.flatMap(({ name, state }) => {
      const { terminated } = state ?? {};
      if (terminated === undefined) return [];
      return [
        { container: name, exitCode: terminated.exitCode, message: terminated.message ?? terminated.reason ?? '' },
      ];
    }),
  };
}
