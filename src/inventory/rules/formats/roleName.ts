import type { Format } from '../Format';

/**
 * A role name is one that IAM takes.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const roleName: Format = {
  name: 'role-name',
  severities: ['error'],
  what: 'A role name is one that IAM takes.',
  example: '"billing role" is not a role name',
  subject: 'a role name',
  pattern: /^[\w+=,.@-]{1,64}$/,
  expected: 'at most 64 letters, digits and _+=,.@-',
  hint: 'Shorten it, or leave it out: the default is <environment>-<workload>.',
  unquoted: 'Write it in quotes: names are text.',
};
