import { ListClustersCommand } from '@aws-sdk/client-eks';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { accountTrust, APPS, clients, errorOf, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const mfa = (value: string) => accountTrust(APPS, 'sts:AssumeRole', { Bool: { 'aws:MultiFactorAuthPresent': value } });

describe('GetSessionToken', () => {
  let now = new Date();
  const at = useSandbox(() => ({
    clock: () => now,
    seed: seedWith([
      { account: APPS, name: 'open', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
      { account: APPS, name: 'without-mfa', trust: policy(mfa('false')) },
      { account: APPS, name: 'with-mfa', trust: policy(mfa('true')) },
    ]),
  }));
  const as = (given: Credentials | undefined, offset = 0) =>
    clients(
      at.sandbox,
      {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
      },
      offset,
    );
  const token = (DurationSeconds?: number) =>
    clients(at.sandbox).sts.send(new GetSessionTokenCommand({ DurationSeconds }));
  const assume = (name: string) => new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'me' });

  it('gives credentials of the same user, for twelve hours by default', async () => {
    const { Credentials: given } = await token();
    expect(given?.AccessKeyId).toMatch(/^ASIA/);
    expect(given?.Expiration?.getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000 + 12 * 3600 * 1000);
    expect(await as(given).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: APPS,
      Arn: `arn:aws:iam::${APPS}:user/sandbox`,
    });
    expect((await as(given).eks.send(new ListClustersCommand({}))).clusters).toContain('main');
    await expect(as(given).sts.send(assume('open'))).resolves.toBeDefined();
  });

  it('gives credentials that say that there was no MFA, which access keys do not say', async () => {
    const { Credentials: given } = await token();
    await expect(as(given).sts.send(assume('without-mfa'))).resolves.toBeDefined();
    expect(await errorOf(as(given).sts.send(assume('with-mfa')))).toMatchObject({ name: 'AccessDenied' });
    expect(await errorOf(clients(at.sandbox).sts.send(assume('without-mfa')))).toMatchObject({ name: 'AccessDenied' });
  });

  it('gives credentials that cannot call IAM', async () => {
    const { Credentials: given } = await token();
    expect(await errorOf(as(given).iam.send(new ListRolesCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    });
  });

  it('is denied to temporary credentials', async () => {
    const { Credentials: own } = await token();
    const { Credentials: role } = await clients(at.sandbox).sts.send(assume('open'));
    for (const given of [own, role])
      expect(await errorOf(as(given).sts.send(new GetSessionTokenCommand({})))).toMatchObject({
        name: 'AccessDenied',
        status: 403,
        message: 'Cannot call GetSessionToken with session credentials',
      });
  });

  it('gives credentials that end', async () => {
    const { Credentials: given } = await token(900);
    const before = now;
    now = new Date(before.getTime() + 901_000);
    expect(await errorOf(as(given, 901_000).sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'ExpiredToken',
      status: 403,
    });
    now = before;
  });

  it.each([899, 129_601])('refuses %i seconds', async (seconds) => {
    expect(await errorOf(token(seconds))).toMatchObject({ name: 'ValidationError', status: 400 });
  });
});
