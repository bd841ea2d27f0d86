import type { Format } from '../Format';

/** A cluster's version is `1.NN`, quoted. */
export const kubernetesVersion: Format = {
  name: 'kubernetes-version',
  severities: ['error'],
  what: "A cluster's version is `1.NN`, quoted.",
  example: '"1.3" is not a Kubernetes version',
  subject: 'a Kubernetes version',
  pattern: /^1\.[1-9]\d$/,
  expected: '1.NN in quotes, such as "1.33"',
  hint: 'Write major and minor version only, in quotes.',
  unquoted: 'Write it in quotes: without them YAML reads 1.30 as the number 1.3.',
};
