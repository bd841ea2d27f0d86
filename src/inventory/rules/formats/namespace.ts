import type { Format } from '../Format';

/**
 * A namespace is a DNS-1123 label.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export const namespace: Format = {
  name: 'namespace',
  severities: ['error'],
  what: 'A namespace is a DNS-1123 label.',
  example: '"Production" is not a namespace',
  subject: 'a namespace',
  pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  expected: 'a lower-case DNS label: a-z, 0-9 and -, at most 63, no - at its ends',
  hint: 'Write the name of the Kubernetes namespace; wildcards are not possible.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
};
