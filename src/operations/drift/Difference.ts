import type { Statement } from '../../iam/PolicyDocument';
import type { Stage } from '../../inventory/Inventory';
import type { Unanswered } from '../../estate/aws/AwsPort';

/** What can differ, with how it is called before a place. What decides who gets in, and to what, comes first: reports follow this order. */
export const DRIFT_KINDS = {
  role: 'role',
  found: 'stage of the adopted role',
  trust: 'trust policy of',
  'inline-policy': 'inline policy',
  'managed-policy': 'managed policy',
  boundary: 'permissions boundary of',
  association: 'association of',
  annotation: 'annotation of',
  agent: 'agent on',
  addon: 'add-on',
  'oidc-provider': 'OIDC provider',
  'session-duration': 'session duration of',
  description: 'description of',
  tags: 'tags of',
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
  /** The stacks whose apply is the remedy, or a part of it; its commands stand in `remedy` as well. */
  readonly apply?: readonly string[];
  /** An apply stops at this one: it comes first. */
  readonly beforeApply?: true;
  /** Stacks whose apply would cost running pods their role. */
  readonly blocksApply?: readonly string[];
  /** Of a role's tags that differ in podlift's own alone: at which stage they say that it was applied. */
  readonly appliedAt?: AppliedAt;
  /** Why there was no answer; only where the question itself got none. */
  readonly why?: Unanswered;
}

/** The stage of the last apply; `never`: there was none. */
export type AppliedAt = Stage | 'never';

/** What to do. */
export type Remedy = Pick<Difference, 'remedy' | 'apply' | 'beforeApply'>;

/** What a judgement of one answer gives. */
export type Unlike = Pick<
  Difference,
  | 'kind'
  | 'where'
  | 'expected'
  | 'found'
  | 'missing'
  | 'extra'
  | 'effect'
  | 'remedy'
  | 'apply'
  | 'beforeApply'
  | 'appliedAt'
>;
