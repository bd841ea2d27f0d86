import type { Context } from '../../iam/Request';
import type { Quotas } from '../world/quotas';
import type { Principal } from './Principal';
import type { Input } from './Input';
import type { SandboxState } from './SandboxState';

export type Service = 'iam' | 'sts' | 'eks' | 'eks-auth';

/** One authenticated request on its way through an action. */
export interface Call {
  readonly state: SandboxState;
  readonly principal: Principal;
  /** The account that the call acts in: the principal's. */
  readonly account: string;
  /** The region of the signature's scope. */
  readonly region: string;
  readonly partition: string;
  /** The quotas of the account. */
  readonly quotas: Quotas;
  readonly time: Date;
}

/** A permission that the caller needs for a request. */
export interface Permission {
  /** `iam:CreateRole` */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Condition keys that this request carries beside the global ones. */
  readonly context?: Context;
}

/** What an action answers with: dates as `Date`, lists as arrays; the protocol writes them its own way. */
export type Output = Readonly<Record<string, unknown>>;

/**
 * One API action. `permissions` says what the caller's policies must allow; an action without it is open to every
 * authenticated caller. `handle` checks everything before it changes anything, so that a request that fails changes nothing.
 */
export interface Action {
  readonly permissions?: (input: Input, call: Call) => readonly Permission[];
  readonly handle: (input: Input, call: Call) => Output;
}

export type Actions = Readonly<Record<string, Action>>;
