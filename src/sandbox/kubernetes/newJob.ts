import { randomUUID } from 'node:crypto';
import type { ClusterState } from '../world/World';
import { readCronSchedule } from './cronSchedule';
import { sameJson } from './fields/sameJson';
import type { KubeObject } from './KubeObject';
import { type Json, objectAt, textAt, textsAt } from './json';
import { invalid } from './KubeFailure';
import { addObject, type NewObject } from './objects';

/**
 * Adds a Job with the selector of its pods and their labels, which are the server's and nobody's fields. `own` writes down who owns
 * the rest.
 * Source: kubernetes/kubernetes pkg/registry/batch/job/strategy.go (generateSelector)
 */
export function addJob(
  cluster: ClusterState,
  sent: NewObject,
  own: (object: NewObject) => NewObject,
  time: Date,
): KubeObject {
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
/** The name of a Job ends with eleven characters more than that of its CronJob. */
const LONGEST_CRON_JOB_NAME = 52;

function checkJobSpec(kind: string, name: string, spec: Json, path: string): void {
  const policy = textAt(objectAt(objectAt(spec, 'template'), 'spec'), 'restartPolicy') ?? 'Always';
  if (['OnFailure', 'Never'].includes(policy)) return;
  const words = 'Required value: valid values: "OnFailure", "Never"';
  throw invalid('batch', kind, name, `${path}.template.spec.restartPolicy: ${words}`);
}

/**
 * Refuses a Job or a CronJob that the API server refuses. CronJobs of another time zone than UTC are refused here alone. Throws a
 * `KubeFailure`.
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
  if (name.length > LONGEST_CRON_JOB_NAME) {
    throw invalid('batch', kind, name, `metadata.name: Invalid value: "${name}": must be no more than 52 characters`);
  }
  checkJobSpec(kind, name, objectAt(objectAt(spec, 'jobTemplate'), 'spec'), 'spec.jobTemplate.spec');
}

/**
 * Refuses to change what a Job was made with. Throws a `KubeFailure`.
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
