import type { Format } from '../Format';

/** Keys of accounts, environments, clusters, waves, workloads, targets and values are lower-case DNS labels. */
export const keyName: Format = {
  name: 'key-name',
  severities: ['error'],
  what: 'Keys of accounts, environments, clusters, waves, workloads, targets and values are lower-case DNS labels.',
  example: '"Prod_EU" is not a key',
  subject: 'a key',
  pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  expected: 'a lower-case DNS label: a-z, 0-9 and -, at most 63, no - at its ends',
  hint: 'Rename the key, and what refers to it.',
};
