import type { Format } from '../Format';

/**
 * An action is `service:Action`; wildcards stand only behind the colon.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const action: Format = {
  name: 'action',
  severities: ['error'],
  what: 'An action is `service:Action`; wildcards stand only behind the colon.',
  example: '"GetObject" is not an action',
  subject: 'an action',
  pattern: /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/,
  expected: '<service>:<action>, with * and ? in the action only',
  hint: 'Write it as in s3:GetObject.',
};
