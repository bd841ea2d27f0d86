import type { Format } from '../Format';

/** An OIDC issuer is an `https://` URL without a trailing slash or query. */
export const oidcIssuer: Format = {
  name: 'oidc-issuer',
  severities: ['error'],
  what: 'An OIDC issuer is an `https://` URL without a trailing slash or query.',
  example: '"https://oidc.example.com/" is not an OIDC issuer',
  subject: 'an OIDC issuer',
  pattern: /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[\w.~%-]+)*$/,
  expected: 'https://<host>/<path> without query, fragment, port or trailing slash',
  hint: 'Copy it from: aws eks describe-cluster --query cluster.identity.oidc.issuer',
};
