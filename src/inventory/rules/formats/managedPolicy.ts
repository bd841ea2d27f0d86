import type { Format } from '../Format';

/**
 * A managed policy is a name of AWS's own or an ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export const managedPolicy: Format = {
  name: 'managed-policy',
  severities: ['error'],
  what: "A managed policy is a name of AWS's own or an ARN.",
  example: '"arn:aws:iam::1:policy/x" is not a managed policy',
  subject: 'a managed policy',
  pattern:
    /^(arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}|([\w+=,.@-]{1,128}\/){0,4}[\w+=,.@-]{1,128})$/,
  expected: 'the name of an AWS managed policy (with its path, as in service-role/X), or the ARN of a policy',
  hint: 'Write AmazonSSMReadOnlyAccess, or arn:{partition}:iam::{account}:policy/name.',
};
