import { listAt, objectAt, textAt } from './json';
import type { KubeObject } from './KubeObject';
import type { ObjectList } from './listObjects';

interface Column {
  readonly name: string;
  /** Shown only with `-o wide`. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: Date) => string | number;
}

const NONE = '<none>';

/** The age of an object as kubectl shows it: `45s`, `12m`, `3h`, `2d`. */
function age({ metadata }: KubeObject, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(metadata.creationTimestamp)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = { name: 'Age', cell: age };

function text(name: string, part: string, key: string, wide = false): Column {
  return { name, wide, cell: (object) => textAt(objectAt(object, part), key) ?? NONE };
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

/** The columns of the kinds that podlift's printed commands list as a table. Other kinds have a name and an age. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
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
};

/**
 * A list as a table for kubectl. Each row has the object, or only its metadata (`include`).
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
