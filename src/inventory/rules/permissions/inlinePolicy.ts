import type { Rule } from '../Rule';
import { pairedWrongly } from '../statements';

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
          for (const { has, oneOf } of pairedWrongly(statement, PAIRS)) {
            yield {
              path: placed.at(...field, 'inlinePolicies', name, 'Statement', ...(several ? [index] : [])),
              message: `a statement of inline policy "${name}" has ${has}`,
              hint: `Write exactly one of ${oneOf}, as in IAM.`,
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
