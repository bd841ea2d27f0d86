import type { Mode } from '../../comparison/access';
import { podCredentials } from '../../comparison/podCredentials';
import { isSessionOf } from '../../blueprint/arns';
import type { Answer } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { podTemplate } from '../../estate/kubernetes/podTemplate';
import type { WorkloadOnCluster } from '../checks/Check';
import { PROBE_SECONDS, type ProbeCall, type ProbeJob, probeJob } from './probeJob';

/** A Service as far as it decides whether it sends requests to a pod. */
export interface ServiceFacts {
  readonly name: string;
  /** Absent: it selects no pods. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly publishNotReadyAddresses: boolean;
}

/** The pod of a probe. */
export interface ProbePod {
  readonly facts: PodFacts;
  /** Why it does not run: `ImagePullBackOff: …`, `Unschedulable: …`. */
  readonly waits?: string;
  /** The containers that have ended. */
  readonly ended: readonly { readonly container: string; readonly exitCode: number; readonly message: string }[];
}

/** What a probe does on a cluster. */
export interface ProbePort {
  /** What `podTemplate` chooses from. */
  readonly templates: (namespace: string) => Promise<Answer<readonly unknown[]>>;
  readonly services: (namespace: string) => Promise<Answer<readonly ServiceFacts[]>>;
  readonly create: (job: object) => Promise<Answer<unknown>>;
  /** The pod of a Job; nothing where it has none. */
  readonly pod: (namespace: string, job: string) => Promise<Answer<ProbePod | undefined>>;
  readonly log: (namespace: string, pod: string, container: string) => Promise<Answer<string>>;
  /** Why the Job has no pod, as its events say. */
  readonly events: (namespace: string, job: string) => Promise<Answer<readonly string[]>>;
  readonly remove: (namespace: string, job: string) => Promise<Answer<unknown>>;
}

/** Why there is no probe, or no result of one. */
export type ProbeProblem =
  | { readonly kind: 'publishes-not-ready'; readonly services: readonly string[] }
  | {
      readonly kind: 'no-answer';
      readonly of: 'templates' | 'services' | 'create' | 'pod' | 'log';
      readonly message: string;
    }
  | { readonly kind: 'windows' }
  | { readonly kind: 'no-pod'; readonly events: readonly string[] }
  | { readonly kind: 'did-not-end'; readonly waits?: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'not-removed'; readonly message: string };

/** The answer to one call. */
export interface CallResult extends Pick<ProbeCall, 'call'> {
  /** The ARN of the role whose session is expected. */
  readonly role: string;
  readonly ok: boolean;
  /** The ARN of the session, or what the AWS CLI said. */
  readonly found: string;
}

/** What a probe found on a cluster. */
export interface ProbeResult {
  readonly cluster: string;
  /** The Job's name; absent: none was created. */
  readonly job?: string;
  /** `deployment/orders`: whose labels and node selection the pod had. */
  readonly like?: string;
  /** Which credentials the pod received; absent: none. */
  readonly mode?: Mode;
  /** Those that new pods receive at the stage. */
  readonly expected: Mode;
  readonly calls: readonly CallResult[];
  readonly problems: readonly ProbeProblem[];
  readonly ok: boolean;
}

export interface ProbeOptions {
  readonly image: string;
  /** Five lower-case letters or digits at the end of the Job's name. */
  readonly suffix: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** When it is aborted, the probe ends at once, and its Job is deleted. */
  readonly signal?: AbortSignal;
}

/** Milliseconds between two looks at the pod. */
const EVERY = 2000;

/** Looks that find no pod before the probe gives up: the Job controller creates it within seconds, or cannot. */
const LOOKS_WITHOUT_POD = 8;

/**
 * Uses the role of a workload once, by a Job of its own (see `probeJob`), and removes the Job, also when something fails or the operator interrupts it. It
 * creates nothing where a Service would send requests to the pod although it is not ready, and where that is not known.
 */
export async function probe(subject: WorkloadOnCluster, port: ProbePort, options: ProbeOptions): Promise<ProbeResult> {
  const { workload, cluster, row } = subject;
  const { namespace } = workload;
  const expected = row.newPodUses;
  const result = { cluster: cluster.key, expected, calls: [], problems: [], ok: false };
  const templates = await port.templates(namespace);
  if (!templates.ok) return { ...result, problems: [noAnswer('templates', templates.message)] };
  const like = podTemplate(templates.value, workload.serviceAccount.name);
  const isWindows = like?.spec.nodeSelector?.['kubernetes.io/os'] === 'windows' || workload.compute === 'windows';
  if (isWindows) return { ...result, problems: [{ kind: 'windows' }] };
  const services = await port.services(namespace);
  if (!services.ok) return { ...result, problems: [noAnswer('services', services.message)] };
  const job: ProbeJob = {
    name: jobName(workload.key, options.suffix),
    namespace,
    serviceAccount: workload.serviceAccount.name,
    image: options.image,
    calls: callsOf(subject),
    ...(like && { like }),
  };
  const publishing = services.value.filter((one) => one.publishNotReadyAddresses && selects(one, like?.labels ?? {}));
  if (publishing.length > 0)
    return { ...result, problems: [{ kind: 'publishes-not-ready', services: publishing.map(({ name }) => name) }] };
  if (options.signal?.aborted === true) return { ...result, problems: [{ kind: 'interrupted' }] };

  const created = await port.create(probeJob(job));
  if (!created.ok) {
    // The cluster can have created the Job although kubectl had no answer, or was interrupted.
    if (created.why !== 'denied') await port.remove(namespace, job.name);
    return { ...result, problems: [noAnswer('create', created.message)] };
  }
  let removed: Answer<unknown> | undefined;
  // Removed also after an error of podlift's own. Where this fails, the Job ends and is deleted by itself.
  const answered = await answers(job, port, options).finally(async () => {
    removed = await port.remove(namespace, job.name);
  });
  const { mode, calls, problems } = answered;
  const left: readonly ProbeProblem[] =
    removed?.ok === false ? [{ kind: 'not-removed', message: removed.message }] : [];
  return {
    ...result,
    job: job.name,
    ...(like && { like: like.of }),
    ...answered,
    problems: [...problems, ...left],
    ok: problems.length === 0 && mode === expected && calls.every((call) => call.ok),
  };
}

function noAnswer(of: Extract<ProbeProblem, { kind: 'no-answer' }>['of'], message: string): ProbeProblem {
  return { kind: 'no-answer', of, message };
}

/** At most 63 characters: the name is a label of the pod too. */
function jobName(workload: string, suffix: string): string {
  return `podlift-probe-${workload.slice(0, 40).replace(/-+$/, '')}-${suffix}`;
}

/**
 * The calls: who am I, and each hop that the app makes itself. With Pod Identity, EKS assumes the target role of the association: the pod has that role
 * from the start.
 */
function callsOf({ parts: { role, targetRoles }, row }: WorkloadOnCluster): readonly ProbeCall[] {
  const chained = row.newPodUses === 'pod-identity' ? targetRoles.find(({ via }) => via === 'association') : undefined;
  return [
    { container: 'get-caller-identity', call: 'sts:GetCallerIdentity', role: chained ?? role },
    ...targetRoles
      .filter((target) => target !== chained)
      .map((target, index) => ({
        container: `assume-role-${index + 1}`,
        call: 'sts:AssumeRole' as const,
        role: target,
      })),
  ];
}

function selects({ selector = {} }: ServiceFacts, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Waits until all containers of the probe have ended. A sidecar that was injected into the pod may run on. */
async function answers(
  { name, namespace, calls }: ProbeJob,
  port: ProbePort,
  { sleep, signal }: ProbeOptions,
): Promise<Pick<ProbeResult, 'mode' | 'calls' | 'problems'>> {
  const none = { calls: [] };
  let last: Answer<ProbePod | undefined> | undefined;
  for (let look = 0; look * EVERY < (PROBE_SECONDS + 20) * 1000; look += 1) {
    if (signal?.aborted === true) return { ...none, problems: [{ kind: 'interrupted' }] };
    await sleep(EVERY);
    last = await port.pod(namespace, name);
    if (!last.ok) continue;
    if (last.value === undefined && look >= LOOKS_WITHOUT_POD) break;
    const ended = last.value?.ended ?? [];
    if (calls.every(({ container }) => ended.some((one) => one.container === container))) break;
    if (last.value?.facts.phase === 'Failed') break;
  }
  if (last?.ok !== true) return { ...none, problems: [noAnswer('pod', last?.message ?? '')] };
  const pod = last.value;
  if (pod === undefined) {
    const events = await port.events(namespace, name);
    return { ...none, problems: [{ kind: 'no-pod', events: events.ok ? events.value : [] }] };
  }
  const { webIdentity, podIdentity } = podCredentials(pod.facts);
  // Every SDK uses web identity first.
  const mode: Mode | undefined = webIdentity ? 'irsa' : podIdentity ? 'pod-identity' : undefined;
  const results = await Promise.all(calls.map((call) => resultOf(call, pod, port)));
  const problems = results.flatMap((one) => ('kind' in one ? [one] : []));
  return {
    ...(mode && { mode }),
    calls: results.flatMap((one) => ('kind' in one ? [] : [one])),
    problems: problems.some(({ kind }) => kind === 'did-not-end') ? problems.slice(0, 1) : problems,
  };
}

async function resultOf(
  { container, call, role }: ProbeCall,
  { facts, waits, ended }: ProbePod,
  port: ProbePort,
): Promise<CallResult | ProbeProblem> {
  const end = ended.find((one) => one.container === container);
  if (end === undefined) return { kind: 'did-not-end', ...(waits !== undefined && { waits }) };
  const about = { call, role: role.arn };
  if (end.exitCode !== 0) return { ...about, ok: false, found: end.message.trim() || `exit code ${end.exitCode}` };
  const log = await port.log(facts.namespace, facts.name, container);
  if (!log.ok) return noAnswer('log', log.message);
  const found = log.value.trim();
  return { ...about, ok: isSessionOf(found, role), found };
}
