import type { Statement } from '../../iam/PolicyDocument';

/** What can differ, with how it is called before a place. */
export const DRIFT_KINDS = {
  role: 'role',
  trust: 'trust policy of',
  'inline-policy': 'inline policy',
  'managed-policy': 'managed policy',
  boundary: 'permissions boundary of',
  'session-duration': 'session duration of',
  description: 'description of',
  tags: 'tags of',
  association: 'association of',
  annotation: 'annotation of',
  agent: 'agent on',
  addon: 'add-on',
  'oidc-provider': 'OIDC provider',
} as const satisfies Record<string, string>;

export type DriftKind = keyof typeof DRIFT_KINDS;

/** One thing that is not as the inventory says, or of which nobody knows. */
export interface Difference {
  readonly kind: DriftKind;
  /** `no`: it differs. `unknown`: there was no answer. */
  readonly holds: 'no' | 'unknown';
  readonly environment: string;
  /** The workload's key; absent where it is about a whole cluster. */
  readonly workload?: string;
  /** The cluster's key. */
  readonly cluster?: string;
  /** An ARN, or `namespace/name on cluster`. */
  readonly where: string;
  /** `iam:GetRole prod-orders-api`. */
  readonly asked: string;
  /** Who was asked: `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`. */
  readonly of: string;
  readonly expected: string;
  readonly found: string;
  /** Statements that should be said and are not, and those that are and should not be; of documents only. */
  readonly missing?: readonly Statement[];
  readonly extra?: readonly Statement[];
  /** What comes of it, where that could be evaluated. */
  readonly effect?: string;
  /** What to do, in lines; those that are commands can be pasted. */
  readonly remedy: string;
}

/** What a judgement of one answer gives. */
export type Unlike = Pick<
  Difference,
  'kind' | 'where' | 'expected' | 'found' | 'missing' | 'extra' | 'effect' | 'remedy'
>;
