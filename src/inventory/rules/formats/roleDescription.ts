import type { Format } from '../Format';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const roleDescription: Format = {
  name: 'role-description',
  severities: ['error'],
  what: 'A `description` of a role is one that IAM takes.',
  example: 'a text of 1,200 characters is not a description of a role',
  subject: 'a description of a role',
  pattern: /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]{1,1000}$/,
  expected: 'at most 1,000 characters of Latin-1',
  hint: 'Copy it from the role in IAM.',
};
