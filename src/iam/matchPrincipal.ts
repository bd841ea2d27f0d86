import { parseArn, sessionArn } from './Arn';
import type { OneOrMany, PrincipalElement, Statement } from './PolicyDocument';
import type { Caller } from './Request';

/**
 * How a statement names a caller, which decides the effect of its `Allow` in the caller's own account:
 * - `direct`: the user, the session, the service, the provider, or everyone. Nothing else needs to allow.
 * - `role`: the role of a session. Boundary and session policies limit the `Allow`.
 * - `account`: the account. Its identity policies decide.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type NamedAs = 'direct' | 'role' | 'account';

interface Level {
  readonly as: NamedAs;
  readonly names: readonly string[];
}

/** The names of a caller in a principal element: its member, and its levels, strongest first. */
export interface CallerNames {
  readonly member: 'AWS' | 'Service' | 'Federated';
  readonly levels: readonly Level[];
}

function accountLevel(arn: string): Level {
  const parts = parseArn(arn);
  if (parts === undefined) return { as: 'account', names: [] };
  const { account, partition } = parts;
  return { as: 'account', names: [account, `arn:${partition}:iam::${account}:root`] };
}

/**
 * All names of a caller.
 * @throws Error when a session's `roleArn` is not the ARN of a role
 */
export function callerNames(caller: Caller): CallerNames {
  switch (caller.kind) {
    case 'service':
      return { member: 'Service', levels: [{ as: 'direct', names: [caller.service] }] };
    case 'federated':
      return { member: 'Federated', levels: [{ as: 'direct', names: [caller.provider] }] };
    case 'anonymous':
      return { member: 'AWS', levels: [{ as: 'direct', names: [] }] };
    case 'account':
      return { member: 'AWS', levels: [accountLevel(caller.arn)] };
    case 'user':
      return { member: 'AWS', levels: [{ as: 'direct', names: [caller.arn] }, accountLevel(caller.arn)] };
    case 'role':
      return { member: 'AWS', levels: [{ as: 'role', names: [caller.roleArn] }, accountLevel(caller.roleArn)] };
    case 'session': {
      const session: Level = { as: 'direct', names: [sessionArn(caller.roleArn, caller.sessionName)] };
      return {
        member: 'AWS',
        levels: [session, { as: 'role', names: [caller.roleArn] }, accountLevel(caller.roleArn)],
      };
    }
  }
}

type Members = Exclude<PrincipalElement, '*'>;

/** IAM stores `"Principal": "*"` as `{"AWS": "*"}`. Both are every caller: signed, anonymous, service or federated. */
function membersOf(principal: PrincipalElement): Members {
  return principal === '*' ? { AWS: '*' } : principal;
}

function namesEveryone(principal: Members): boolean {
  return listed(principal.AWS, '*');
}

function listed(values: OneOrMany<string> | undefined, wanted: string): boolean {
  return typeof values === 'string' ? values === wanted : (values?.includes(wanted) ?? false);
}

function isListedAt({ names }: Level, principal: Members, member: CallerNames['member']): boolean {
  return names.some((name) => listed(principal[member], name));
}

/**
 * How a statement names a caller. Names are compared whole: an ARN has no wildcards.
 *
 * `NotPrincipal`: AWS can compare the account, the role and the session separately. So a `Deny` excepts only a caller that it lists at
 * each level, and an `Allow` applies only to a caller that it lists at no level.
 * @returns undefined when the statement does not name the caller
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchPrincipal(
  { Effect, Principal, NotPrincipal }: Statement,
  { member, levels }: CallerNames,
): NamedAs | undefined {
  if (Principal !== undefined) {
    const named = membersOf(Principal);
    return namesEveryone(named) ? 'direct' : levels.find((level) => isListedAt(level, named, member))?.as;
  }
  if (NotPrincipal === undefined) return undefined;
  const excepted = membersOf(NotPrincipal);
  if (namesEveryone(excepted)) return undefined;
  const spared =
    Effect === 'Deny'
      ? levels.every((level) => isListedAt(level, excepted, member))
      : levels.some((level) => isListedAt(level, excepted, member));
  return spared ? undefined : 'direct';
}
