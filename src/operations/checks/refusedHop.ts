import type { DeniedHop } from '../../iam/credentialAccess';
import type { Decision, StatementAnswer, StatementRef } from '../../iam/Decision';

/** The ends of a hop: the role whose sessions are refused, and the role that they request. */
export interface HopEnds {
  /** The key of the workload. */
  readonly workload: string;
  /** The ARN of the session's role. */
  readonly source: string;
  /** The ARN of the requested role. */
  readonly target: string;
  /** The role of the session stays with its owner: podlift does not write its permissions. */
  readonly isExternal?: boolean;
}

/**
 * What lets the sessions of a role assume another role, by what decided at each end: a sentence for each action that is denied. Nothing takes the role from
 * another caller: statements of others stay as they are.
 */
export function hopFixes({ source, target }: DeniedHop, ends: HopEnds): readonly string[] {
  return [...new Set([...target.map((one) => trustFix(one, ends)), ...source.map((one) => permissionFix(one, ends))])];
}

function trustFix(decision: Decision, { source, target }: HopEnds): string {
  const { action, decidedBy, reason } = decision;
  const policy = `the trust policy of ${target}`;
  if (reason === 'explicit deny')
    return `Except the sessions of ${source} from ${placeText(decidedBy)} of ${policy}, which denies ${action}. Leave it for all others.`;
  const ofTrust = decision.statements.filter(({ statement }) => statement.Effect === 'Allow');
  const conditional = ofTrust.find(({ mismatch }) => mismatch === 'condition');
  if (conditional !== undefined)
    return `Add a statement to ${policy} that allows ${action} for ${source} without ${conditionsText(conditional)}, and leave ${placeText(conditional)} for its callers.`;
  const other = ofTrust.find(({ mismatch }) => mismatch === 'action');
  if (other !== undefined) return `Add ${action} to Action in ${placeText(other)} of ${policy}.`;
  return `Add a statement to ${policy} that allows ${action} for ${source}.`;
}

function permissionFix(decision: Decision, { workload, source, target, isExternal = false }: HopEnds): string {
  const { action, decidedBy, reason, statements } = decision;
  if (reason === 'explicit deny')
    return `Except ${target} from ${placeText(decidedBy)} of ${decidedBy?.policy ?? 'the policy'}, which denies ${action}.`;
  if (reason === 'permissions boundary does not allow it')
    return `Allow ${action} on ${target} in the permissions boundary: no policy of the role can.`;
  if (reason === 'session policy does not allow it')
    return `Allow ${action} on ${target} in the session policy of the association, or remove the session policy.`;
  const conditional = statements.find(
    ({ mismatch, statement }) => mismatch === 'condition' && statement.Effect === 'Allow',
  );
  const without = conditional === undefined ? '' : `, without ${conditionsText(conditional)}`;
  if (isExternal) return `The owner of ${source} must allow ${action} on ${target} in its permissions${without}.`;
  return `Allow ${action} on ${target} in workloads.${workload}.permissions${without}, then apply.`;
}

function placeText(ref: Pick<StatementRef, 'index' | 'sid'> | undefined): string {
  if (ref === undefined) return 'the statement';
  return `statement ${ref.index}${ref.sid === undefined ? '' : ` (${ref.sid})`}`;
}

function conditionsText({ failedConditions }: StatementAnswer): string {
  return failedConditions.map(({ operator, key }) => `${operator} ${key}`).join(' and ');
}
