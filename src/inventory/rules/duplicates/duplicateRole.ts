import type { Segments } from '../../Issue';
import type { Model } from '../../resolve/Model';
import { fits } from '../../formats/Format';
import { roleName } from '../../formats/awsFormats';
import type { Rule } from '../Rule';

interface NamedRole {
  readonly name: string;
  readonly accountId: string;
  readonly accountKey: string;
  readonly owner: string;
  readonly path: () => Segments;
}

/**
 * A role's name stands once in an account, whatever its path and case, also over several environments.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const duplicateRole: Rule = {
  name: 'duplicate-role',
  severities: ['error'],
  what: "A role's name stands once in an account: for one workload or target, in one environment.",
  example: 'role "billing" of account apps-prod belongs to workload "billing" in prod already',
  *check(model) {
    const owners = new Map<string, NamedRole>();
    for (const role of rolesOf(model)) {
      if (!fits(roleName, role.name)) continue;
      const id = `${role.accountId} ${role.name.toLowerCase()}`;
      const owner = owners.get(id);
      if (!owner) {
        owners.set(id, role);
        continue;
      }
      yield {
        path: role.path(),
        message: `role "${role.name}" of account ${role.accountKey} belongs to ${owner.owner} already`,
        hint: 'Give it a name of its own; {environment} in `role.name` tells environments apart.',
      };
    }
  },
};

function* rolesOf({ placed }: Model): Generator<NamedRole> {
  for (const { workload, environment, at } of placed) {
    const { account } = environment;
    const owner = `workload "${workload.key}" in ${environment.key}`;
    yield {
      name: workload.role.name,
      accountId: account.id,
      accountKey: account.key,
      owner,
      path: () => at('role', 'name'),
    };
    for (const target of workload.targets) {
      yield {
        name: target.role.name,
        accountId: target.account.id,
        accountKey: target.account.key,
        owner: `target "${target.key}" of ${owner}`,
        path: () => at('targets', target.key, 'role', 'name'),
      };
    }
  }
}
