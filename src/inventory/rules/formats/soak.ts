import type { Format } from '../Format';

/** `soak` is a number with a unit. */
export const soak: Format = {
  name: 'soak',
  severities: ['error'],
  what: '`soak` is a number with a unit.',
  example: '"a week" is not a time span',
  subject: 'a time span',
  pattern: /^[1-9]\d{0,4}[mhdw]$/,
  expected: 'a whole number and m, h, d or w, such as 7d',
  hint: 'Write it as in 36h or 7d.',
  unquoted: 'Add the unit: 7d are seven days.',
};
