import type { Format } from '../Format';

/**
 * A permissions boundary is the ARN of a managed policy.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export const policyArn: Format = {
  name: 'policy-arn',
  severities: ['error'],
  what: 'A permissions boundary is the ARN of a managed policy.',
  example: '"boundary" is not the ARN of a policy',
  subject: 'the ARN of a policy',
  pattern: /^arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/,
  expected: 'arn:<partition>:iam::<account id or aws>:policy/<path and name>',
  hint: 'Copy the ARN from the policy in IAM.',
};
