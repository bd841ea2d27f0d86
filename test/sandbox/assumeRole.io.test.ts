import { DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, type Credentials } from '@aws-sdk/client-sts';
import type { SeedRole } from '../../src/sandbox/Seed';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  errorOf,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const BOTH = ['sts:AssumeRole', 'sts:TagSession'];
const source: SeedRole = {
  account: APPS,
  name: 'source',
  trust: policy(accountTrust(APPS, BOTH)),
  inline: { hop: allow(BOTH) },
};

describe('AssumeRole', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      source,
      { ...source, name: 'powerless', inline: {} },
      { ...source, name: 'bounded', permissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' },
      { account: DATA, name: 'open', trust: policy(accountTrust(APPS, BOTH)) },
      { account: DATA, name: 'no-tags', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
      {
        account: DATA,
        name: 'team-a',
        trust: policy(accountTrust(APPS, BOTH, { StringEquals: { 'aws:RequestTag/team': 'a' } })),
      },
      {
        account: DATA,
        name: 'by-principal',
        trust: policy(accountTrust(APPS, BOTH, { ArnEquals: { 'aws:PrincipalArn': roleArn('source') } })),
      },
      {
        account: DATA,
        name: 'external',
        trust: policy(accountTrust(APPS, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'secret' } })),
      },
      { account: DATA, name: 'closed', trust: policy(accountTrust('999999999999', BOTH)) },
      { account: DATA, name: 'long', trust: policy(accountTrust(APPS, BOTH)), maxSessionDuration: 7200 },
      { account: APPS, name: 'short-lived', trust: policy(accountTrust(APPS, BOTH)) },
    ]),
  }));
  const as = (credentials?: Credentials) =>
    credentials === undefined
      ? clients(at.sandbox)
      : clients(at.sandbox, {
          accessKeyId: credentials.AccessKeyId ?? '',
          secretAccessKey: credentials.SecretAccessKey ?? '',
          sessionToken: credentials.SessionToken ?? '',
        });
  const assume = (role: string, account: string, from?: Credentials, rest: object = {}) =>
    as(from).sts.send(new AssumeRoleCommand({ RoleArn: roleArn(role, account), RoleSessionName: 'test', ...rest }));
  const tagged = { Tags: [{ Key: 'team', Value: 'a' }], TransitiveTagKeys: ['team'] };

  it('crosses accounts, and the session is of the other account', async () => {
    const { Credentials: mine } = await assume('source', APPS);
    const { Credentials: theirs, AssumedRoleUser } = await assume('open', DATA, mine);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA\w{17}:test$/);
    expect(await as(theirs).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: DATA,
      Arn: `arn:aws:sts::${DATA}:assumed-role/open/test`,
    });
  });

  it('takes transitive tags along, and tells them from those of the request', async () => {
    const { Credentials: withTags } = await assume('source', APPS, undefined, tagged);
    await expect(assume('team-a', DATA, withTags)).resolves.toBeDefined();
    const { Credentials: last } = await assume('source', APPS, undefined, { Tags: tagged.Tags });
    expect(await errorOf(assume('team-a', DATA, last))).toMatchObject({ name: 'AccessDenied' });
  });

  it.each<[string, string, string, object, string]>([
    ['a trust that does not name the account', 'source', 'closed', {}, 'sts:AssumeRole'],
    ['a role that does not exist', 'source', 'missing', {}, 'sts:AssumeRole'],
    ["a caller without the permission, the trust being its account's", 'powerless', 'open', {}, 'sts:AssumeRole'],
    ['a caller whose boundary does not have it', 'bounded', 'open', {}, 'sts:AssumeRole'],
    ['another role of the account than the one the condition names', 'bounded', 'by-principal', {}, 'sts:AssumeRole'],
    ['a missing external id', 'source', 'external', {}, 'sts:AssumeRole'],
    ['a wrong external id', 'source', 'external', { ExternalId: 'guess' }, 'sts:AssumeRole'],
    ['a tag that the condition asks for and that is missing', 'source', 'team-a', {}, 'sts:AssumeRole'],
    ['tags that the trust policy does not take', 'source', 'no-tags', { Tags: tagged.Tags }, 'sts:TagSession'],
  ])('is denied for %s', async (_reason, from, to, rest, action) => {
    const { Credentials: mine } = await assume(from, APPS);
    const error = await errorOf(assume(to, DATA, mine, rest));
    expect(error).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(error.message).toBe(
      `User: arn:aws:sts::${APPS}:assumed-role/${from}/test is not authorized to perform: ${action} on resource: ${roleArn(to, DATA)}`,
    );
    expect(at.sandbox.denials().at(-1)).toMatchObject({ action, resource: roleArn(to, DATA), message: error.message });
  });

  it('is allowed where each of those is put right', async () => {
    const { Credentials: mine } = await assume('source', APPS);
    await expect(assume('by-principal', DATA, mine)).resolves.toBeDefined();
    await expect(assume('external', DATA, mine, { ExternalId: 'secret' })).resolves.toBeDefined();
    await expect(assume('team-a', DATA, mine, { Tags: tagged.Tags })).resolves.toBeDefined();
    await expect(assume('no-tags', DATA, mine)).resolves.toBeDefined();
  });

  it('is denied to a tagged session at a target that does not take tags, though it sends none itself', async () => {
    const { Credentials: withTags } = await assume('source', APPS, undefined, tagged);
    expect((await errorOf(assume('no-tags', DATA, withTags))).message).toContain('sts:TagSession');
  });

  it('refuses to set a tag again that came along', async () => {
    const { Credentials: withTags } = await assume('source', APPS, undefined, tagged);
    const again = await errorOf(assume('open', DATA, withTags, { Tags: [{ Key: 'TEAM', Value: 'b' }] }));
    expect(again).toMatchObject({ name: 'InvalidParameterValue', status: 400 });
  });

  it.each([
    ['two hours of a role for one', 'source', undefined, 7200, 'MaxSessionDuration'],
    ['two hours from a session', 'long', 'source', 7200, 'role chaining'],
    ['five minutes', 'source', undefined, 300, '900'],
  ])('refuses %s', async (_reason, role, from, DurationSeconds, message) => {
    const mine = from === undefined ? undefined : (await assume(from, APPS)).Credentials;
    const error = await errorOf(assume(role, role === 'long' ? DATA : APPS, mine, { DurationSeconds }));
    expect(error).toMatchObject({ name: 'ValidationError', status: 400 });
    expect(error.message).toContain(message);
  });

  it('narrows a session by the policy that the caller sends', async () => {
    const { Credentials: mine } = await assume('source', APPS, undefined, { Policy: JSON.stringify(allow('s3:*')) });
    const error = await errorOf(assume('open', DATA, mine));
    expect(error.name).toBe('AccessDenied');
    expect(at.sandbox.denials().at(-1)?.decision?.reason).toBe('session policy does not allow it');
  });

  it.each([
    [2048, 'takes'],
    [2049, 'refuses'],
  ])('of a session policy with %i characters: %s it', async (length, verdict) => {
    const bare = JSON.stringify(allow('s3:*', 'arn:aws:s3:::'));
    const Policy = JSON.stringify(allow('s3:*', `arn:aws:s3:::${'x'.repeat(length - bare.length)}`));
    const answer = assume('source', APPS, undefined, { Policy });
    if (verdict === 'takes') return expect(answer).resolves.toBeDefined();
    expect(await errorOf(answer)).toMatchObject({ name: 'ValidationError', status: 400 });
  });

  it('refuses eleven session policies by ARN', async () => {
    const PolicyArns = Array.from({ length: 11 }, () => ({ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
    expect(await errorOf(assume('source', APPS, undefined, { PolicyArns }))).toMatchObject({ name: 'ValidationError' });
  });

  it('reads the policies as they are at the time of each call', async () => {
    const { Credentials: mine } = await assume('source', APPS);
    await as().iam.send(new DeleteRolePolicyCommand({ RoleName: 'source', PolicyName: 'hop' }));
    expect(await errorOf(assume('open', DATA, mine))).toMatchObject({ name: 'AccessDenied' });
  });

  it('leaves sessions of a deleted role worthless', async () => {
    const { Credentials: mine } = await assume('short-lived', APPS);
    await as().iam.send(new DeleteRoleCommand({ RoleName: 'short-lived' }));
    expect(await errorOf(as(mine).sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    });
    expect(await errorOf(as().iam.send(new GetRoleCommand({ RoleName: 'short-lived' })))).toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('does not know about MFA, and says so', async () => {
    const mfa = { SerialNumber: 'arn:aws:iam::111111111111:mfa/me', TokenCode: '123456' };
    expect(await errorOf(assume('open', DATA, undefined, mfa))).toMatchObject({ status: 501 });
  });
});
