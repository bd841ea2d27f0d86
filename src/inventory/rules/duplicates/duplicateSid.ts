import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html (unique within a policy) */
export const duplicateSid: Rule = {
  name: 'duplicate-sid',
  severities: ['error'],
  what: 'A `sid` stands once among the statements of a role: they are one policy.',
  example: 'the sid "Read" is that of statements[0] already',
  *check({ holders }) {
    for (const { permissions, placed, field } of holders) {
      const first = new Map<string, number>();
      for (const [index, { sid }] of permissions.statements.entries()) {
        if (sid === undefined) continue;
        const before = first.get(sid);
        if (before === undefined) {
          first.set(sid, index);
          continue;
        }
        yield {
          path: placed.at(...field, 'statements', index, 'sid'),
          message: `the sid "${sid}" is that of statements[${before}] already`,
          hint: 'Give it another name, or leave sid out.',
        };
      }
    }
  },
};
