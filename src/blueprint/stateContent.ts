/** One resource instance in a state, with the attributes that identify the object in AWS or Kubernetes. */
export interface StateResource {
  /** `aws_iam_role`. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What podlift reads of a Terraform state. It never keeps whole states: they can have secrets. */
export interface StateContent {
  readonly lineage: string;
  readonly serial: number;
  /** The output `inventory`; absent in states of earlier versions of podlift. */
  readonly inventory?: string;
  /** The ARNs in the output `role_arns`. */
  readonly roleArns: readonly string[];
  readonly resources: readonly StateResource[];
}

/** A state that is not JSON, or not in a format that podlift knows. */
export class StateFormatError extends Error {}

/**
 * Reads a state. Undefined for an empty text: Terraform takes an empty file for no state. Throws a {@link StateFormatError}.
 * Source: hashicorp/terraform internal/states/statefile/version4.go and read.go (`ErrNoState`)
 */
export function parseState(text: string): StateContent | undefined {
  if (text.trim() === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StateFormatError('the state is not JSON: the file is incomplete or damaged');
  }
  const { version, lineage = '', serial = 0, outputs = {}, resources = [] } = (json ?? {}) as Partial<StateJson>;
  if (version !== 4) throw new StateFormatError(`the state has version ${String(version)}; podlift reads version 4`);
  const inventory = outputs.inventory?.value;
  return {
    lineage,
    serial,
    ...(typeof inventory === 'string' && { inventory }),
    roleArns: textsIn(outputs.role_arns?.value),
    resources: resources.flatMap(({ mode, type, instances = [] }) =>
      mode === 'managed' ? instances.map(({ attributes }) => ({ type, attributes: attributes ?? {} })) : [],
    ),
  };
}

interface StateJson {
  readonly version: number;
  readonly lineage: string;
  readonly serial: number;
  readonly outputs: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances?: readonly { readonly attributes?: Readonly<Record<string, unknown>> | null }[];
  }[];
}

/** The texts in nested maps. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
