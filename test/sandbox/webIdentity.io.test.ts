import { sign } from 'node:crypto';
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ClusterState } from '../../src/sandbox/world/World';
import { type Sandbox } from '../../src/sandbox/startSandbox';
import {
  APPS,
  clients,
  errorOf,
  irsaTrust,
  ISSUER,
  MAIN,
  MAIN_ARN,
  OTHER,
  policy,
  PROVIDER,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const URL = ISSUER.slice('https://'.length);

interface TokenWish {
  readonly cluster?: typeof MAIN;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly audience?: string;
  readonly expiration?: number;
}

function tokenOf(sandbox: Sandbox, { cluster = MAIN, ...wish }: TokenWish = {}): string {
  const standard = {
    namespace: 'production',
    serviceAccount: 'orders',
    audience: 'sts.amazonaws.com',
    expiration: 600,
  };
  return sandbox.kubernetes.createToken(cluster, { ...standard, ...wish });
}

describe('AssumeRoleWithWebIdentity', () => {
  let now = new Date();
  const at = useSandbox(() => ({
    clock: () => now,
    seed: seedWith([
      { account: APPS, name: 'irsa', trust: policy(irsaTrust('production', 'orders')) },
      {
        account: APPS,
        name: 'audience-only',
        trust: policy({ ...irsaTrust('x', 'y'), Condition: { StringEquals: { [`${URL}:aud`]: 'other' } } }),
      },
    ]),
  }));
  beforeEach(() => {
    now = new Date();
  });
  const assume = (token: string, role = 'irsa') =>
    clients(at.sandbox).sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: roleArn(role), RoleSessionName: 'pod', WebIdentityToken: token }),
    );

  it('lets in the service account that the trust policy names, with credentials that work', async () => {
    const answer = await assume(tokenOf(at.sandbox));
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'system:serviceaccount:production:orders',
      Audience: 'sts.amazonaws.com',
      Provider: PROVIDER,
      AssumedRoleUser: { Arn: `arn:aws:sts::${APPS}:assumed-role/irsa/pod` },
    });
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
    const session = clients(at.sandbox, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    expect((await session.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${APPS}:assumed-role/irsa/pod`,
    );
  });

  it.each<[string, TokenWish, string, number]>([
    ['another audience', { audience: 'pods.eks.amazonaws.com' }, 'InvalidIdentityToken', 400],
    ['another service account of the namespace', { serviceAccount: 'other' }, 'AccessDenied', 403],
    ['the same name in another namespace', { namespace: 'staging' }, 'AccessDenied', 403],
    ['another cluster without a provider', { cluster: OTHER }, 'InvalidIdentityToken', 400],
  ])('refuses a token of %s', async (_reason, wish, name, status) => {
    const before = at.sandbox.denials().length;
    const error = await errorOf(assume(tokenOf(at.sandbox, wish)));
    expect(error.name.replace(/Exception$/, '')).toBe(name);
    expect(error.status).toBe(status);
    expect(at.sandbox.denials().slice(before)).toMatchObject([
      { action: 'sts:AssumeRoleWithWebIdentity', resource: roleArn('irsa') },
    ]);
  });

  it('refuses an expired token with the times in the message', async () => {
    const token = tokenOf(at.sandbox);
    now = new Date(now.getTime() + 601_000);
    const error = await errorOf(assume(token));
    expect(error).toMatchObject({ name: 'ExpiredTokenException', status: 400 });
    expect(error.message).toMatch(
      /^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
    );
  });

  it("refuses a token that another cluster signed under this one's name", async () => {
    const [, body = ''] = tokenOf(at.sandbox).split('.');
    const [head = '', , signature = ''] = tokenOf(at.sandbox, { cluster: OTHER }).split('.');
    expect(await errorOf(assume(`${head}.${body}.${signature}`))).toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
  });

  it('refuses a token that claims to need no signature', async () => {
    const [, body = ''] = tokenOf(at.sandbox).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(await errorOf(assume(`${head}.${body}.AAAA`))).toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('refuses a token of the right key that names another algorithm', async () => {
    const [, body = ''] = tokenOf(at.sandbox).split('.');
    const { clusters } = JSON.parse(at.sandbox.save()) as { clusters: Record<string, ClusterState> };
    const { keyId: kid = '', privateKey = '' } = clusters[MAIN_ARN]?.signingKey ?? {};
    const forge = (alg: string) => {
      const head = Buffer.from(JSON.stringify({ alg, kid })).toString('base64url');
      return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`;
    };
    await expect(assume(forge('RS256'))).resolves.toBeDefined();
    expect(await errorOf(assume(forge('RS512')))).toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('refuses a token whose claims were changed after it was signed', async () => {
    const [head = '', body = '', signature = ''] = tokenOf(at.sandbox, { serviceAccount: 'other' }).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    claims.sub = 'system:serviceaccount:production:orders';
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await errorOf(assume(`${head}.${forged}.${signature}`))).toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
  });

  it.each(['not.a.token', 'abcd', `${'a'.repeat(19_000)}.b.c`])('refuses what is no token: %.20s', async (token) => {
    expect(await errorOf(assume(token))).toMatchObject({ name: 'InvalidIdentityTokenException', status: 400 });
  });

  it('says no more than that it is not authorised, but keeps the reason for the denials log', async () => {
    const error = await errorOf(assume(tokenOf(at.sandbox), 'audience-only'));
    expect(error.message).toBe('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(at.sandbox.denials().at(-1)?.explanation).toContain(`${URL}:aud`);
  });

  it('needs the provider, and the audience among its client ids', async () => {
    const { iam } = clients(at.sandbox);
    const provider = { OpenIDConnectProviderArn: PROVIDER };
    const token = tokenOf(at.sandbox);
    await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...provider, ClientID: 'sts.amazonaws.com' }));
    expect((await errorOf(assume(token))).message).toBe('Incorrect token audience');
    await iam.send(new DeleteOpenIDConnectProviderCommand(provider));
    expect((await errorOf(assume(token))).message).toBe(
      `No OpenIDConnect provider found in your account for ${ISSUER}`,
    );
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: ['sts.amazonaws.com'] }));
    await expect(assume(token)).resolves.toBeDefined();
  });

  it('treats a role that does not exist like one that does not trust', async () => {
    expect(await errorOf(assume(tokenOf(at.sandbox), 'missing'))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('ends the session with the hour', async () => {
    const { Credentials } = await assume(tokenOf(at.sandbox));
    const given = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const hour = 3_601_000;
    now = new Date(now.getTime() + hour);
    const session = clients(at.sandbox, given, hour);
    expect(await errorOf(session.sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'ExpiredToken',
      status: 403,
    });
  });
});
