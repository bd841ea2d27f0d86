import type { Actions } from '../api/Action';
import { trailAssumeRole, trailWebIdentity } from '../cloudtrail/assumeEvents';
import { handleAssumeRole } from './assumeRole';
import { handleAssumeRoleWithWebIdentity } from './assumeRoleWithWebIdentity';

/**
 * Everything of STS that the sandbox has. GetCallerIdentity needs no permission; the two others ask trust and caller
 * together, which no plain permission can say.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/
 */
export const stsActions: Actions = {
  GetCallerIdentity: {
    handle: (_input, { principal }) => ({ UserId: principal.id, Account: principal.account, Arn: principal.arn }),
  },
  AssumeRole: { handle: handleAssumeRole, trail: trailAssumeRole },
  AssumeRoleWithWebIdentity: { handle: handleAssumeRoleWithWebIdentity, trail: trailWebIdentity },
};
