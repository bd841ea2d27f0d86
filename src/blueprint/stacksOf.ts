import type { Blueprint } from './Blueprint';

/** One Terraform stack of an environment, which has one state. */
export interface Stack {
  /** `prod-identity`. */
  readonly name: string;
  /** The account (its key) or cluster whose resources the stack has. */
  readonly of:
    | { readonly kind: 'identity' }
    | { readonly kind: 'targets'; readonly account: string }
    | { readonly kind: 'service-accounts'; readonly cluster: string };
}

/** The stacks of an environment, in the order of `stacks/addStacks.ts`. */
export function stacksOf({ environment, released, ...blueprint }: Blueprint): readonly Stack[] {
  const targets = [...blueprint.targetRoles, ...released.targetRoles].map(({ account }) => account.key);
  const accounts = [...blueprint.serviceAccounts, ...released.serviceAccounts];
  const clusters = accounts.filter(({ context }) => context !== undefined && context !== '');
  return [
    { name: `${environment}-identity`, of: { kind: 'identity' } },
    ...[...new Set(targets)].map((account): Stack => {
      return { name: `${environment}-targets-${account}`, of: { kind: 'targets', account } };
    }),
    ...[...new Set(clusters.map(({ cluster }) => cluster))].map((cluster): Stack => {
      return { name: `${environment}-service-accounts-${cluster}`, of: { kind: 'service-accounts', cluster } };
    }),
  ];
}
