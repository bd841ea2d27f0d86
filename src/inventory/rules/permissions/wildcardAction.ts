import type { Rule } from '../Rule';

export const wildcardAction: Rule = {
  name: 'wildcard-action',
  severities: ['warning'],
  what: 'A statement allows the action `"*"` only with a reason in `because`.',
  example: 'the action "*" is every action of every service',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      // The pages of the catalogue say why, with their sources.
      if (statement.use !== undefined) continue;
      const index = statement.actions.indexOf('*');
      if (index < 0 || statement.effect === 'Deny' || statement.because !== undefined) continue;
      yield {
        path: at('actions', index),
        message: 'the action "*" is every action of every service',
        hint: 'List the actions that the workload needs, or add the reason as `because` to the statement.',
      };
    }
  },
};
