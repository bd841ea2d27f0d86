import { clusterByIssuer } from '../world/findState';
import type { World } from '../world/World';
import { publicJwkOf } from './signToken';

const PREFIX = '/oidc/';

/**
 * The two documents of every cluster's OIDC issuer, at `/oidc/<issuer without https://>/.well-known/openid-configuration`
 * and `…/keys`. `issuer` is the URL that the cluster states, the key set stands on loopback.
 * Undefined when the path is of neither.
 * Source: https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function issuerDocument(
  world: World,
  path: string,
  endpoint: string,
): Readonly<Record<string, unknown>> | undefined {
  const match = /^\/oidc\/(.+)\/(\.well-known\/openid-configuration|keys)$/.exec(path);
  const [, issuer = '', document] = match ?? [];
  const cluster = clusterByIssuer(world, `https://${issuer}`);
  if (cluster === undefined) return undefined;
  if (document === 'keys') return { keys: [publicJwkOf(cluster)] };
  return {
    issuer: cluster.issuer,
    jwks_uri: `${endpoint}${PREFIX}${issuer}/keys`,
    authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss'],
  };
}
