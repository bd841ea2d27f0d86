import type { Format } from '../Format';

/**
 * The name of an inline policy; podlift's own is called `podlift`.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const inlinePolicyName: Format = {
  name: 'inline-policy-name',
  severities: ['error'],
  what: 'A key of `inlinePolicies` is a name that IAM takes, and not `podlift`, which is for `statements`.',
  example: '"podlift" is not a name for a further inline policy',
  subject: 'a name for a further inline policy',
  pattern: /^(?!podlift$)[\w+=,.@-]{1,128}$/,
  expected: 'at most 128 letters, digits and +=,.@_-, and not podlift',
  hint: 'Copy the name from the role in IAM; what podlift shall write itself stands under statements.',
};
