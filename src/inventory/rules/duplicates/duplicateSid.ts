import { repeated, type Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html (unique within a policy) */
export const duplicateSid: Rule = {
  name: 'duplicate-sid',
  what: 'A `sid` occurs once in the statements of a role: they are one policy.',
  example: 'statements[0] already has the sid "Read"',
  *check({ holders }) {
    for (const { permissions, placed, field } of holders) {
      for (const { item, first } of repeated([...permissions.statements.entries()], ([, { sid }]) => sid)) {
        const [index, { sid }] = item;
        yield {
          path: placed.at(...field, 'statements', index, 'sid'),
          message: `statements[${first[0]}] already has the sid "${sid ?? ''}"`,
          hint: 'Use another sid, or remove it.',
        };
      }
    }
  },
};
