import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { AssumeRoleCommand, type Credentials } from '@aws-sdk/client-sts';
import type { SeedRole } from '../../src/sandbox/Seed';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  errorOf,
  policy,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const IDENTITY = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
const role = (name: string, trusted: string | string[], inline: string | string[] = '*'): SeedRole => ({
  account: APPS,
  name,
  trust: policy(accountTrust(APPS, trusted)),
  inline: { own: allow(inline) },
});

describe('A source identity', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      role('first', IDENTITY),
      role('second', IDENTITY),
      role('powerless', IDENTITY, 'sts:AssumeRole'),
      role('plain', 'sts:AssumeRole'),
      {
        ...role('only-diego', IDENTITY),
        trust: policy(
          accountTrust(APPS, 'sts:AssumeRole'),
          accountTrust(APPS, 'sts:SetSourceIdentity', { StringEquals: { 'sts:SourceIdentity': 'diego' } }),
        ),
      },
      {
        ...role('after-diego', IDENTITY),
        trust: policy(accountTrust(APPS, IDENTITY, { StringEquals: { 'aws:SourceIdentity': 'diego' } })),
      },
      {
        ...role('named', IDENTITY),
        trust: policy(accountTrust(APPS, IDENTITY, { StringEquals: { 'sts:RoleSessionName': 'test' } })),
      },
    ]),
  }));
  const as = (given?: Credentials) =>
    given === undefined
      ? clients(at.sandbox)
      : clients(at.sandbox, {
          accessKeyId: given.AccessKeyId ?? '',
          secretAccessKey: given.SecretAccessKey ?? '',
          sessionToken: given.SessionToken ?? '',
        });
  const assume = (to: string, SourceIdentity?: string, from?: Credentials) =>
    as(from).sts.send(new AssumeRoleCommand({ RoleArn: roleArn(to), RoleSessionName: 'test', SourceIdentity }));
  const denial = (to: string, from: string) => ({
    name: 'AccessDenied',
    status: 403,
    message: `User: ${from} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn(to)}`,
  });
  const session = (name: string) => `arn:aws:sts::${APPS}:assumed-role/${name}/test`;
  const administrator = `arn:aws:iam::${APPS}:user/sandbox`;

  it('is in the answer, and stays through a chain of roles', async () => {
    const first = await assume('first', 'diego');
    expect(first.SourceIdentity).toBe('diego');
    const second = await assume('second', undefined, first.Credentials);
    expect(second.SourceIdentity).toBe('diego');
    await expect(assume('after-diego', 'diego', second.Credentials)).resolves.toMatchObject({
      SourceIdentity: 'diego',
    });
  });

  it('is absent where nobody sets one', async () => {
    const first = await assume('first');
    expect(first.SourceIdentity).toBeUndefined();
    expect((await errorOf(assume('after-diego', undefined, first.Credentials))).message).toContain('sts:AssumeRole');
  });

  it('cannot be changed', async () => {
    const first = await assume('first', 'diego');
    expect(await errorOf(assume('second', 'saanvi', first.Credentials))).toMatchObject(
      denial('second', session('first')),
    );
  });

  it('needs sts:SetSourceIdentity in the trust policy, also when it is inherited', async () => {
    expect(await errorOf(assume('plain', 'diego'))).toMatchObject(denial('plain', administrator));
    const first = await assume('first', 'diego');
    expect(await errorOf(assume('plain', undefined, first.Credentials))).toMatchObject(
      denial('plain', session('first')),
    );
    await expect(assume('plain')).resolves.toBeDefined();
  });

  it("needs sts:SetSourceIdentity in the caller's policies, also when it is inherited", async () => {
    const plain = await assume('powerless');
    expect(await errorOf(assume('second', 'diego', plain.Credentials))).toMatchObject(
      denial('second', session('powerless')),
    );
    const withIdentity = await assume('powerless', 'diego');
    expect(await errorOf(assume('second', undefined, withIdentity.Credentials))).toMatchObject(
      denial('second', session('powerless')),
    );
  });

  it('can be limited by its value', async () => {
    await expect(assume('only-diego', 'diego')).resolves.toBeDefined();
    expect(await errorOf(assume('only-diego', 'saanvi'))).toMatchObject(denial('only-diego', administrator));
  });

  it('is not allowed by a statement with a condition on the name of the session', async () => {
    await expect(assume('named')).resolves.toBeDefined();
    expect(await errorOf(assume('named', 'diego'))).toMatchObject(denial('named', administrator));
  });

  it.each(['x', 'with a blank', 'aws:diego', 'y'.repeat(65)])('is refused as %s', async (value) => {
    expect(await errorOf(assume('first', value))).toMatchObject({ name: 'ValidationError', status: 400 });
  });

  it('is in the events of CloudTrail', async () => {
    const first = await assume('first', 'carla');
    await assume('second', undefined, first.Credentials);
    const trail = new CloudTrailClient({
      endpoint: at.sandbox.endpoint,
      region: REGION,
      credentials: { accessKeyId: APPS, secretAccessKey: at.sandbox.secretAccessKey },
    });
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }] }),
    );
    const records = Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent) as Record<string, unknown>);
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ requestParameters: expect.objectContaining({ sourceIdentity: 'carla' }) as unknown }),
        expect.objectContaining({
          userIdentity: expect.objectContaining({
            sessionContext: expect.objectContaining({ sourceIdentity: 'carla' }) as unknown,
          }) as unknown,
        }),
      ]),
    );
  });
});
