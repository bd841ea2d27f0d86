import type { Context } from '../../iam/Request';
import type { Quotas } from '../world/quotas';
import type { ApiError } from './ApiError';
import type { Input } from './Input';
import type { Principal } from './Principal';
import type { SandboxState } from './SandboxState';

/** An authenticated request to an action. */
export interface Call {
  readonly state: SandboxState;
  readonly principal: Principal;
  /** The principal's account, in which the call acts. */
  readonly account: string;
  /** The region of the signature's scope. */
  readonly region: string;
  readonly partition: string;
  /** The quotas of the account. */
  readonly quotas: Quotas;
  readonly time: Date;
  /** The header `User-Agent`. */
  readonly userAgent?: string;
  /** How long other services do not see the change that this call makes at least, by the fault `late`, in milliseconds. */
  readonly visibleAfterMs: number;
}

/** A permission that the caller needs for a request. */
export interface Permission {
  /** `iam:CreateRole` */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Condition keys of this request beside the global ones. */
  readonly context?: Context;
  /** The tags of the resource, also those of a resource that the request makes. Absent: `context` has them, or it has none. */
  readonly resourceTags?: Readonly<Record<string, string>>;
}

/** The answer of an action: dates are `Date`, lists are arrays; the protocol formats them. */
export type Output = Readonly<Record<string, unknown>>;

/** The result of a call, as CloudTrail records it. */
export type ApiResult = { readonly output: Output } | { readonly error: ApiError };

/** One API action. */
export interface Action {
  /** Method and path, for services with a REST protocol; a parameter stands in braces: `GET /clusters/{name}`. */
  readonly route?: string;
  /** The permissions that the caller's policies must allow. Default: none, every authenticated caller may call the action. */
  readonly permissions?: (input: Input, call: Call) => readonly Permission[];
  /** Checks everything before it changes anything, so that a request that fails changes nothing. */
  readonly handle: (input: Input, call: Call) => Output;
  /** Records the call in CloudTrail's event history, successful or not. Default: not recorded. */
  readonly record?: (input: Input, call: Call, result: ApiResult) => void;
}

export type Actions = Readonly<Record<string, Action>>;
