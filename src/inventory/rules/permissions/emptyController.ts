import { hasPermissions, knownController } from '../../../catalogue/catalogue';
import { parameterProblems } from '../../../catalogue/controllerPolicy';
import { listed } from '../../suggest';
import type { Rule } from '../Rule';

/** Most parameters name what a controller may use: some controllers have nothing without one. */
export const emptyController: Rule = {
  name: 'empty-controller',
  severities: ['warning'],
  what: 'A controller of `use` gets a permission: some have none without a parameter.',
  example: 'external-secrets gets no permission: give one of its parameters secrets, parameters, certificates',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders)
      for (const [entry, { name, parameters, managedPolicies }] of (permissions.use ?? []).entries()) {
        const controller = knownController(name);
        if (controller === undefined || !hasPermissions(controller)) continue;
        // A controller with a mistake has a finding already.
        if (parameterProblems(controller, parameters).some(({ problem }) => problem !== 'open')) continue;
        if (managedPolicies.length > 0 || permissions.statements.some(({ use }) => use === entry)) continue;
        // Another entry, or the file itself, has its managed policies.
        if (
          (controller.managedPolicies ?? []).some(({ name: policy }) => isAttached(policy, permissions.managedPolicies))
        )
          continue;
        const parts = [...(controller.policy ?? []), ...(controller.managedPolicies ?? [])];
        const gives = new Set(parts.flatMap(({ when = [] }) => when));
        yield {
          path: placed.at(...field, 'use', entry),
          message: `${name} gets no permission: give one of its parameters ${listed(gives)}`,
          hint: `List its parameters:\nnpx podlift catalogue ${name}`,
        };
      }
  },
};

function isAttached(policy: string, arns: readonly string[]): boolean {
  return arns.some((arn) => arn.endsWith(`:policy/${policy}`));
}
