import type { Format } from '../Format';

/** `sdk.version` can be compared. */
export const sdkVersion: Format = {
  name: 'sdk-version',
  severities: ['error'],
  what: '`sdk.version` can be compared.',
  example: '"latest" is not an SDK version',
  subject: 'an SDK version',
  pattern: /^(v?\d{1,5}(\.\d{1,5}){1,3}|release-\d{4}-\d{2}-\d{2})$/,
  expected: 'numbers joined by dots, or release-YYYY-MM-DD for Go v2 and Rust',
  hint: 'Write the version of the AWS SDK that the workload ships with.',
  unquoted: 'Write it in quotes: without them YAML reads 1.40 as the number 1.4.',
};
