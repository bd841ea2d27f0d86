import { isDeepStrictEqual } from 'node:util';
import type { Blueprint, Role, ServiceAccount } from '../../blueprint/Blueprint';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../inventory/stackNames';

/** The stacks of an environment that have something to change, in the order in which they are looked at: targets, identity, service accounts. */
export function changedStacks(before: Blueprint, after: Blueprint): readonly string[] {
  const { environment } = after;
  const accounts = new Set([...before.targetRoles, ...after.targetRoles].map(({ account }) => account.key));
  const targets = [...accounts].filter((key) => differs(before, after, (blueprint) => targetsIn(blueprint, key)));
  const clusters = new Set([...managed(before), ...managed(after)].map(({ cluster }) => cluster));
  const serviceAccounts = [...clusters].filter((key) =>
    differs(before, after, (blueprint) => managed(blueprint).filter(({ cluster }) => cluster === key)),
  );
  // cdktf applies a stack only together with those that it depends on.
  const identity = serviceAccounts.length > 0 || differs(before, after, identityOf);
  return [
    ...targets.map((key) => targetsStackName(environment, key)),
    ...(identity ? [identityStackName(environment)] : []),
    ...serviceAccounts.map((key) => serviceAccountsStackName(environment, key)),
  ];
}

/** Service accounts that Terraform manages: the others are left to GitOps, or alone. */
export function isManaged({ context, manage }: ServiceAccount): boolean {
  return context !== undefined && manage !== 'none';
}

function managed({ serviceAccounts }: Blueprint): readonly ServiceAccount[] {
  return serviceAccounts.filter(isManaged);
}

function targetsIn({ targetRoles }: Blueprint, account: string): readonly Role[] {
  return targetRoles.filter((role) => role.account.key === account);
}

function identityOf({ agents, addons, oidcProviders, roles, associations }: Blueprint): unknown {
  return { agents, addons, oidcProviders, associations, roles };
}

function differs(before: Blueprint, after: Blueprint, part: (blueprint: Blueprint) => unknown): boolean {
  return !isDeepStrictEqual(part(before), part(after));
}
