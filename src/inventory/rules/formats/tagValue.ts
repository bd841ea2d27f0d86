import type { Format } from '../Format';

/**
 * A tag value is one that IAM takes.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
export const tagValue: Format = {
  name: 'tag-value',
  severities: ['error'],
  what: 'A tag value is one that IAM takes.',
  example: '"a,b" is not a tag value',
  subject: 'a tag value',
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u,
  expected: 'at most 256 letters, digits, blanks and _.:/=+-@',
  hint: 'Shorten it, or take out what is not allowed.',
  unquoted: 'Write it in quotes: tag values are text.',
};
