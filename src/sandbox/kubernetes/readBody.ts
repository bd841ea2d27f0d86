import { parse } from 'yaml';
import type { HttpRequest } from '../http/HttpRequest';
import { readProtobuf } from './readProtobuf';
import { badRequest } from './KubeFailure';

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
