/**
 * A request that the API refuses, as the Status object that clients show to people.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export class KubeFailure extends Error {
  constructor(
    /** HTTP status. */
    readonly code: number,
    /** `NotFound`, `AlreadyExists`, … */
    readonly reason: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = reason;
  }
}

/** `pods "x" not found`; the group stands behind the plural: `deployments.apps "x" not found`. */
export function notFound(group: string, plural: string, name: string): KubeFailure {
  const what = group === '' ? plural : `${plural}.${group}`;
  return new KubeFailure(404, 'NotFound', `${what} "${name}" not found`, { name, group, kind: plural });
}

/** The object of that name is there, or is still being deleted. */
export function alreadyExists(group: string, plural: string, name: string, isTerminating = false): KubeFailure {
  const what = `${isTerminating ? 'object is being deleted: ' : ''}${group === '' ? plural : `${plural}.${group}`}`;
  return new KubeFailure(409, 'AlreadyExists', `${what} "${name}" already exists`, { name, group, kind: plural });
}

export function badRequest(message: string): KubeFailure {
  return new KubeFailure(400, 'BadRequest', message);
}

/** `Pod "x" is invalid: …`; the group stands behind the kind: `Deployment.apps "x" is invalid: …`. */
export function invalid(group: string, kind: string, name: string, message: string): KubeFailure {
  const what = group === '' ? kind : `${kind}.${group}`;
  return new KubeFailure(422, 'Invalid', `${what} "${name}" is invalid: ${message}`, { name, group, kind });
}

/** The failure as the body of an answer. */
export function statusOf({ code, reason, message, details }: KubeFailure): Readonly<Record<string, unknown>> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}
