import type { Format } from '../Format';

/** A state prefix is a plain key prefix. */
export const s3Prefix: Format = {
  name: 's3-prefix',
  severities: ['error'],
  what: 'A state prefix is a plain key prefix.',
  example: '"/podlift/" is not a key prefix',
  subject: 'a key prefix',
  pattern: /^[\w.-]+(\/[\w.-]+)*$/,
  expected: 'names of letters, digits, _, . and - joined by /, no / at its ends',
  hint: 'Write it as in podlift or teams/payments.',
};
