import type { KeptStatement } from '../../Inventory';
import type { PlacedWorkload } from '../../resolve/Model';
import { type RuleFinding, onCreatedRole, type Rule } from '../Rule';

/** The same as POD_IDENTITY_SERVICE of the blueprint, which this folder cannot import. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** These statements replace those of blueprint/sourceTrust. */
export const adoptedTrust: Rule = {
  name: 'adopted-trust',
  what: 'Statements under `role.adoptedTrust` belong to an adopted role. `oidc` allows only OIDC providers of the workload’s clusters, `podIdentity` only pods.eks.amazonaws.com.',
  example: 'a statement under adoptedTrust.oidc denies: it must allow the same as podlift’s own statement',
  *check({ placed: workloads }) {
    for (const placed of workloads) {
      const { adopt, adoptedTrust: found } = placed.workload.role;
      if (found === undefined) continue;
      if (!adopt) yield onCreatedRole(placed, 'adoptedTrust', 'adopt');
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
  const isOwn = isOnly(statement, 'Federated', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession');
  if (isOwn && named.every((arn) => providers.includes(arn))) return;
  const found = `names ${named.join(', ') || 'no OIDC provider'}`;
  const allowed = `allowed: sts:AssumeRoleWithWebIdentity for ${providers.join(', ') || 'no provider'}`;
  yield wrong('oidc', statement, `${found}; ${allowed}`, at('role', 'adoptedTrust', 'oidc', index));
}

function* podIdentity({ at }: PlacedWorkload, statement: KeptStatement, index: number): Generator<RuleFinding> {
  const isOwn = isOnly(statement, 'Service', 'sts:AssumeRole', 'sts:TagSession');
  if (isOwn && principals(statement, 'Service').join() === POD_IDENTITY) return;
  const must = `must allow only sts:AssumeRole and sts:TagSession, and only for ${POD_IDENTITY}`;
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

/** Whether a statement allows, and has only principals of one kind and only these actions. */
function isOnly(
  { Effect, Principal, NotPrincipal, Action, NotAction }: KeptStatement,
  kind: string,
  ...allowed: string[]
) {
  const actions = [Action ?? []].flat();
  return (
    Effect === 'Allow' &&
    typeof Principal === 'object' &&
    Object.keys(Principal).join() === kind &&
    NotPrincipal === undefined &&
    NotAction === undefined &&
    actions.length > 0 &&
    actions.every((action) => allowed.some((one) => one.toLowerCase() === action.toLowerCase()))
  );
}

function principals({ Principal }: KeptStatement, kind: 'Federated' | 'Service'): readonly string[] {
  return typeof Principal === 'object' ? [Principal[kind] ?? []].flat() : [];
}
