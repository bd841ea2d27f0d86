import type { PolicyDocument, Statement } from './PolicyDocument';

/** A policy with its name in explanations (`trust policy of arn:…`, `inline policy podlift`). */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** The policies of a request. Without `boundary` or `session` there is no such limit. */
export interface Policies {
  readonly identity?: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  /** The resource's own policy; for a role, its trust policy. */
  readonly resource?: NamedPolicy;
  readonly organisation?: OrganisationPolicies;
}

/**
 * Policies of an organisation that only deny: they stand beside `FullAWSAccess` and `RCPFullAWSAccess`, which allow everything.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export interface OrganisationPolicies {
  /** Service control policies of the caller's account, which is not the management account. */
  readonly service?: readonly NamedPolicy[];
  /** Resource control policies of the account that owns the resource, which is not the management account. Each names everyone as its principal. */
  readonly resource?: readonly NamedPolicy[];
}

/** A condition that failed: operator, key, wanted values and the values of the request. */
export interface FailedCondition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  /** Absent: the request does not have the key. */
  readonly found?: readonly string[];
}

/** A condition that cannot be evaluated, since the known part of the request lacks its key or that of a variable in `wanted`. */
export type OpenCondition = Omit<FailedCondition, 'found'>;

/** A statement and its position. `index` counts from 0. */
export interface StatementRef {
  readonly policy: string;
  readonly index: number;
  readonly sid?: string;
  readonly statement: Statement;
}

/**
 * Whether one statement applies to the request; `mismatch` is the first part that does not match. A statement with `openConditions` matches
 * in every other part, and applies if all of them hold.
 */
export interface StatementAnswer extends StatementRef {
  readonly applies: boolean;
  readonly mismatch?: 'principal' | 'action' | 'resource' | 'condition';
  readonly failedConditions: readonly FailedCondition[];
  readonly openConditions?: readonly OpenCondition[];
}

/** An open condition, and the statement that has it. */
export interface DecidingCondition extends OpenCondition {
  readonly of: StatementRef;
}

/** Why a request was allowed or denied, or neither. */
export type Reason =
  | 'allowed'
  | 'depends on the request'
  | 'explicit deny'
  | 'no identity policy allows it'
  | 'no resource policy allows it'
  | 'permissions boundary does not allow it'
  | 'session policy does not allow it';

/** The decision on one request, with the statement that decided and the answer of each statement. */
export interface Decision {
  /** False also where the decision depends on what is not known of the request. */
  readonly allowed: boolean;
  /** The conditions that decide and cannot be evaluated; absent: the request is allowed or denied whatever else it has. */
  readonly dependsOn?: readonly DecidingCondition[];
  readonly action: string;
  readonly reason: Reason;
  /** The statement that allowed or denied, or that allows if the open conditions are in favour of the caller; absent where no statement applied. */
  readonly decidedBy?: StatementRef;
  readonly statements: readonly StatementAnswer[];
}
