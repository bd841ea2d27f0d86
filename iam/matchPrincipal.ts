import { parseArn, sessionArn } from './Arn';
import type { OneOrMany, PrincipalElement, Statement } from './PolicyDocument';
import type { Caller } from './Request';

/**
 * How a statement names a caller, and so what its `Allow` is worth in the caller's own account:
 * - `direct`: the user, the session, the service, the provider, or everyone. Nothing else needs to allow.
 * - `role`: the role of a session. Boundary and session policies still limit it.
 * - `account`: the account. It leaves the word to the account's identity policies.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type NamedAs = 'direct' | 'role' | 'account';

const STRONGEST_FIRST: readonly NamedAs[] = ['direct', 'role', 'account'];

/** The `AWS` names under which a caller may be listed. */
type Names = Readonly<Partial<Record<NamedAs, readonly string[]>>>;

function accountNames(arn: string): readonly string[] {
  const parsed = parseArn(arn);
  return parsed === undefined ? [] : [parsed.account, `arn:${parsed.partition}:iam::${parsed.account}:root`];
}

function awsNames(caller: Caller): Names {
  switch (caller.kind) {
    case 'account':
      return { account: accountNames(caller.arn) };
    case 'user':
      return { direct: [caller.arn], account: accountNames(caller.arn) };
    case 'role':
      return { role: [caller.roleArn], account: accountNames(caller.roleArn) };
    case 'session':
      return {
        direct: [sessionArn(caller.roleArn, caller.sessionName)],
        role: [caller.roleArn],
        account: accountNames(caller.roleArn),
      };
    case 'service':
    case 'federated':
    case 'anonymous':
      return {};
  }
}

function listed(values: OneOrMany<string> | undefined, wanted: string): boolean {
  return typeof values === 'string' ? values === wanted : (values?.includes(wanted) ?? false);
}

/** IAM stores `"Principal": "*"` as `{"AWS": "*"}`: both are everyone, signed or not, services and federated too. */
function namesEveryone(principal: PrincipalElement): boolean {
  return principal === '*' || listed(principal.AWS, '*');
}

function namedAs(principal: PrincipalElement, caller: Caller): readonly NamedAs[] {
  if (principal === '*' || namesEveryone(principal)) return STRONGEST_FIRST;
  if (caller.kind === 'service') return listed(principal.Service, caller.service) ? ['direct'] : [];
  if (caller.kind === 'federated') return listed(principal.Federated, caller.provider) ? ['direct'] : [];
  const names = awsNames(caller);
  return STRONGEST_FIRST.filter((level) => names[level]?.some((name) => listed(principal.AWS, name)));
}

/** The levels at which AWS looks at a caller when a `NotPrincipal` may exempt it. */
function levelsOf(caller: Caller): readonly NamedAs[] {
  const names = awsNames(caller);
  const levels = STRONGEST_FIRST.filter((level) => names[level] !== undefined);
  return levels.length > 0 ? levels : ['direct'];
}

/**
 * Whether a statement speaks of a caller, and as what; names are compared whole, a wildcard in an ARN is none.
 *
 * `NotPrincipal`: AWS may look at the account, then the role, then the session, each for itself. A `Deny` therefore
 * spares only a caller listed at each of its levels, and an `Allow` reaches only one listed at none.
 * @returns nothing when the statement does not speak of the caller, or names nobody at all
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchPrincipal({ Effect, Principal, NotPrincipal }: Statement, caller: Caller): NamedAs | undefined {
  if (Principal !== undefined) return namedAs(Principal, caller)[0];
  if (NotPrincipal === undefined) return undefined;
  const exempt = namedAs(NotPrincipal, caller);
  const spared = Effect === 'Deny' ? levelsOf(caller).every((level) => exempt.includes(level)) : exempt.length > 0;
  return spared ? undefined : 'direct';
}
