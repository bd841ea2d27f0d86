import type { KeptStatement, Partition } from '../../Inventory';
import type { Placed } from '../../resolve/Model';
import type { Found, Rule } from '../Rule';

/** The service of Pod Identity in trust policies. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** Source: blueprint/sourceTrust, in whose place these statements stand. */
export const adoptedTrust: Rule = {
  name: 'adopted-trust',
  severities: ['error'],
  what: 'Statements under `role.adoptedTrust` belong to a role that is adopted, and do the work of podlift’s own: `oidc` allows the OIDC providers of the workload’s clusters, `podIdentity` allows pods.eks.amazonaws.com.',
  example: 'a statement under adoptedTrust.oidc names no OIDC provider of the workload’s clusters',
  *check({ placed: workloads }) {
    for (const placed of workloads) {
      const { adopt, adoptedTrust: found } = placed.workload.role;
      if (found === undefined || !placed.isReal) continue;
      if (!adopt) {
        yield {
          path: placed.at('role', 'adoptedTrust'),
          message: 'adoptedTrust stands on a role that podlift makes itself: there is nothing to adopt',
          hint: 'Set `adopt: true` if the role exists already, or remove adoptedTrust.',
        };
      }
      for (const [index, statement] of (found.oidc ?? []).entries()) yield* oidc(placed, statement, index);
      for (const [index, statement] of (found.podIdentity ?? []).entries())
        yield* podIdentity(placed, statement, index);
    }
  },
};

function* oidc({ clusters, environment, at }: Placed, statement: KeptStatement, index: number): Generator<Found> {
  const providers = clusters.flatMap(({ oidc: provider }) =>
    provider === undefined ? [] : [providerArn(environment.partition, environment.account.id, provider.issuer)],
  );
  const named = principals(statement, 'Federated');
  const path = at('role', 'adoptedTrust', 'oidc', index);
  if (
    statement.Effect === 'Allow' &&
    isOnly(statement, 'Federated', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession') &&
    named.every((arn) => providers.includes(arn))
  )
    return;
  yield {
    path,
    message:
      statement.Effect === 'Deny'
        ? 'a statement under adoptedTrust.oidc denies: it cannot do the work of podlift’s own'
        : `a statement under adoptedTrust.oidc names ${named.length === 0 ? 'no OIDC provider' : named.join(', ')}; those of the workload’s clusters are ${providers.join(', ') || 'none'}, and they alone may stand there, with sts:AssumeRoleWithWebIdentity`,
    hint: 'A statement for anybody else stands under keepTrust.',
  };
}

function* podIdentity({ at }: Placed, statement: KeptStatement, index: number): Generator<Found> {
  const named = principals(statement, 'Service');
  const fits = isOnly(statement, 'Service', 'sts:AssumeRole', 'sts:TagSession');
  if (statement.Effect === 'Allow' && fits && named.length === 1 && named[0] === POD_IDENTITY) return;
  yield {
    path: at('role', 'adoptedTrust', 'podIdentity', index),
    message: `a statement under adoptedTrust.podIdentity ${statement.Effect === 'Deny' ? 'denies' : `is not for ${POD_IDENTITY} alone, with sts:AssumeRole and sts:TagSession`}`,
    hint: 'A statement for anybody else stands under keepTrust.',
  };
}

/** Whether a statement names principals of one kind and nobody else, and allows these actions and no other. */
function isOnly({ Principal, NotPrincipal, Action, NotAction }: KeptStatement, kind: string, ...allowed: string[]) {
  const actions = [Action ?? []].flat();
  return (
    typeof Principal === 'object' &&
    Object.keys(Principal).join() === kind &&
    NotPrincipal === undefined &&
    NotAction === undefined &&
    actions.length > 0 &&
    actions.every((action) => allowed.some((one) => one.toLowerCase() === action.toLowerCase()))
  );
}

function principals({ Principal }: KeptStatement, kind: 'Federated' | 'Service'): readonly string[] {
  const named = typeof Principal === 'object' ? (Principal[kind] ?? []) : [];
  return typeof named === 'string' ? [named] : named;
}

function providerArn(partition: Partition, accountId: string, issuer: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuer.replace(/^https:\/\//, '')}`;
}
