import { CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { APPS, clients, MAIN, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const NAMESPACE = 'production';
const ROLES = [{ account: APPS, name: 'dual', trust: policy(podTrust()) }];

describe('The agent', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  const ask = async (authorization: string) => {
    const response = await fetch(`${at.sandbox.endpoint}/v1/credentials`, { headers: { authorization } });
    return { status: response.status, text: await response.text() };
  };
  const token = (wish: object = {}) =>
    at.sandbox.kubernetes.createToken(MAIN, {
      namespace: NAMESPACE,
      serviceAccount: 'orders',
      audience: 'pods.eks.amazonaws.com',
      expiration: 600,
      pod: { name: 'pod-1', uid: 'b1b1' },
      ...wish,
    });

  it('answers as the SDKs want it', async () => {
    const input = { clusterName: 'main', namespace: NAMESPACE, serviceAccount: 'orders', roleArn: roleArn('dual') };
    await clients(at.sandbox).eks.send(new CreatePodIdentityAssociationCommand(input));
    const { status, text } = await ask(token());
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      Token: expect.any(String),
      AccountId: APPS,
      Expiration: expect.stringMatching(/Z$/),
    });
  });

  it.each<[string, () => string, number, string]>([
    ['nothing', () => '', 400, 'Service account token cannot be empty'],
    ['a bearer prefix', () => `Bearer ${token()}`, 400, 'cannot be parsed'],
    ['a token for another audience', () => token({ audience: 'sts.amazonaws.com' }), 400, 'InvalidTokenException'],
    ['a token that is bound to no pod', () => token({ pod: undefined }), 400, 'InvalidTokenException'],
    [
      'a token with a foreign signature',
      () => `${token().split('.').slice(0, 2).join('.')}.${token({ serviceAccount: 'x' }).split('.')[2] ?? ''}`,
      400,
      'InvalidTokenException',
    ],
    ['an expired token', () => token({ expiration: -1 }), 400, 'expired'],
    [
      'a service account without an association',
      () => token({ serviceAccount: 'other' }),
      404,
      'ResourceNotFoundException',
    ],
    [
      'the same service account of another namespace',
      () => token({ namespace: 'staging' }),
      404,
      'ResourceNotFoundException',
    ],
  ])('refuses %s', async (_what, make, status, words) => {
    const answer = await ask(make());
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
  });
});
