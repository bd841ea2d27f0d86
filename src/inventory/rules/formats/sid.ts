import type { Format } from '../Format';

/**
 * A `sid` has letters and digits only.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
export const sid: Format = {
  name: 'sid',
  severities: ['error'],
  what: 'A `sid` has letters and digits only.',
  example: '"read orders" is not a statement id',
  subject: 'a statement id',
  pattern: /^[A-Za-z0-9]{1,128}$/,
  expected: 'letters and digits',
  hint: 'Take out everything but letters and digits, or leave sid out.',
  unquoted: 'Write it in quotes: names are text.',
};
