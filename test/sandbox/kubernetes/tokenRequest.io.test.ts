import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { kubectlOf } from '../testCluster';
import { APPS, clients, irsaTrust, ISSUER, MAIN, policy, roleArn, seedWith, useSandbox } from '../testSandbox';
import { apiOf } from './testApi';

const ROLE = { account: APPS, name: 'app', trust: policy(irsaTrust('shop', 'orders')) };
const CLUSTER = {
  ...MAIN,
  version: '1.33',
  issuer: ISSUER,
  serviceAccounts: [{ namespace: 'shop', name: 'orders', annotations: {} }],
};

describe('A token that a client requests for a service account', () => {
  const at = useSandbox(() => ({ seed: seedWith([ROLE], { clusters: [CLUSTER] }) }));
  const { path, send } = apiOf(at);
  const { kubectl } = kubectlOf(at);
  const request = (spec: object, name = 'orders') =>
    send('POST', `${path('serviceaccounts', name)}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec,
    });
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const assume = (WebIdentityToken: string) =>
    clients(at.sandbox).sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: roleArn('app'), RoleSessionName: 'keda', WebIdentityToken }),
    );

  it('lets kubectl and STS work together, as a controller does', async () => {
    const { out } = await kubectl(['create', 'token', 'orders', '-n', 'shop', '--audience', 'sts.amazonaws.com']);
    const { AssumedRoleUser } = await assume(out.trim());
    expect(AssumedRoleUser?.Arn).toMatch(/assumed-role\/app\/keda$/);
  });

  it('is for the API server without an audience, and STS refuses it', async () => {
    const { status, body } = await request({});
    const token = textAt(objectAt(body, 'status'), 'token') ?? '';
    expect([status, claimsOf(token).aud]).toEqual([201, [ISSUER]]);
    await expect(assume(token)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it.each([
    [
      'a life below ten minutes',
      { expirationSeconds: 599 },
      'orders',
      422,
      /may not specify a duration less than 10 minutes/,
    ],
    ['an account that does not exist', {}, 'other', 404, /serviceaccounts "other" not found/],
    [
      'a pod that does not exist',
      { boundObjectRef: { kind: 'Pod', name: 'gone' } },
      'orders',
      404,
      /pods "gone" not found/,
    ],
  ] as const)('is refused for %s', async (_, spec, name, status, message) => {
    const answer = await request(spec, name);
    expect(answer.status).toBe(status);
    expect(textAt(answer.body, 'message')).toMatch(message);
  });

  it('lives a day at most', async () => {
    const { body } = await request({ audiences: ['sts.amazonaws.com'], expirationSeconds: 200_000 });
    const { exp, iat } = claimsOf(textAt(objectAt(body, 'status'), 'token') ?? '') as { exp: number; iat: number };
    expect(exp - iat).toBe(86_400);
  });
});
