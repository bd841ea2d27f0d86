import { randomUUID } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { newLowerId } from '../world/newEntities';
import { invalid } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { activePods, controllerWriter, makePod } from './controllerPods';
import { readCronSchedule } from './cronSchedule';
import { deleteObject, deletionOf, isFinished, isTerminating } from './deleteObject';
import { isJson, type Json, listAt, numberAt, objectAt, omit, sameJson, textAt, textsAt } from './json';
import { endsOf, runContainers, terminatedState } from './podCommands';
import { addObject, controlledObjects, type NewObject, objectsOf, type RecordOwners, writeStatus } from './objects';

/**
 * Adds a Job with the selector and the labels of its pods, which the server sets and which have no owner. `own` records the owners of the other
 * fields.
 * Source: kubernetes/kubernetes pkg/registry/batch/job/strategy.go (generateSelector)
 */
export function addJob(cluster: ClusterState, sent: NewObject, own: RecordOwners, time: Date): KubeObject {
  const owned = own(sent);
  const uid = randomUUID();
  const { name } = sent.metadata;
  const spec = objectAt(owned, 'spec');
  const template = objectAt(spec, 'template');
  const meta = objectAt(template, 'metadata');
  const labels = {
    ...textsAt(meta, 'labels'),
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  const placed = {
    ...spec,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: { ...template, metadata: { ...meta, labels } },
  };
  return addObject(cluster, 'jobs', { ...owned, metadata: { ...owned.metadata, uid }, spec: placed }, time);
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];
/** The name of a Job has eleven characters more than that of its CronJob. */
const MAX_CRON_JOB_NAME = 52;

function checkJobSpec(kind: string, name: string, spec: Json, path: string): void {
  const policy = textAt(objectAt(objectAt(spec, 'template'), 'spec'), 'restartPolicy') ?? 'Always';
  if (['OnFailure', 'Never'].includes(policy)) return;
  const words = 'Required value: valid values: "OnFailure", "Never"';
  throw invalid('batch', kind, name, `${path}.template.spec.restartPolicy: ${words}`);
}

/**
 * Refuses an invalid Job or CronJob as the API server does. The sandbox also refuses CronJobs in another time zone than UTC. Throws a
 * `KubeError`.
 * Source: kubernetes/kubernetes pkg/apis/batch/validation/validation.go
 */
export function checkJob(kind: string, name: string, object: Json): void {
  const spec = objectAt(object, 'spec');
  if (kind === 'Job') checkJobSpec(kind, name, spec, 'spec');
  if (kind !== 'CronJob') return;
  const refuse = (field: string, value: string, words: string): never => {
    throw invalid('batch', kind, name, `spec.${field}: ${words.replace('%', JSON.stringify(value))}`);
  };
  const schedule = textAt(spec, 'schedule') ?? '';
  if (schedule === '') refuse('schedule', '', 'Required value');
  try {
    readCronSchedule(schedule);
  } catch (error) {
    refuse('schedule', schedule, `Invalid value: %: ${error instanceof Error ? error.message : ''}`);
  }
  const policy = textAt(spec, 'concurrencyPolicy') ?? 'Allow';
  const supported = POLICIES.map((one) => JSON.stringify(one)).join(', ');
  if (!POLICIES.includes(policy))
    refuse('concurrencyPolicy', policy, `Unsupported value: %: supported values: ${supported}`);
  const zone = textAt(spec, 'timeZone') ?? 'UTC';
  if (zone !== 'UTC' && zone !== 'Etc/UTC') {
    refuse('timeZone', zone, 'Invalid value: %: the podlift sandbox runs CronJobs by UTC only');
  }
  if (name.length > MAX_CRON_JOB_NAME) {
    throw invalid('batch', kind, name, `metadata.name: Invalid value: "${name}": must be no more than 52 characters`);
  }
  checkJobSpec(kind, name, objectAt(objectAt(spec, 'jobTemplate'), 'spec'), 'spec.jobTemplate.spec');
}

/**
 * Refuses a change of the immutable fields of a Job. Throws a `KubeError`.
 * Source: kubernetes/kubernetes pkg/apis/batch/validation/validation.go (ValidateJobSpecUpdate)
 */
export function checkJobUpdate(before: KubeObject, after: Json): void {
  const [old, next] = [objectAt(before, 'spec'), objectAt(after, 'spec')];
  for (const field of ['completions', 'selector', 'template']) {
    if (sameJson(old[field], next[field])) continue;
    const value = JSON.stringify(next[field] ?? null);
    throw invalid('batch', 'Job', before.metadata.name, `spec.${field}: Invalid value: ${value}: field is immutable`);
  }
}

/** True when a Job has ended. */
export function isJobFinished(job: KubeObject): boolean {
  return listAt(objectAt(job, 'status'), 'conditions').some(
    (condition) =>
      ['Complete', 'Failed'].includes(textAt(condition, 'type') ?? '') && textAt(condition, 'status') === 'True',
  );
}

/**
 * When a finished Job is deleted. Undefined when it stays.
 * Source: kubernetes/kubernetes pkg/controller/ttlafterfinished/ttlafterfinished_controller.go (getFinishAndExpireTime)
 */
export function jobExpiry(job: KubeObject): Date | undefined {
  const ttl = numberAt(objectAt(job, 'spec'), 'ttlSecondsAfterFinished');
  const ended = listAt(objectAt(job, 'status'), 'conditions').find((one) =>
    ['Complete', 'Failed'].includes(textAt(one, 'type') ?? ''),
  );
  const finished = textAt(ended, 'lastTransitionTime');
  return ttl === undefined || finished === undefined ? undefined : new Date(Date.parse(finished) + ttl * 1000);
}

/** When the pods of a Job that still runs are ended. Undefined: it may run for ever. */
export function jobDeadline(job: KubeObject): Date | undefined {
  const seconds = numberAt(objectAt(job, 'spec'), 'activeDeadlineSeconds');
  const started = textAt(objectAt(job, 'status'), 'startTime');
  if (seconds === undefined || started === undefined || isJobFinished(job)) return undefined;
  return new Date(Date.parse(started) + seconds * 1000);
}

function finishedStatus(cluster: ClusterState, pod: KubeObject, time: Date): Json {
  const status = objectAt(pod, 'status');
  const at = kubeTime(time);
  const ends = endsOf(cluster, pod.metadata.uid);
  const specs = listAt(objectAt(pod, 'spec'), 'containers').filter(isJson);
  const ended = ['Ready', 'ContainersReady'];
  const conditions = listAt(status, 'conditions').map((condition) =>
    isJson(condition) && ended.includes(textAt(condition, 'type') ?? '')
      ? { ...condition, status: 'False', reason: 'PodCompleted', lastTransitionTime: at }
      : condition,
  );
  const containerStatuses = listAt(status, 'containerStatuses').map((container) => {
    const startedAt = objectAt(objectAt(container, 'state'), 'running').startedAt ?? at;
    const name = textAt(container, 'name') ?? '';
    const spec = specs.find((one) => textAt(one, 'name') === name);
    const terminated = { ...terminatedState(spec, ends[name]), startedAt, finishedAt: at };
    return { ...(isJson(container) ? container : {}), ready: false, started: false, state: { terminated } };
  });
  const phase = Object.values(ends).some(({ exitCode }) => exitCode !== 0) ? 'Failed' : 'Succeeded';
  return { ...status, phase, conditions, containerStatuses };
}

/** Ends the pods of Jobs that have run long enough. They succeed, unless a container that the sandbox ran has failed. */
export function finishPods(state: SandboxState, cluster: ClusterState): void {
  const ends = cluster.podsEndAt ?? {};
  if (Object.keys(ends).length === 0) return;
  const time = state.clock();
  for (const pod of objectsOf(cluster, 'pods')) {
    const end = ends[pod.metadata.uid];
    if (end === undefined || new Date(end) > time) continue;
    Reflect.deleteProperty(ends, pod.metadata.uid);
    if (isTerminating(pod)) continue;
    writeStatus(cluster, 'pods', pod, finishedStatus(cluster, pod, time), { manager: 'kubelet', time });
  }
}

function makeJobPod(state: SandboxState, cluster: ClusterState, job: KubeObject): void {
  const pod = makePod(state, cluster, job, `${job.metadata.name}-${newLowerId(5)}`, {});
  if (pod === undefined || textAt(objectAt(pod, 'status'), 'phase') !== 'Running') return;
  // The calls of its containers decide when it ends, and how.
  if (runContainers(pod).length > 0 && state.runPod !== undefined) {
    state.runPod(cluster, pod);
    return;
  }
  const end = new Date(state.clock().getTime() + state.timing.jobPodMs).toISOString();
  cluster.podsEndAt = { ...cluster.podsEndAt, [pod.metadata.uid]: end };
}

/** The number of pods that a Job runs now, after so many succeeded. Undefined: the Job is complete. */
function wantedPods(job: KubeObject, succeeded: number, active: number): number | undefined {
  const spec = objectAt(job, 'spec');
  const parallelism = numberAt(spec, 'parallelism') ?? 1;
  const isQueue = numberAt(spec, 'completions') === undefined && numberAt(spec, 'parallelism') !== undefined;
  if (!isQueue) {
    const left = (numberAt(spec, 'completions') ?? 1) - succeeded;
    return left <= 0 ? undefined : Math.min(parallelism, left);
  }
  // In a work queue the first pod that succeeds means that the queue is empty; the other pods run until they end.
  if (succeeded === 0) return parallelism;
  return active === 0 ? undefined : active;
}

function condition(type: string, status: string, reason: string, message: string, at: string): Json {
  return { type, status, reason, message, lastProbeTime: at, lastTransitionTime: at };
}

const COMPLETED = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const;
const TOO_LONG = ['DeadlineExceeded', 'Job was active longer than specified deadline'] as const;
const TOO_OFTEN = ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'] as const;

/** Source: k8s.io/api batch/v1 types.go (JobSpec.BackoffLimit) */
const DEFAULT_BACKOFF_LIMIT = 6;

/** The condition of a suspended or resumed Job. Empty for a Job that was never suspended. */
function suspension(conditions: readonly unknown[], isSuspended: boolean, at: string): readonly unknown[] {
  const found = conditions.find((one) => textAt(one, 'type') === 'Suspended');
  if (found === undefined && !isSuspended) return [];
  const status = isSuspended ? 'True' : 'False';
  if (textAt(found, 'status') === status) return [found];
  return isSuspended
    ? [condition('Suspended', status, 'JobSuspended', 'Job suspended', at)]
    : [condition('Suspended', status, 'JobResumed', 'Job resumed', at)];
}

function conditionsOf(
  status: Json,
  isSuspended: boolean,
  complete: boolean,
  failed: readonly [reason: string, message: string] | undefined,
  at: string,
): readonly unknown[] {
  const before = listAt(status, 'conditions');
  const [ends, why] =
    failed !== undefined
      ? [['FailureTarget', 'Failed'], failed]
      : [complete ? ['SuccessCriteriaMet', 'Complete'] : [], COMPLETED];
  return [...suspension(before, isSuspended, at), ...ends.map((type) => condition(type, 'True', ...why, at))];
}

/**
 * Reconciles the pods and the status of a Job. A pod that failed is replaced at once, without the controller's delay, up to the backoff limit. A
 * finished Job is deleted when its time to live is over.
 * Source: kubernetes/kubernetes pkg/controller/job/job_controller.go (syncJob, manageJob), pkg/controller/ttlafterfinished
 */
export function reconcileJob(state: SandboxState, cluster: ClusterState, job: KubeObject): void {
  const time = state.clock();
  const at = kubeTime(time);
  if (isJobFinished(job)) {
    const expiry = jobExpiry(job);
    if (expiry !== undefined && expiry <= time) deleteObject(cluster, 'jobs', job, deletionOf(state));
    return;
  }
  const spec = objectAt(job, 'spec');
  const status = objectAt(job, 'status');
  const pods = controlledObjects(cluster, 'pods', job);
  const inPhase = (phase: string) => pods.filter((pod) => textAt(objectAt(pod, 'status'), 'phase') === phase).length;
  const succeeded = Math.max(numberAt(status, 'succeeded') ?? 0, inPhase('Succeeded'));
  const failures = Math.max(numberAt(status, 'failed') ?? 0, inPhase('Failed'));
  const isSuspended = spec.suspend === true;
  const active = activePods(cluster, job);
  const deadline = jobDeadline(job);
  const failed =
    failures > (numberAt(spec, 'backoffLimit') ?? DEFAULT_BACKOFF_LIMIT)
      ? TOO_OFTEN
      : deadline !== undefined && deadline <= time
        ? TOO_LONG
        : undefined;
  const wanted = isSuspended || failed !== undefined ? 0 : wantedPods(job, succeeded, active.length);
  for (const pod of active.slice(wanted ?? 0)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  for (let count = active.length; count < (wanted ?? 0); count += 1) makeJobPod(state, cluster, job);
  const running = activePods(cluster, job).length;
  const complete = wanted === undefined && !isSuspended;
  const conditions = conditionsOf(status, isSuspended, complete, failed, at);
  const startTime = isSuspended ? undefined : (textAt(status, 'startTime') ?? at);
  const next: Json = {
    ...omit(status, 'active', 'ready', 'startTime', 'conditions'),
    ...(running === 0 ? {} : { active: running }),
    ready: running,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(failures === 0 ? {} : { failed: failures }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(complete ? { completionTime: at } : {}),
    uncountedTerminatedPods: {},
  };
  writeStatus(cluster, 'jobs', job, next, controllerWriter(state));
}
