import { otherTokens, ownCallersOf, type PodsWithRole } from '../../comparison/statementAccess';
import { parseRoleArn, splitArn } from '../../iam/Arn';
import { listOf } from '../../iam/PolicyDocument';
import type { OwnCallers, Stranger } from '../../iam/strangers/CallerClass';
import { strangersThrough } from '../../proof/attacks/sourceStrangers';
import { type FoundCluster, type FoundServiceAccount, podsOf } from '../discover/FoundCluster';
import { usersOf } from '../discover/RoleUsers';
import type { TrustKind } from './Survey';

/** In this order in the survey: the widest last. */
const KINDS: readonly TrustKind[] = ['shared', 'cross-account', 'wildcard', 'open'];

/**
 * Whom the trust policy of a service account's role allows besides its pods, by evaluation: every other caller counts, also one that a statement names.
 * `tight`: nobody else; `unknown`: the role could not be read.
 */
export function roleTrust(
  account: FoundServiceAccount,
  found: FoundCluster,
): { readonly trust: readonly TrustKind[]; readonly others: readonly string[] } {
  const { role } = account;
  const accountId = parseRoleArn(account.roleArn)?.accountId ?? '';
  const ofOther = accountId !== found.environment.account.id ? (['cross-account'] as const) : [];
  if (role === undefined) return { trust: ['unknown', ...ofOther], others: [] };
  try {
    const environment = { ...found.environment, account: { ...found.environment.account, id: accountId } };
    const { arn, trust } = role.facts;
    const of: PodsWithRole = { role: { arn, trust }, environment, cluster: found.cluster, pods: podsOf(account) };
    const own = ownCallersOf(environment, found.cluster, of.pods);
    const { admitted } = strangersThrough({ name: role.facts.name, arn, trust }, own, () => false);
    const tokens = otherTokens(of, listOf(trust.Statement));
    const kinds = new Set<TrustKind>([
      ...ofOther,
      ...admitted.map(({ stranger }) => kindOf(stranger, own, tokens.anySubject)),
      ...(usersOf(role, found).length > 1 ? (['shared'] as const) : []),
    ]);
    const sorted = KINDS.filter((kind) => kinds.has(kind));
    return { trust: sorted.length === 0 ? ['tight'] : sorted, others: [...new Set(admitted.map(({ who }) => who))] };
  } catch {
    // The role can have what the evaluation fails on; discover names it.
    return { trust: ['unknown', ...ofOther], others: [] };
  }
}

function kindOf(stranger: Stranger, { accountId, providers }: OwnCallers, anySubject: boolean): TrustKind {
  switch (stranger.kind) {
    case 'any service':
    case 'any provider':
    case 'any account':
      return 'open';
    case 'tokens':
      return providers.includes(stranger.provider) && anySubject ? 'wildcard' : 'shared';
    // Whoever may create an association in the account gives its pods the role.
    case 'pods':
    case 'untagged pods':
      return 'wildcard';
    case 'organisation':
      return 'cross-account';
    case 'account':
      return stranger.accountId === accountId ? 'shared' : 'cross-account';
    case 'principal':
      return splitArn(stranger.arn)?.[4] === accountId ? 'shared' : 'cross-account';
    case 'service':
      return 'shared';
  }
}
