import type { Format } from '../Format';

/**
 * A role path is one that IAM takes.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const rolePath: Format = {
  name: 'role-path',
  severities: ['error'],
  what: 'A role path is one that IAM takes.',
  example: '"podlift" is not a role path',
  subject: 'a role path',
  pattern: /^(\/|\/[\x21-\x7e]{1,510}\/)$/,
  expected: '/ or text between two /, at most 512 characters',
  hint: 'Begin and end it with /.',
};
