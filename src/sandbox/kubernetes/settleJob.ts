import type { SandboxState } from '../api/SandboxState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { deleteObject, deletionOf, isFinished, isTerminating } from './deleteObject';
import type { KubeObject } from './KubeObject';
import { isJson, type Json, listAt, numberAt, objectAt, omit, textAt } from './json';
import { kubeTime } from './kubeTime';
import { activePods, controllerWriter, makePod } from './makePod';
import { controlledObjects, objectsOf } from './objects';
import { writeStatus } from './ownedObjects';

/** Whether a Job has come to its end. */
export function isJobFinished(job: KubeObject): boolean {
  return listAt(objectAt(job, 'status'), 'conditions').some(
    (condition) =>
      ['Complete', 'Failed'].includes(textAt(condition, 'type') ?? '') && textAt(condition, 'status') === 'True',
  );
}

/** When a finished Job is to be deleted; undefined for one that stays. */
export function jobExpiry(job: KubeObject): Date | undefined {
  const ttl = numberAt(objectAt(job, 'spec'), 'ttlSecondsAfterFinished');
  const finished = textAt(objectAt(job, 'status'), 'completionTime');
  return ttl === undefined || finished === undefined ? undefined : new Date(Date.parse(finished) + ttl * 1000);
}

function finishedStatus(pod: KubeObject, time: Date): Json {
  const status = objectAt(pod, 'status');
  const at = kubeTime(time);
  const ended = ['Ready', 'ContainersReady'];
  const conditions = listAt(status, 'conditions').map((condition) =>
    isJson(condition) && ended.includes(textAt(condition, 'type') ?? '')
      ? { ...condition, status: 'False', reason: 'PodCompleted', lastTransitionTime: at }
      : condition,
  );
  const containerStatuses = listAt(status, 'containerStatuses').map((container) => {
    const startedAt = objectAt(objectAt(container, 'state'), 'running').startedAt ?? at;
    const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: at };
    return { ...(isJson(container) ? container : {}), ready: false, started: false, state: { terminated } };
  });
  return { ...status, phase: 'Succeeded', conditions, containerStatuses };
}

/** Ends the pods of Jobs whose time to run is over: each succeeds. */
export function finishPods(state: SandboxState, cluster: ClusterState): void {
  const ends = cluster.podsEndAt ?? {};
  if (Object.keys(ends).length === 0) return;
  const time = state.clock();
  for (const pod of objectsOf(cluster, 'pods')) {
    const end = ends[pod.metadata.uid];
    if (end === undefined || new Date(end) > time) continue;
    Reflect.deleteProperty(ends, pod.metadata.uid);
    if (isTerminating(pod)) continue;
    writeStatus(cluster, 'pods', pod, finishedStatus(pod, time), { manager: 'kubelet', time });
  }
}

function makeJobPod(state: SandboxState, cluster: ClusterState, job: KubeObject): void {
  const pod = makePod(state, cluster, job, `${job.metadata.name}-${newLowerId(5)}`, {});
  if (pod === undefined || textAt(objectAt(pod, 'status'), 'phase') !== 'Running') return;
  const end = new Date(state.clock().getTime() + state.timing.jobPodMs).toISOString();
  cluster.podsEndAt = { ...cluster.podsEndAt, [pod.metadata.uid]: end };
}

/** How many pods a Job wants to run now, after so many succeeded. Undefined: it is complete. */
function wantedPods(job: KubeObject, succeeded: number, active: number): number | undefined {
  const spec = objectAt(job, 'spec');
  const parallelism = numberAt(spec, 'parallelism') ?? 1;
  const isQueue = numberAt(spec, 'completions') === undefined && numberAt(spec, 'parallelism') !== undefined;
  if (!isQueue) {
    const left = (numberAt(spec, 'completions') ?? 1) - succeeded;
    return left <= 0 ? undefined : Math.min(parallelism, left);
  }
  // Of a queue one pod that succeeds means that there is no work left; the others run to their end.
  if (succeeded === 0) return parallelism;
  return active === 0 ? undefined : active;
}

function condition(type: string, status: string, reason: string, message: string, at: string): Json {
  return { type, status, reason, message, lastProbeTime: at, lastTransitionTime: at };
}

const COMPLETED = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const;

/** Whether a Job is suspended, as its conditions tell it: nothing of one that never was. */
function suspension(conditions: readonly unknown[], isSuspended: boolean, at: string): readonly unknown[] {
  const found = conditions.find((one) => textAt(one, 'type') === 'Suspended');
  if (found === undefined && !isSuspended) return [];
  const status = isSuspended ? 'True' : 'False';
  if (textAt(found, 'status') === status) return [found];
  return isSuspended
    ? [condition('Suspended', status, 'JobSuspended', 'Job suspended', at)]
    : [condition('Suspended', status, 'JobResumed', 'Job resumed', at)];
}

function conditionsOf(status: Json, isSuspended: boolean, complete: boolean, at: string): readonly unknown[] {
  const before = listAt(status, 'conditions');
  const ends = complete ? ['SuccessCriteriaMet', 'Complete'] : [];
  return [...suspension(before, isSuspended, at), ...ends.map((type) => condition(type, 'True', ...COMPLETED, at))];
}

/**
 * Brings the pods of a Job to what it wants, and its status to what they did. Its pods succeed, none fails. A finished Job goes when
 * its time to live is over.
 * Source: kubernetes/kubernetes pkg/controller/job/job_controller.go (syncJob, manageJob), pkg/controller/ttlafterfinished
 */
export function settleJob(state: SandboxState, cluster: ClusterState, job: KubeObject): void {
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
  const done = pods.filter(isFinished).length;
  const succeeded = Math.max(numberAt(status, 'succeeded') ?? 0, done);
  const isSuspended = spec.suspend === true;
  const active = activePods(cluster, job);
  const wanted = isSuspended ? 0 : wantedPods(job, succeeded, active.length);
  for (const pod of active.slice(wanted ?? 0)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  for (let count = active.length; count < (wanted ?? 0); count += 1) makeJobPod(state, cluster, job);
  const running = activePods(cluster, job).length;
  const complete = wanted === undefined && !isSuspended;
  const conditions = conditionsOf(status, isSuspended, complete, at);
  const startTime = isSuspended ? undefined : (textAt(status, 'startTime') ?? at);
  const next: Json = {
    ...omit(status, 'active', 'ready', 'startTime', 'conditions'),
    ...(running === 0 ? {} : { active: running }),
    ready: running,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(complete ? { completionTime: at } : {}),
    uncountedTerminatedPods: {},
  };
  writeStatus(cluster, 'jobs', job, next, controllerWriter(state));
}
