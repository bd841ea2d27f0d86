import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { controlledBy, type KubeObject, kubeTime } from './KubeObject';
import { controllerWriter } from './controllerPods';
import { type CronSchedule, lastTime, nextTime, readCronSchedule } from './cronSchedule';
import { deleteObject, deletionOf } from './deleteObject';
import { trackUpdate } from './fields/managedFields';
import { addJob, isJobFinished } from './jobs';
import { type Json, listAt, numberAt, objectAt, textAt, textsAt } from './json';
import { controlledObjects, findObject, writeStatus } from './objects';

/** Source: kubernetes/kubernetes pkg/apis/batch/v1/defaults.go */
const SUCCESSFUL_HISTORY = 3;
const FAILED_HISTORY = 1;

/** The annotation of a Job with its scheduled time. Source: k8s.io/api batch/v1 types.go, CronJobScheduledTimestampAnnotation */
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

function scheduleOf(cronJob: KubeObject): CronSchedule | undefined {
  try {
    return readCronSchedule(textAt(objectAt(cronJob, 'spec'), 'schedule') ?? '');
  } catch {
    return undefined;
  }
}

function lastScheduled(cronJob: KubeObject): Date {
  const last = textAt(objectAt(cronJob, 'status'), 'lastScheduleTime') ?? cronJob.metadata.creationTimestamp;
  return new Date(Date.parse(last));
}

/** The next scheduled time of a CronJob after another time. Undefined when it is suspended. */
export function nextRun(cronJob: KubeObject, after: Date): Date | undefined {
  const schedule = objectAt(cronJob, 'spec').suspend === true ? undefined : scheduleOf(cronJob);
  return schedule === undefined ? undefined : nextTime(schedule, after);
}

/** The scheduled time that is due and has no Job yet, unless its deadline is over. */
function dueRun(cronJob: KubeObject, now: Date): Date | undefined {
  const spec = objectAt(cronJob, 'spec');
  const schedule = spec.suspend === true ? undefined : scheduleOf(cronJob);
  const due = schedule === undefined ? undefined : lastTime(schedule, lastScheduled(cronJob), now);
  const deadline = numberAt(spec, 'startingDeadlineSeconds');
  const isLate = due !== undefined && deadline !== undefined && now.getTime() - due.getTime() > deadline * 1000;
  return isLate ? undefined : due;
}

function startJob(state: SandboxState, cluster: ClusterState, cronJob: KubeObject, due: Date): void {
  const template = objectAt(objectAt(cronJob, 'spec'), 'jobTemplate');
  const meta = objectAt(template, 'metadata');
  const { name, namespace } = cronJob.metadata;
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(due.getTime() / 60_000)}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: textsAt(meta, 'labels'),
      annotations: { ...textsAt(meta, 'annotations'), [SCHEDULED]: kubeTime(due) },
      ownerReferences: controlledBy(cronJob),
    },
    spec: objectAt(template, 'spec'),
  };
  if (findObject(cluster, 'jobs', namespace, job.metadata.name) !== undefined) return;
  addJob(cluster, job, (object) => trackUpdate(undefined, object, controllerWriter(state)), state.clock());
}

function startOf(job: KubeObject): string {
  return textAt(objectAt(job, 'status'), 'startTime') ?? job.metadata.creationTimestamp;
}

/** Deletes the oldest finished Jobs that exceed the history limits of a CronJob. */
function deleteOldJobs(
  state: SandboxState,
  cluster: ClusterState,
  cronJob: KubeObject,
  jobs: readonly KubeObject[],
): void {
  const spec = objectAt(cronJob, 'spec');
  const isComplete = (job: KubeObject): boolean => textAt(objectAt(job, 'status'), 'completionTime') !== undefined;
  const sorted = [...jobs].filter(isJobFinished).sort((one, other) => (startOf(one) < startOf(other) ? -1 : 1));
  const limits = [
    [sorted.filter(isComplete), numberAt(spec, 'successfulJobsHistoryLimit') ?? SUCCESSFUL_HISTORY],
    [sorted.filter((job) => !isComplete(job)), numberAt(spec, 'failedJobsHistoryLimit') ?? FAILED_HISTORY],
  ] as const;
  for (const [finished, limit] of limits) {
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) {
      deleteObject(cluster, 'jobs', job, deletionOf(state));
    }
  }
}

/**
 * Starts the Job that is due, if the concurrency policy allows it, and deletes the Jobs that exceed the history limits. Of several missed times
 * only the last one gets a Job.
 * Source: kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go (syncCronJob)
 */
export function reconcileCronJob(state: SandboxState, cluster: ClusterState, cronJob: KubeObject): void {
  const spec = objectAt(cronJob, 'spec');
  const policy = textAt(spec, 'concurrencyPolicy') ?? 'Allow';
  const jobs = controlledObjects(cluster, 'jobs', cronJob);
  const active = jobs.filter((job) => !isJobFinished(job));
  const due = dueRun(cronJob, state.clock());
  const starts = due !== undefined && !(policy === 'Forbid' && active.length > 0);
  if (starts) {
    if (policy === 'Replace') for (const job of active) deleteObject(cluster, 'jobs', job, deletionOf(state));
    startJob(state, cluster, cronJob, due);
  }
  deleteOldJobs(state, cluster, cronJob, jobs);
  const running = controlledObjects(cluster, 'jobs', cronJob).filter((job) => !isJobFinished(job));
  const ends = jobs.flatMap((job) => textAt(objectAt(job, 'status'), 'completionTime') ?? []).sort();
  const before = objectAt(cronJob, 'status');
  const lastSuccessfulTime = [textAt(before, 'lastSuccessfulTime') ?? '', ...ends].sort().at(-1) ?? '';
  const lastScheduleTime = starts ? kubeTime(due) : textAt(before, 'lastScheduleTime');
  const status: Json = {
    ...(running.length === 0 ? {} : { active: running.map(referenceTo) }),
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime === '' ? {} : { lastSuccessfulTime }),
  };
  if (Object.keys(status).length > 0 || listAt(before, 'active').length > 0) {
    writeStatus(cluster, 'cronjobs', cronJob, status, controllerWriter(state));
  }
}

function referenceTo({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }: KubeObject): Json {
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}
