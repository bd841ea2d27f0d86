import type { Rule } from '../Rule';

/** `Action: "*"` is every action of every service, or it has a reason. */
export const wildcardAction: Rule = {
  name: 'wildcard-action',
  severities: ['warning'],
  what: 'A statement allows the action `"*"` only with `because`.',
  example: 'the action "*" is every action of every service',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      const index = statement.actions.indexOf('*');
      if (index < 0 || statement.effect === 'Deny' || statement.because !== undefined) continue;
      yield {
        path: at('actions', index),
        message: 'the action "*" is every action of every service',
        hint: 'Name the actions that the workload needs, or say why with `because` in the statement.',
      };
    }
  },
};
