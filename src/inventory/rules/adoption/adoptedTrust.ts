import { existedBefore, type KeptStatement } from '../../Inventory';
import { matchesWildcards } from '../../reading/globs';
import type { PlacedWorkload } from '../../resolve/Model';
import { type RuleFinding, onCreatedRole, type Rule } from '../Rule';

/** The same as POD_IDENTITY_SERVICE of the blueprint, which this folder cannot import. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** These statements replace those of blueprint/sourceTrust. */
export const adoptedTrust: Rule = {
  name: 'adopted-trust',
  what: 'Statements under `role.adoptedTrust` belong to an adopted or external role. `oidc` allows only OIDC providers of the workload’s clusters, `podIdentity` only pods.eks.amazonaws.com.',
  example: 'a statement under adoptedTrust.oidc denies: it must allow the same as podlift’s own statement',
  *check({ placed: workloads }) {
    for (const placed of workloads) {
      const { adoptedTrust: found } = placed.workload.role;
      if (found === undefined) continue;
      if (!existedBefore(placed.workload)) yield onCreatedRole(placed, 'adoptedTrust', 'adopt');
      for (const [index, statement] of (found.oidc ?? []).entries()) yield* oidc(placed, statement, index);
      for (const [index, statement] of (found.podIdentity ?? []).entries())
        yield* podIdentity(placed, statement, index);
    }
  },
};

function* oidc(
  { clusters, environment, at }: PlacedWorkload,
  statement: KeptStatement,
  index: number,
): Generator<RuleFinding> {
  const issuers = clusters.flatMap((cluster) => cluster.oidc?.issuer.replace(/^https:\/\//, '') ?? []);
  const provider = `arn:${environment.partition}:iam::${environment.account.id}:oidc-provider`;
  const providers = issuers.map((issuer) => `${provider}/${issuer}`);
  const named = principals(statement, 'Federated');
  const isOwn = allowsOnly(statement, 'Federated', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession');
  if (isOwn && named.every((arn) => providers.includes(arn))) return;
  const found = `names ${named.join(', ') || 'no OIDC provider'}`;
  const allowed = `allowed: sts:AssumeRoleWithWebIdentity for ${providers.join(', ') || 'no provider'}`;
  yield wrong('oidc', statement, `${found}; ${allowed}`, at('role', 'adoptedTrust', 'oidc', index));
}

function* podIdentity({ at }: PlacedWorkload, statement: KeptStatement, index: number): Generator<RuleFinding> {
  const isOwn = allowsOnly(statement, 'Service', 'sts:AssumeRole', 'sts:TagSession');
  if (isOwn && principals(statement, 'Service').every((name) => name === POD_IDENTITY)) return;
  const must = `must allow sts:AssumeRole or sts:TagSession, and only for ${POD_IDENTITY}`;
  yield wrong('podIdentity', statement, must, at('role', 'adoptedTrust', 'podIdentity', index));
}

function wrong(field: string, { Effect }: KeptStatement, what: string, path: RuleFinding['path']): RuleFinding {
  const denies = 'denies: it must allow the same as podlift’s own statement';
  return {
    path,
    message: `a statement under adoptedTrust.${field} ${Effect === 'Deny' ? denies : what}`,
    hint: 'Move a statement for others to keepTrust.',
  };
}

/**
 * Whether a statement allows one of some actions, and only to principals of one kind. Its other actions do not matter: STS has no other action for these
 * principals, so that `sts:*` allows them nothing more.
 */
function allowsOnly({ Effect, Principal, NotPrincipal, ...statement }: KeptStatement, kind: string, ...some: string[]) {
  return (
    Effect === 'Allow' &&
    typeof Principal === 'object' &&
    Object.keys(Principal).join() === kind &&
    NotPrincipal === undefined &&
    some.some((action) => namesAction(statement, action))
  );
}

/** Not case sensitive. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function namesAction({ Action, NotAction }: Pick<KeptStatement, 'Action' | 'NotAction'>, action: string): boolean {
  const isIn = (patterns: string | readonly string[]) =>
    [patterns].flat().some((pattern) => matchesWildcards(pattern.toLowerCase(), action.toLowerCase()));
  return Action === undefined ? NotAction !== undefined && !isIn(NotAction) : isIn(Action);
}

function principals({ Principal }: KeptStatement, kind: 'Federated' | 'Service'): readonly string[] {
  return typeof Principal === 'object' ? [Principal[kind] ?? []].flat() : [];
}
