import type { Blueprint } from '../../blueprint/Blueprint';
import { identityStackName, targetsStackName } from '../../inventory/stackNames';

/** The names of the AWS stacks of the environments, target roles first: a pod's roles then stand before its association does. */
export function awsStacks(blueprints: readonly Blueprint[]): string[] {
  return blueprints.flatMap(({ environment, targetRoles }) => {
    const accounts = new Set(targetRoles.map(({ account }) => account.key));
    return [...[...accounts].map((account) => targetsStackName(environment, account)), identityStackName(environment)];
  });
}
