import type { PolicyDocument, Statement } from './PolicyDocument';

/** A policy with the name that an explanation gives it (`trust policy of arn:…`, `inline policy podlift`). */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What may speak about a request. Absent `boundary` and `session` do not limit. */
export interface Policies {
  readonly identity?: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  /** The resource's own policy; for a role, its trust policy. */
  readonly resource?: NamedPolicy;
}

/** A condition that did not hold: what was asked of which key, and what the request carried. */
export interface FailedCondition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  /** Absent: the request does not carry the key. */
  readonly found?: readonly string[];
}

/** Where a statement stands. `index` counts from 0. */
export interface StatementRef {
  readonly policy: string;
  readonly index: number;
  readonly sid?: string;
  readonly statement: Statement;
}

/** How one statement took the request; `mismatch` is the first part that did not fit, absent when it applies. */
export interface StatementAnswer extends StatementRef {
  readonly applies: boolean;
  readonly mismatch?: 'principal' | 'action' | 'resource' | 'condition';
  readonly failedConditions: readonly FailedCondition[];
}

/** Why a request was allowed or denied. */
export type Reason =
  | 'allowed'
  | 'explicit deny'
  | 'no identity policy allows it'
  | 'no resource policy allows it'
  | 'permissions boundary does not allow it'
  | 'session policy does not allow it';

/** The answer to one request, with the statement that decided and how each statement took it. */
export interface Decision {
  readonly allowed: boolean;
  readonly action: string;
  readonly reason: Reason;
  /** The statement that allowed or denied; absent when nothing spoke for the request. */
  readonly decidedBy?: StatementRef;
  readonly statements: readonly StatementAnswer[];
}
