import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const keptTrust: Rule = {
  name: 'kept-trust',
  what: 'Statements under `role.keepTrust` belong to an adopted role. Each has one principal element and one action element.',
  example: 'keepTrust is on a role that podlift creates: there is nothing to keep',
  *check({ placed: workloads }) {
    for (const { workload, at } of workloads) {
      const { adopt, keepTrust } = workload.role;
      if (keepTrust === undefined) continue;
      if (!adopt) {
        yield {
          path: at('role', 'keepTrust'),
          message: 'keepTrust is on a role that podlift creates: there is nothing to keep',
          hint: 'Write `adopt: true` if the role exists, or remove keepTrust.',
        };
      }
      for (const [index, statement] of keepTrust.entries()) {
        for (const [one, other] of PAIRS) {
          const count = [statement[one], statement[other]].filter((element) => element !== undefined).length;
          if (count === 1) continue;
          yield {
            path: at('role', 'keepTrust', index),
            message: `a kept statement has ${count === 0 ? 'neither' : 'both'} ${one} ${count === 0 ? 'nor' : 'and'} ${other}`,
            hint: `Write exactly one of ${one} and ${other}, as in the role's trust policy in IAM.`,
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
