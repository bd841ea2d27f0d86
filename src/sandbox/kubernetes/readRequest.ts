import { parse } from 'yaml';
import type { HttpRequest } from '../http/httpServer';
import { badRequest, KubeFailure } from './KubeError';
import type { Writer } from './fields/fieldOwners';
import { readProtobuf } from './protobuf';

/** The body of a request, JSON, YAML or Protobuf. Throws a `KubeFailure` where it cannot be read. */
export function readBody({ body, headers }: HttpRequest): unknown {
  if ((headers['content-type'] ?? '').includes('protobuf')) return readProtobuf(body);
  try {
    // Every JSON document is a YAML document, but JSON is read much faster as what it is.
    return (headers['content-type'] ?? '').includes('yaml')
      ? (parse(body.toString()) as unknown)
      : (JSON.parse(body.toString()) as unknown);
  } catch {
    throw badRequest('the body of the request is neither JSON nor YAML');
  }
}

/** Source: k8s.io/apimachinery pkg/apis/meta/v1/validation/validation.go, FieldManagerMaxLength */
const LONGEST_MANAGER = 128;

/** How a client wants an object to be written. */
export interface WriteRequest {
  readonly writer: Writer;
  /** The answer tells what would become of the object, and nothing changes. */
  readonly dryRun: boolean;
  /** An apply takes over what others own. */
  readonly force: boolean;
}

/** The client's name in its user agent. Source: kubernetes/kubernetes staging/src/k8s.io/apiserver pkg/endpoints/handlers/create.go */
function fromUserAgent(userAgent: string): string {
  return (userAgent.split('/')[0] ?? '').slice(0, LONGEST_MANAGER);
}

function invalidOptions(message: string): KubeFailure {
  return new KubeFailure(422, 'Invalid', `PatchOptions.meta.k8s.io "" is invalid: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'PatchOptions',
  });
}

/**
 * Who writes by a request, and how. A client that states no field manager is known by its user agent; one that applies must state
 * one. Throws a `KubeFailure`.
 * Source: k8s.io/apimachinery pkg/apis/meta/v1/validation/validation.go (ValidatePatchOptions)
 */
export function readWriteRequest(
  { query, headers }: HttpRequest,
  time: Date,
  isApply: boolean,
  subresource?: 'status',
): WriteRequest {
  const stated = query.get('fieldManager') ?? '';
  const force = query.get('force');
  if (isApply && stated === '') throw invalidOptions('fieldManager: Required value: is required for apply patch');
  if (!isApply && force !== null) throw invalidOptions('force: Forbidden: may not be specified for non-apply patch');
  if (stated.length > LONGEST_MANAGER) {
    throw invalidOptions(`fieldManager: Too long: may not be more than ${LONGEST_MANAGER} bytes`);
  }
  const named = stated === '' ? fromUserAgent(headers['user-agent'] ?? '') : stated;
  const manager = named === '' ? 'unknown' : named;
  return {
    writer: { manager, time, ...(subresource === undefined ? {} : { subresource }) },
    dryRun: query.get('dryRun') === 'All',
    force: force === 'true',
  };
}
