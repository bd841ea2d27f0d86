import type { Segments } from '../../Finding';
import type { Model } from '../../resolve/Model';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../stackNames';
import { repeated, type Rule } from '../Rule';

interface NamedStack {
  readonly name: string;
  readonly what: string;
  readonly path: Segments;
  readonly at?: 'key';
}

/** Stack names join keys by `-`, and keys can contain `-`. Two stacks of one name would share a folder and a state. */
export const duplicateStack: Rule = {
  name: 'duplicate-stack',
  what: 'No two stacks have the same name: `<environment>-identity`, `<environment>-targets-<account>`, `<environment>-service-accounts-<cluster>`.',
  example:
    'stack prod-targets-identity (environment "prod-targets") has the same name as the target roles of "prod" in account "identity"',
  *check(model) {
    for (const { item, first } of repeated(stacksOf(model), ({ name }) => name)) {
      if (first.what === item.what) continue;
      yield {
        path: item.path,
        message: `stack ${item.name} (${item.what}) has the same name as ${first.what}`,
        hint: 'Give one of these environments, accounts or clusters another key before the first apply.',
        ...(item.at && { at: item.at }),
      };
    }
  },
};

/** The stacks of stacks/addStacks.ts. */
function* stacksOf({ inventory, placed, defined }: Model): Generator<NamedStack> {
  for (const { key } of inventory.environments) {
    yield { name: identityStackName(key), what: `environment "${key}"`, path: ['environments', key], at: 'key' };
  }
  for (const { environment, workload, clusters, at } of placed) {
    for (const target of workload.targets) {
      const { key } = target.account;
      if (!defined.accounts.has(key)) continue;
      yield {
        name: targetsStackName(environment.key, key),
        what: `the target roles of "${environment.key}" in account "${key}"`,
        path: at('targets', target.key, 'account'),
      };
    }
    for (const { key, kubernetes } of clusters) {
      if (!kubernetes) continue;
      yield {
        name: serviceAccountsStackName(environment.key, key),
        what: `the service accounts of cluster "${key}" in "${environment.key}"`,
        path: ['environments', environment.key, 'clusters', key],
        at: 'key',
      };
    }
  }
}
