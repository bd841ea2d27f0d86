import type { Format } from '../Format';

/**
 * A service account is named by a DNS-1123 subdomain.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export const serviceAccount: Format = {
  name: 'service-account',
  severities: ['error'],
  what: 'A service account is named by a DNS-1123 subdomain.',
  example: '"orders_api" is not a service account\'s name',
  subject: "a service account's name",
  pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  expected: 'a lower-case DNS subdomain: a-z, 0-9, - and ., at most 253',
  hint: 'Write the name of the Kubernetes service account; wildcards are not possible.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
};
