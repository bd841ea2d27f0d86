import type { Segments } from '../../Finding';
import { roleName } from '../../formats/awsFormats';
import { fits } from '../../formats/Format';
import type { Account } from '../../Inventory';
import type { Model } from '../../resolve/Model';
import { repeated, type Rule } from '../Rule';

interface NamedRole {
  readonly name: string;
  readonly account: Account;
  readonly owner: string;
  readonly path: () => Segments;
}

/**
 * IAM compares role names without path and case.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const duplicateRole: Rule = {
  name: 'duplicate-role',
  what: 'A role name occurs once in an account: for one workload or target, in one environment.',
  example: 'role "billing" of account apps-prod already belongs to workload "billing" in prod',
  *check(model) {
    const roles = [...rolesOf(model)].filter(({ name }) => fits(roleName, name));
    for (const { item, first } of repeated(roles, ({ account, name }) => `${account.id} ${name.toLowerCase()}`)) {
      yield {
        path: item.path(),
        message: `role "${item.name}" of account ${item.account.key} already belongs to ${first.owner}`,
        hint: 'Use another name. {environment} in `role.name` gives each environment its own name.',
      };
    }
  },
};

function* rolesOf({ placed }: Model): Generator<NamedRole> {
  for (const { workload, environment, at } of placed) {
    const owner = `workload "${workload.key}" in ${environment.key}`;
    yield { name: workload.role.name, account: environment.account, owner, path: () => at('role', 'name') };
    for (const { key, role, account } of workload.targets) {
      const path = () => at('targets', key, 'role', 'name');
      yield { name: role.name, account, owner: `target "${key}" of ${owner}`, path };
    }
  }
}
