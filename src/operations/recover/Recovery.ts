import type { StateContent } from '../../blueprint/stateContent';
import type { Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import type { Reason } from '../remedies';

/** The kinds of resources that can be missing in a state, with their names for people. */
export const RECOVERED_KINDS = {
  role: 'role',
  'target-role': 'target role',
  'inline-policy': 'inline policy',
  'managed-policy': 'managed policy',
  association: 'association of',
  agent: 'agent on',
  addon: 'add-on',
  'oidc-provider': 'OIDC provider',
  'service-account': 'service account',
} as const satisfies Record<string, string>;

export type RecoveredKind = keyof typeof RECOVERED_KINDS;

/** Which resources are compared with the states. */
export interface RecoverRequest {
  /** Keys. */
  readonly environments: readonly string[];
  /** Only what these stacks create, and nothing of what the inventory imports or does not want. Default: all stacks. */
  readonly stacks?: readonly string[];
}

/** The state of a stack; `content` is absent where the backend has none. */
export type StackState =
  { readonly ok: true; readonly content?: StateContent } | { readonly ok: false; readonly message: string };

/** The states of all stacks, by the names of the stacks. */
export type StackStates = ReadonlyMap<string, StackState>;

/** What an inventory gets or loses: the value at a path. */
export interface ImportPath {
  /** `environments`, `prod`, `clusters`, `main`, `agent`, `imports`. A position in a list, as in `subjects`, `0`, is text too. */
  readonly path: readonly string[];
  /** For a list: one item of it. */
  readonly item?: string;
}

/** A resource that exists and is in no state, or something that could not be checked. */
export interface FoundResource {
  readonly environment: string;
  /** The stack whose state should have it. */
  readonly stack: string;
  readonly kind: RecoveredKind | 'state';
  readonly workload?: string;
  readonly cluster?: string;
  /** For people: an ARN, `namespace/name on cluster`. */
  readonly where: string;
  /** The id by which Terraform imports it. */
  readonly id?: string;
  /**
   * `import`: it is podlift's, and the inventory has it: an import takes it into the state. `other`: the inventory has it, and it does not carry
   * podlift's tag. `unwanted`: it is podlift's, and the inventory does not have it at its stage. `unknown`: it could not be checked.
   */
  readonly what: 'import' | 'other' | 'unwanted' | 'unknown';
  /** What is there, or why it could not be checked. */
  readonly found: string;
  /** What follows from it. */
  readonly effect?: string;
  /** The entry under `imports` that imports it. */
  readonly entry?: ImportPath & { readonly value: string | true };
  readonly remedy: Remedy;
  readonly reason?: Reason;
  readonly question?: Question;
}

/** An entry under `imports` that imports nothing any more: Terraform stops at one whose object is gone. */
export interface DeadImport extends ImportPath {
  readonly environment: string;
  /** `gone`: the object does not exist. `in-state`: the state has it. `unwanted`: the stage does not have it. */
  readonly why: 'gone' | 'in-state' | 'unwanted';
}

/** What `recover` finds. */
export interface Recovery {
  /** The time of the Estate (ISO 8601). */
  readonly when: string;
  readonly environments: readonly string[];
  /** How many resources of the inventory exist. */
  readonly compared: number;
  readonly resources: readonly FoundResource[];
  readonly dead: readonly DeadImport[];
}
