import { repeated, type Rule } from '../Rule';

/** IAM compares the names of a role's inline policies without regard to case: the second one would replace the first. */
export const duplicateInlinePolicy: Rule = {
  name: 'duplicate-inline-policy',
  what: 'The names of a role’s inline policies differ in more than their case.',
  example: 'inline policies "s3-read" and "S3-Read" have the same name for IAM',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders) {
      const names = Object.keys(permissions.inlinePolicies);
      for (const { item, first } of repeated(names, (name) => name.toLowerCase())) {
        yield {
          path: placed.at(...field, 'inlinePolicies', item),
          message: `inline policies "${first}" and "${item}" have the same name for IAM, which does not compare case`,
          hint: 'Use another name, or merge their statements.',
          at: 'key',
        };
      }
    }
  },
};
