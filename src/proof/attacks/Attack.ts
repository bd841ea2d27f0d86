import type { AssumeRoleAttempt } from '../../iam/decideAssumeRole';

/** An attempt by somebody who has no business there: it must be denied. */
export interface Attack {
  /** Who asks, in words. */
  readonly who: string;
  readonly attempt: AssumeRoleAttempt;
}
