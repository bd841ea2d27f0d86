import type { Format } from '../Format';

/**
 * `deployRole` is the ARN of an IAM role.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export const roleArn: Format = {
  name: 'role-arn',
  severities: ['error'],
  what: '`deployRole` is the ARN of an IAM role.',
  example: '"podlift-deploy" is not the ARN of a role',
  subject: 'the ARN of a role',
  pattern: /^arn:aws(-cn|-us-gov)?:iam::\d{12}:role\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/,
  expected: 'arn:<partition>:iam::<twelve digits>:role/<path and name>',
  hint: 'Copy the ARN from the role in IAM.',
};
