import type { Format } from '../Format';

/**
 * A tag key is one that IAM takes.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
export const tagKey: Format = {
  name: 'tag-key',
  severities: ['error'],
  what: 'A tag key is one that IAM takes, and none of those that podlift sets.',
  example: '"aws:team" is not a tag key',
  subject: 'a tag key',
  pattern: /^(?![Aa][Ww][Ss]:|[Pp][Oo][Dd][Ll][Ii][Ff][Tt]:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u,
  expected: 'at most 128 letters, digits, blanks and _.:/=+-@, not beginning with aws: or podlift:',
  hint: 'Rename the tag: aws: is kept for AWS, and podlift: for the tags that podlift gives its roles.',
};
