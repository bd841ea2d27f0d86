import { decide } from '../../iam/decide';
import type { Decision, Reason } from '../../iam/Decision';
import { parseArn } from '../../iam/Arn';
import { roleByArn } from '../world/findState';
import type { Call, Permission } from './Action';
import { principalContext } from './contextOf';
import { Fault } from './Fault';
import { policiesOf } from './policiesOf';
import { callerOf } from './Principal';

/**
 * The end of AWS's sentence for each reason; `ACTION` stands for the action.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const BECAUSE: Readonly<Record<Exclude<Reason, 'allowed' | 'explicit deny'>, string>> = {
  'no identity policy allows it': 'because no identity-based policy allows the ACTION action',
  'no resource policy allows it': 'because no resource-based policy allows the ACTION action',
  'permissions boundary does not allow it': 'because no permissions boundary allows the ACTION action',
  'session policy does not allow it': 'because no session policy allows the ACTION action',
};

function because(decision: Decision): string {
  if (decision.reason === 'allowed') return '';
  if (decision.reason === 'explicit deny') {
    const policy = decision.decidedBy?.policy ?? '';
    const kind = policy.startsWith('permissions boundary') ? 'a permissions boundary' : 'an identity-based policy';
    return ` with an explicit deny in ${kind}`;
  }
  return ` ${BECAUSE[decision.reason].replace('ACTION', decision.action)}`;
}

/** AWS's sentence for a refused request. */
function deniedMessage(principal: string, decision: Decision, resource: string): string {
  return `User: ${principal} is not authorized to perform: ${decision.action} on resource: ${resource}${because(decision)}`;
}

/** Asks the caller's policies for one permission. Throws `AccessDenied` with AWS's message and the decision. */
export function authorise(permission: Permission, call: Call): void {
  const { state, principal, time, region } = call;
  const role = principal.kind === 'session' ? roleByArn(state.world, principal.session.roleArn) : undefined;
  const owner = parseArn(permission.resource)?.account;
  const decision = decide(
    {
      caller: callerOf(principal),
      action: permission.action,
      resource: permission.resource,
      // AWS's own policies belong to no account that anyone could be a stranger to.
      ...(owner === undefined || !/^\d{12}$/.test(owner) ? { resourceAccount: principal.account } : {}),
      context: {
        ...principalContext(principal, role?.tags ?? {}, time),
        'aws:RequestedRegion': region,
        ...permission.context,
      },
    },
    policiesOf(state.world, principal),
  );
  if (decision.allowed) return;
  throw new Fault('AccessDenied', 403, deniedMessage(principal.arn, decision, permission.resource), {
    action: permission.action,
    resource: permission.resource,
    decision,
  });
}
