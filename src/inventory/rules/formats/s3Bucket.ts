import type { Format } from '../Format';

/**
 * A state bucket is named as S3 allows.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const s3Bucket: Format = {
  name: 's3-bucket',
  severities: ['error'],
  what: 'A state bucket is named as S3 allows.',
  example: '"s3://acme" is not a bucket\'s name',
  subject: "a bucket's name",
  pattern: /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  expected: '3 to 63 lower-case letters, digits, - and .',
  hint: "Write the bucket's name only: no s3:// and no path.",
};
