import type { Format } from '../Format';

/** An account id is twelve digits, in quotes. */
export const accountId: Format = {
  name: 'account-id',
  severities: ['error'],
  what: 'An account id is twelve digits, in quotes.',
  example: '"12345" is not an account id: twelve digits',
  subject: 'an account id',
  pattern: /^\d{12}$/,
  expected: 'twelve digits',
  hint: 'Write the id of the AWS account in quotes: id: "111111111111".',
  unquoted: 'Write it in quotes: YAML reads digits as a number and drops zeros at their front.',
};
