import type { Segments } from '../../Issue';
import type { Model } from '../../resolve/Model';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../stackNames';
import type { Rule } from '../Rule';

interface NamedStack {
  readonly name: string;
  readonly what: string;
  readonly path: Segments;
  readonly at?: 'key';
}

/** Keys are joined by `-` and may have one in them, so that two stacks can get one name: they would share a folder and a state. */
export const duplicateStack: Rule = {
  name: 'duplicate-stack',
  severities: ['error'],
  what: 'No two stacks have the same name: `<environment>-identity`, `<environment>-targets-<account>`, `<environment>-service-accounts-<cluster>`.',
  example:
    'stack prod-targets-identity (environment "prod-targets") is that of the target roles of "prod" in account "identity" too',
  *check(model) {
    const stacks = new Map<string, NamedStack>();
    for (const stack of stacksOf(model)) {
      const first = stacks.get(stack.name);
      if (!first) {
        stacks.set(stack.name, stack);
        continue;
      }
      if (first.what === stack.what) continue;
      yield {
        path: stack.path,
        message: `stack ${stack.name} (${stack.what}) is that of ${first.what} too`,
        hint: 'Give one of these environments, accounts or clusters another key before anything is applied.',
        ...(stack.at && { at: stack.at }),
      };
    }
  },
};

/** As stacks/addStacks.ts makes them. */
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
