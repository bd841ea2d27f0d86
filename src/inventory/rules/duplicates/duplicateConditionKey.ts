import type { Rule } from '../Rule';

/**
 * The names of condition keys are not case sensitive, with the tag in `aws:PrincipalTag/TAG`. AWS does not document the effect of a key that an
 * operator has twice. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export const duplicateConditionKey: Rule = {
  name: 'duplicate-condition-key',
  what: 'An operator has each condition key once, after names are replaced, without regard to case.',
  example:
    '"aws:ResourceTag/team" is twice under StringEquals in environment prod: "aws:ResourceTag/{tag}" means the same',
  *check({ repeatedKeys }) {
    for (const { key, name, first, operator, environment, path } of repeatedKeys) {
      yield {
        path,
        about: environment,
        message: `"${name}" is twice under ${operator} in environment ${environment}: ${key === name ? `"${first}" means the same` : `"${first}" and "${key}" mean the same`}`,
        hint: 'Write the key once, with a list of its values if any of them may match. One of two equal keys would get lost.',
        at: 'key',
      };
    }
  },
};
