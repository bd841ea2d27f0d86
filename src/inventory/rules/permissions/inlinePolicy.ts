import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (one of each pair, in an identity policy) */
export const inlinePolicy: Rule = {
  name: 'inline-policy',
  what: 'Each statement under `inlinePolicies` has one action element and one resource element.',
  example: 'a statement of inline policy "s3-read" has neither Resource nor NotResource',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders) {
      for (const [name, { Statement }] of Object.entries(permissions.inlinePolicies)) {
        const several = Array.isArray(Statement);
        for (const [index, statement] of [Statement].flat().entries()) {
          for (const [one, other] of PAIRS) {
            const count = [statement[one], statement[other]].filter((element) => element !== undefined).length;
            if (count === 1) continue;
            yield {
              path: placed.at(...field, 'inlinePolicies', name, 'Statement', ...(several ? [index] : [])),
              message: `a statement of inline policy "${name}" has ${count === 0 ? 'neither' : 'both'} ${one} ${count === 0 ? 'nor' : 'and'} ${other}`,
              hint: `Write exactly one of ${one} and ${other}, as in IAM.`,
            };
          }
        }
      }
    }
  },
};

const PAIRS = [
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
] as const;
