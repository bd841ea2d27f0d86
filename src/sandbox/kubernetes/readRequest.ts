import type { HttpRequest } from '../http/httpServer';
import { oversized } from '../http/limits';
import { readYaml } from '../http/readYaml';
import { badRequest, KubeError } from './KubeError';
import type { Writer } from './fields/fieldOwners';
import { readProtobuf } from './protobuf';

/**
 * The body of a request: JSON, YAML or Protobuf. Throws a `KubeError` when it cannot be read, breaks a limit, or has a member `__proto__`: no
 * field and no legal key of the API has this name, and it would change the object's prototype.
 */
export function readBody({ body, headers }: HttpRequest): unknown {
  const type = headers['content-type'] ?? '';
  if (type.includes('protobuf')) return readProtobuf(body);
  const value = type.includes('yaml')
    ? readYaml(body.toString(), unreadable, refusePrototype)
    : readJson(body.toString());
  const tooMuch = oversized(value);
  if (tooMuch !== undefined) throw badRequest(`the body of the request cannot be read: ${tooMuch}`);
  return value;
}

function refusePrototype(key: unknown, value: unknown): unknown {
  if (key === '__proto__') throw badRequest('the body of the request has a member __proto__');
  return value;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text, refusePrototype) as unknown;
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(problem: unknown): KubeError {
  if (problem instanceof KubeError) return problem;
  return badRequest(typeof problem === 'string' ? problem : 'the body of the request is neither JSON nor YAML');
}

/** Source: k8s.io/apimachinery pkg/apis/meta/v1/validation/validation.go, FieldManagerMaxLength */
const MAX_MANAGER_LENGTH = 128;

/** The options of a write. */
export interface WriteRequest {
  readonly writer: Writer;
  /** The answer has the changed object, but nothing is stored. */
  readonly dryRun: boolean;
  /** Unknown fields are refused. */
  readonly strict: boolean;
  /** An apply also changes the fields of other owners. */
  readonly force: boolean;
}

/** The client's name in its user agent. Source: kubernetes/kubernetes staging/src/k8s.io/apiserver pkg/endpoints/handlers/create.go */
function managerOf(userAgent: string): string {
  return (userAgent.split('/')[0] ?? '').slice(0, MAX_MANAGER_LENGTH);
}

function invalidOptions(message: string): KubeError {
  return new KubeError(422, 'Invalid', `PatchOptions.meta.k8s.io "" is invalid: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'PatchOptions',
  });
}

/**
 * The writer and the options of a request. Without a field manager the writer is the user agent; an apply must have a field manager. Throws a
 * `KubeError`.
 * Source: k8s.io/apimachinery pkg/apis/meta/v1/validation/validation.go (ValidatePatchOptions)
 */
export function readWriteRequest({ query, headers }: HttpRequest, time: Date, isApply: boolean): WriteRequest {
  const stated = query.get('fieldManager') ?? '';
  const force = query.get('force');
  if (isApply && stated === '') throw invalidOptions('fieldManager: Required value: is required for apply patch');
  if (!isApply && force !== null) throw invalidOptions('force: Forbidden: may not be specified for non-apply patch');
  if (stated.length > MAX_MANAGER_LENGTH) {
    throw invalidOptions(`fieldManager: Too long: may not be more than ${MAX_MANAGER_LENGTH} bytes`);
  }
  const named = stated === '' ? managerOf(headers['user-agent'] ?? '') : stated;
  const manager = named === '' ? 'unknown' : named;
  const strict = query.get('fieldValidation') === 'Strict';
  return { writer: { manager, time }, dryRun: query.get('dryRun') === 'All', strict, force: force === 'true' };
}
