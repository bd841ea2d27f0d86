import type { KubeObject } from './KubeObject';
import { listAt, numberAt, objectAt, textAt, textsAt } from './json';
import type { ObjectList } from './listObjects';

interface Column {
  readonly name: string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: Date) => string | number;
}

const NONE = '<none>';

/** The age of an object as kubectl shows one: `45s`, `12m`, `3h`, `2d`. */
function age({ metadata }: KubeObject, now: Date): string {
  return span(now.getTime() - Date.parse(metadata.creationTimestamp));
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = { name: 'Age', cell: age };

function text(name: string, part: string, key: string, wide = false): Column {
  return { name, wide, cell: (object) => textAt(objectAt(object, part), key) ?? NONE };
}

function count(name: string, part: 'spec' | 'status', key: string): Column {
  return { name, cell: (object) => numberAt(objectAt(object, part), key) ?? 0 };
}

function ofWanted(key: string): Column['cell'] {
  return (object) =>
    `${numberAt(objectAt(object, 'status'), key) ?? 0}/${numberAt(objectAt(object, 'spec'), 'replicas') ?? 1}`;
}

function readyContainers(pod: KubeObject): string {
  const statuses = listAt(objectAt(pod, 'status'), 'containerStatuses');
  const ready = statuses.filter((status) => objectAt({ status }, 'status').ready === true).length;
  return `${ready}/${listAt(objectAt(pod, 'spec'), 'containers').length}`;
}

/** Source: kubernetes/kubernetes pkg/printers/internalversion/printers.go (printPod) */
function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const phase = textAt(objectAt(pod, 'status'), 'phase') ?? NONE;
  return phase === 'Succeeded' ? 'Completed' : phase;
}

/** A time span as kubectl shows one. */
function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** Source: kubernetes/kubernetes pkg/printers/internalversion/printers.go (printJob) */
function jobStatus(job: KubeObject): string {
  const types = listAt(objectAt(job, 'status'), 'conditions').map((condition) => textAt(condition, 'type') ?? '');
  return ['Complete', 'Failed', 'Suspended'].find((type) => types.includes(type)) ?? 'Running';
}

function jobCompletions(job: KubeObject): string {
  const spec = objectAt(job, 'spec');
  const parallelism = numberAt(spec, 'parallelism');
  const succeeded = numberAt(objectAt(job, 'status'), 'succeeded') ?? 0;
  const completions = numberAt(spec, 'completions');
  if (completions !== undefined || parallelism === undefined) return `${succeeded}/${completions ?? 1}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, now: Date): string {
  const status = objectAt(job, 'status');
  const [start, end] = [textAt(status, 'startTime'), textAt(status, 'completionTime')];
  if (start === undefined) return '';
  return span((end === undefined ? now.getTime() : Date.parse(end)) - Date.parse(start));
}

function lastSchedule(cronJob: KubeObject, now: Date): string {
  const last = textAt(objectAt(cronJob, 'status'), 'lastScheduleTime');
  return last === undefined ? NONE : span(now.getTime() - Date.parse(last));
}

function podSelector(policy: KubeObject): string {
  const labels = textsAt(objectAt(objectAt(policy, 'spec'), 'podSelector'), 'matchLabels');
  const selected = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return selected.length === 0 ? NONE : selected.join(',');
}

/** The columns of each kind of object, as Kubernetes prints them; others have a name and an age. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  namespaces: [NAME, text('Status', 'status', 'phase'), AGE],
  nodes: [
    NAME,
    { name: 'Status', cell: () => 'Ready' },
    { name: 'Roles', cell: () => NONE },
    AGE,
    {
      name: 'Version',
      cell: (node) => textAt(objectAt(objectAt(node, 'status'), 'nodeInfo'), 'kubeletVersion') ?? NONE,
    },
  ],
  pods: [
    NAME,
    { name: 'Ready', cell: readyContainers },
    { name: 'Status', cell: podStatus },
    { name: 'Restarts', cell: () => 0 },
    AGE,
    text('IP', 'status', 'podIP', true),
    text('Node', 'spec', 'nodeName', true),
  ],
  serviceaccounts: [NAME, { name: 'Secrets', cell: (account) => listAt(account, 'secrets').length }, AGE],
  networkpolicies: [NAME, { name: 'Pod-Selector', cell: podSelector }, AGE],
  deployments: [
    NAME,
    { name: 'Ready', cell: ofWanted('readyReplicas') },
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    AGE,
  ],
  replicasets: [
    NAME,
    count('Desired', 'spec', 'replicas'),
    count('Current', 'status', 'replicas'),
    count('Ready', 'status', 'readyReplicas'),
    AGE,
  ],
  statefulsets: [NAME, { name: 'Ready', cell: ofWanted('readyReplicas') }, AGE],
  jobs: [
    NAME,
    { name: 'Status', cell: jobStatus },
    { name: 'Completions', cell: jobCompletions },
    { name: 'Duration', cell: jobDuration },
    AGE,
  ],
  cronjobs: [
    NAME,
    text('Schedule', 'spec', 'schedule'),
    text('Timezone', 'spec', 'timeZone'),
    { name: 'Suspend', cell: (cronJob) => (objectAt(cronJob, 'spec').suspend === true ? 'True' : 'False') },
    { name: 'Active', cell: (cronJob) => listAt(objectAt(cronJob, 'status'), 'active').length },
    { name: 'Last Schedule', cell: lastSchedule },
    AGE,
  ],
  daemonsets: [
    NAME,
    count('Desired', 'status', 'desiredNumberScheduled'),
    count('Current', 'status', 'currentNumberScheduled'),
    count('Ready', 'status', 'numberReady'),
    count('Up-to-date', 'status', 'updatedNumberScheduled'),
    count('Available', 'status', 'numberAvailable'),
    AGE,
  ],
};

/**
 * A list as the table that kubectl prints. Each row carries the object, whole or its metadata alone (`include`).
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function tableOf(plural: string, list: ObjectList, include: string | null, now: Date): unknown {
  const columns = COLUMNS[plural] ?? [NAME, AGE];
  const { items, ...metadata } = list;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide === true ? 1 : 0,
    })),
    rows: items.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object:
        include === 'Object'
          ? object
          : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
