import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { ISSUER, MAIN, seedWith, useSandbox } from './testSandbox';

// The tokens are signed by the sandbox's own few lines; an independent library is what says that they are what Kubernetes projects.

const held = useSandbox(() => ({ seed: seedWith() }));

describe('A projected token', () => {
  it('is verified by a JOSE library with the key set that its issuer publishes', async () => {
    const { sandbox } = held;
    const request = { namespace: 'shop', serviceAccount: 'api', audience: 'sts.amazonaws.com', expiration: 600 };
    const token = sandbox.kubernetes.createToken(MAIN, request);

    const base = `${sandbox.endpoint}/oidc/${ISSUER.replace('https://', '')}`;
    const discovery = (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    expect(discovery.issuer).toBe(ISSUER);
    const keys = (await (await fetch(discovery.jwks_uri)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: ISSUER,
      audience: 'sts.amazonaws.com',
      subject: 'system:serviceaccount:shop:api',
      algorithms: ['RS256'],
    });
    expect(payload['kubernetes.io']).toMatchObject({ namespace: 'shop', serviceaccount: { name: 'api' } });
    expect(decodeProtectedHeader(token).kid).toBe(keys.keys[0]?.kid);
  });
});
