import type { Context } from '../../iam/Request';
import type { Quotas } from '../world/quotas';
import type { Principal } from './Principal';
import type { Fault } from './ApiError';
import type { Input } from './Input';
import type { SandboxState } from './SandboxState';

export type Service = 'iam' | 'sts' | 'eks' | 'eks-auth' | 'cloudtrail';

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
  /** How long what this call changes stays unseen by other services, in milliseconds. */
  readonly lateMs: number;
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

/** What a call came to, as CloudTrail records it. */
export type TrailedAnswer = { readonly output: Output } | { readonly fault: Fault };

/**
 * One API action. `permissions` says what the caller's policies must allow; an action without it is open to every
 * authenticated caller. `handle` checks everything before it changes anything, so that a request that fails changes nothing.
 */
export interface Action {
  readonly permissions?: (input: Input, call: Call) => readonly Permission[];
  readonly handle: (input: Input, call: Call) => Output;
  /** What CloudTrail records of it, whether it succeeded or not. Default: nothing. */
  readonly trail?: (input: Input, call: Call, answer: TrailedAnswer) => void;
}

export type Actions = Readonly<Record<string, Action>>;
