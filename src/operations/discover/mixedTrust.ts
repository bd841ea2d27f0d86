import { oidcProviderArn } from '../../blueprint/arns';
import { documentLength } from '../../blueprint/documentLength';
import { oneOrMany } from '../../blueprint/oneOrMany';
import { QUOTAS } from '../../blueprint/quotas';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { splitTrust } from '../../comparison/statementAccess';
import type { RemedyStep } from '../../estate/Remedy';
import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import { aws } from '../remedies';
import { clustersOf, podsWithRole, type RoleUsers } from './RoleUsers';

/** The command that divides statements by principal, where nothing is mixed afterwards. It allows and denies the same as before. */
export function dividingSteps(users: RoleUsers, mixed: readonly Statement[]): readonly (string | RemedyStep)[] {
  const { role, found } = users;
  const { partition, account } = found.environment;
  const providers = clustersOf(users).flatMap(({ oidc }) =>
    oidc === undefined ? [] : [oidcProviderArn(partition, account.id, oidc.issuer)],
  );
  const trust = dividedTrust(role.facts.trust, mixed, providers);
  if (isMixed({ ...users, role: { ...role, facts: { ...role.facts, trust } } })) return [];
  const most = found.environment.quotas.trustPolicyLength ?? QUOTAS.trustPolicyLength.value;
  return [
    ...(documentLength(trust) > most
      ? [
          `First have AWS raise the quota of ${most} characters for trust policies: the command writes ${documentLength(trust)}.`,
        ]
      : []),
    'Write one statement for each principal. This trust policy allows the same as the one that the role has:',
    aws(
      account,
    )`iam update-assume-role-policy --role-name ${role.facts.name} --policy-document ${JSON.stringify(trust)}`,
    'If another tool owns the role, make the change there instead. Then run discover again.',
  ];
}

function isMixed(users: RoleUsers): boolean {
  const [first, ...others] = podsWithRole(users);
  return first !== undefined && splitTrust(first, ...others).mixed.length > 0;
}

/**
 * A trust policy in which some statements are divided by principal: the providers of the pods, the service for Pod Identity, and all others. The statements
 * allow the same together: a statement allows each of its principals alone. Actions and conditions stay.
 *
 * @param mixed the statements of the trust policy to divide
 * @param providers ARNs of the OIDC providers of the pods' clusters
 */
function dividedTrust(
  trust: PolicyDocument,
  mixed: readonly Statement[],
  providers: readonly string[],
): PolicyDocument {
  return {
    ...trust,
    Statement: listOf(trust.Statement).flatMap((statement) =>
      mixed.includes(statement) ? divided(statement, providers) : [statement],
    ),
  };
}

type Name = readonly ['AWS' | 'Service' | 'Federated', string];

function divided(statement: Statement, providers: readonly string[]): readonly Statement[] {
  const { Sid, Principal, ...rest } = statement;
  if (typeof Principal !== 'object') return [statement];
  const names = (['AWS', 'Service', 'Federated'] as const).flatMap((kind) =>
    listOf(Principal[kind] ?? []).map((value): Name => [kind, value]),
  );
  const kindOf = ([kind, value]: Name) => {
    if (kind === 'Federated' && providers.includes(value)) return 'tokens';
    return kind === 'Service' && value === POD_IDENTITY_SERVICE ? 'pods' : 'others';
  };
  const parts = (['tokens', 'pods', 'others'] as const)
    .map((of) => names.filter((one) => kindOf(one) === of))
    .filter((some) => some.length > 0);
  // IAM takes a Sid once in a policy.
  return parts.map((some, index) => ({
    ...(index === 0 && Sid !== undefined && { Sid }),
    ...{ ...rest, Principal: principalOf(some) },
  }));
}

function principalOf(names: readonly Name[]): NonNullable<Statement['Principal']> {
  const kinds = [...new Set(names.map(([kind]) => kind))];
  return Object.fromEntries(
    kinds.map((kind) => [kind, oneOrMany(names.flatMap((one) => (one[0] === kind ? [one[1]] : [])))]),
  );
}
