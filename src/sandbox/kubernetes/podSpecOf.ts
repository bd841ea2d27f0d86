import { type Json, objectAt } from './json';

/** The way to the spec of the pods that an object of a kind makes; for a pod, its own. */
export const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The spec of the pods that an object makes; empty for a kind that makes none. */
export function podSpecOf(kind: string, object: unknown): Json {
  return (POD_SPECS[kind] ?? []).reduce<unknown>(
    (parent, key) => objectAt(parent, key),
    kind in POD_SPECS ? object : {},
  ) as Json;
}
