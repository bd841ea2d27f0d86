import { cleanObject, isJson, type Json, listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import type { Sandbox } from '../../../src/sandbox/startSandbox';
import { MAIN } from '../testSandbox';

/** One request, and what the API server's own library made of it. */
export interface TranscriptStep {
  readonly verb: 'create' | 'put' | 'merge' | 'apply';
  readonly manager: string;
  readonly force?: boolean;
  readonly body: Json;
  /** Absent in the middle of a transcript that tells its end alone. */
  readonly after?: Outcome;
}

export interface Transcript {
  readonly name: string;
  readonly kind: string;
  readonly steps: readonly TranscriptStep[];
}

/** The owners of an object by `metadata.managedFields`, with what they own, or the failure of the request. */
export type Outcome = Json;

const PLURALS: Readonly<Record<string, string>> = {
  ServiceAccount: '/api/v1/namespaces/t/serviceaccounts',
  Deployment: '/apis/apps/v1/namespaces/t/deployments',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/t/networkpolicies',
  CronJob: '/apis/batch/v1/namespaces/t/cronjobs',
};

const METHODS = { create: 'POST', put: 'PUT', merge: 'PATCH', apply: 'PATCH' } as const;
const TYPES = {
  create: 'application/json',
  put: 'application/json',
  merge: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** The owners in an order of their own; times are told only where one is missing. Controllers write a status beside them. */
function ownersOf(object: unknown): Json[] {
  return listAt(objectAt(object, 'metadata'), 'managedFields')
    .filter(isJson)
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager, operation, fieldsV1, time }) => ({
      manager,
      operation,
      fields: fieldsV1,
      ...(time === undefined ? { timeless: true } : {}),
    }));
}

function byName(owners: readonly unknown[]): unknown[] {
  const key = (owner: unknown): string => `${textAt(owner, 'operation') ?? ''} ${textAt(owner, 'manager') ?? ''}`;
  return [...owners].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** A failed request; the library tells the causes of a conflict in any order. */
function failure(error: unknown, code: unknown, causes: readonly unknown[]): Outcome {
  const key = (cause: unknown): string => `${textAt(cause, 'message') ?? ''} ${textAt(cause, 'field') ?? ''}`;
  const sorted = [...causes].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return { error, code, ...(sorted.length === 0 ? {} : { causes: sorted }) };
}

/** The replicas of a spec, and its template, without what Go's structures show though nobody set it. */
function specOf(spec: Json): Json {
  const template = objectAt(spec, 'template');
  const { annotations } = objectAt(template, 'metadata');
  return cleanObject({ replicas: spec.replicas, annotations, podSpec: objectAt(template, 'spec') });
}

function outcomeOf(status: number, body: unknown): Outcome {
  if (status >= 400) {
    return failure(textAt(body, 'message'), status, listAt(objectAt(body, 'details'), 'causes'));
  }
  const metadata = objectAt(body, 'metadata');
  const rest = ['annotations', 'labels'].flatMap((key) => (key in metadata ? [[key, metadata[key]] as const] : []));
  const lists = ['imagePullSecrets', 'secrets'].flatMap((key) =>
    isJson(body) && key in body ? [[key, body[key]]] : [],
  );
  const spec = textAt(body, 'kind') === 'Deployment' ? { spec: specOf(objectAt(body, 'spec')) } : {};
  return { owners: byName(ownersOf(body)), ...Object.fromEntries(rest), ...Object.fromEntries(lists), ...spec };
}

/** What the library said, in the order in which `outcomeOf` tells it. Conflicts of several managers come in any order. */
export function expected({ owners, error, causes, code, ...rest }: Json): Outcome {
  if (error !== undefined) return failure(error, code, Array.isArray(causes) ? (causes as unknown[]) : []);
  return { owners: byName(owners as unknown[]), ...rest, ...(isJson(rest.spec) ? { spec: specOf(rest.spec) } : {}) };
}

/** Sends the requests of a transcript to a cluster of a sandbox, and gives what came of each. The object is gone afterwards. */
export async function replayTranscript(sandbox: Sandbox, { kind, steps }: Transcript): Promise<readonly Outcome[]> {
  const collection = PLURALS[kind] ?? '';
  const path = `${collection}/x`;
  const outcomes: Outcome[] = [];
  for (const { verb, manager, force = false, body } of steps) {
    const query = `fieldManager=${manager}${force ? '&force=true' : ''}`;
    const { status, body: answer } = await sandbox.kubernetes.request(MAIN, {
      method: METHODS[verb],
      path: `${verb === 'create' ? collection : path}?${query}`,
      body,
      contentType: TYPES[verb],
    });
    outcomes.push(outcomeOf(status, answer));
  }
  await sandbox.kubernetes.request(MAIN, { method: 'DELETE', path });
  return outcomes;
}
