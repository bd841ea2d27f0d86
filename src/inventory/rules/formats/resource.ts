import type { Format } from '../Format';

/**
 * A resource is `*` or a whole ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const resource: Format = {
  name: 'resource',
  severities: ['error'],
  what: 'A resource is `*` or a whole ARN.',
  example: '"s3:::bucket" is not a resource',
  subject: 'a resource',
  pattern: /^(\*|arn:[^:\s]+:[^:\s]+:[^:\s]*:(?!\d{1,11}:|\d{13,}:)[^:\s]*:\S.*)$/,
  expected: '* or an ARN: arn:<partition>:<service>:<region>:<account>:<resource>, the account empty or twelve digits',
  hint: "Look up the resource's ARN format in the Service Authorization Reference of its service.",
};
