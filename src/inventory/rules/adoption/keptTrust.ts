import { existedBefore } from '../../Inventory';
import { onCreatedRole, type Rule } from '../Rule';
import { pairedWrongly } from '../statements';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const keptTrust: Rule = {
  name: 'kept-trust',
  what: 'Statements under `role.keepTrust` belong to an adopted or external role. Each has one principal element and one action element.',
  example: 'keepTrust is on a role that podlift creates: there is nothing to keep',
  *check({ placed: workloads }) {
    for (const placed of workloads) {
      const { keepTrust } = placed.workload.role;
      if (keepTrust === undefined) continue;
      if (!existedBefore(placed.workload)) yield onCreatedRole(placed, 'keepTrust', 'keep');
      for (const [index, statement] of keepTrust.entries()) {
        for (const { has, oneOf } of pairedWrongly(statement, PAIRS)) {
          yield {
            path: placed.at('role', 'keepTrust', index),
            message: `a kept statement has ${has}`,
            hint: `Write exactly one of ${oneOf}, as in the role's trust policy in IAM.`,
          };
        }
      }
    }
  },
};

const PAIRS = [
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
] as const;
