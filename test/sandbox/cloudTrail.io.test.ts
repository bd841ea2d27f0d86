import {
  CloudTrailClient,
  LookupEventsCommand,
  paginateLookupEvents,
  type Event,
  type LookupAttributeKey,
} from '@aws-sdk/client-cloudtrail';
import { CreateRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { podCredentials } from '../../src/sandbox/podCredentials';
import { NAMESPACE, podsOf, ROLES } from './podFixtures';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  errorOf,
  irsaTrust,
  ISSUER,
  MAIN,
  podTrust,
  policy,
  PROVIDER,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

type Record_ = Readonly<Record<string, unknown>>;
const HOP = { account: DATA, name: 'hop', trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])) };
const SHUT = { account: DATA, name: 'shut', trust: policy(podTrust()) };
const READER = {
  account: APPS,
  name: 'reader',
  trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
  inline: { none: allow('iam:GetRole') },
};
const IRSA = { account: APPS, name: 'irsa', trust: policy(irsaTrust(NAMESPACE, 'plain')) };

describe('The event history', () => {
  let now = Math.floor(Date.now() / 1000) * 1000;
  // The clock stands still, and lookups have a rate.
  const quotas = Object.fromEntries([APPS, DATA].map((account) => [account, { lookupsPerSecond: 1000 }]));
  const at = useSandbox(() => ({
    seed: seedWith([...ROLES, HOP, SHUT, READER, IRSA], { quotas }),
    clock: () => new Date(now),
  }));
  const { admit, associate, annotate } = podsOf(at);
  const trail = (account = APPS, region = REGION) =>
    new CloudTrailClient({
      endpoint: at.sandbox.endpoint,
      region,
      maxAttempts: 1,
      systemClockOffset: now - Date.now(),
      credentials: { accessKeyId: account, secretAccessKey: at.sandbox.secretAccessKey },
    });
  const find = async (key: LookupAttributeKey, value: string, account = APPS): Promise<Event[]> => {
    const query = { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] };
    return (await trail(account).send(new LookupEventsCommand(query))).Events ?? [];
  };
  const recordOf = (event: Event | undefined) => JSON.parse(event?.CloudTrailEvent ?? '{}') as Record_;
  const sts = () => clients(at.sandbox, APPS, now - Date.now()).sts;
  const assume = (name: string, account: string, session = 'me') =>
    sts().send(new AssumeRoleCommand({ RoleArn: roleArn(name, account), RoleSessionName: session }));
  const tick = (ms: number) => {
    now += ms;
  };
  const ask = async (pod: ReturnType<typeof admit>) => fetchCredentials(pod.env);
  const fetchCredentials = async (env: Readonly<Record<string, string>>) => {
    const { readFileSync } = await import('node:fs');
    const authorization = readFileSync(env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
    return (await fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers: { authorization } })).status;
  };

  it('has an AssumeRole across accounts in both of them, tied together', async () => {
    await assume('hop', DATA);
    const [mine, theirs] = [
      await find('ResourceName', roleArn('hop', DATA)),
      await find('EventName', 'AssumeRole', DATA),
    ];
    expect([mine.length, theirs.length]).toEqual([1, 1]);
    expect(mine[0]).toMatchObject({
      EventName: 'AssumeRole',
      EventSource: 'sts.amazonaws.com',
      Username: 'sandbox',
      AccessKeyId: APPS,
      ReadOnly: 'true',
      EventTime: new Date(now),
    });
    expect(mine[0]?.Resources?.map(({ ResourceType }) => ResourceType)).toEqual([
      'AWS::IAM::AccessKey',
      'AWS::STS::AssumedRole',
      'AWS::IAM::Role',
    ]);
    expect(recordOf(mine[0])).toMatchObject({
      eventTime: new Date(now).toISOString().replace('.000', ''),
      userIdentity: { type: 'IAMUser', accountId: APPS },
      requestParameters: { roleArn: roleArn('hop', DATA), roleSessionName: 'me' },
      responseElements: { assumedRoleUser: { arn: `arn:aws:sts::${DATA}:assumed-role/hop/me` } },
      resources: [{ accountId: DATA, type: 'AWS::IAM::Role', ARN: roleArn('hop', DATA) }],
      recipientAccountId: APPS,
    });
    expect(recordOf(mine[0]).sharedEventID).toBe(recordOf(theirs[0]).sharedEventID);
    expect(mine[0]?.EventId).not.toBe(theirs[0]?.EventId);
  });

  it('has the change of a trust policy where IAM is, whatever the region of the caller, and its failure', async () => {
    tick(1000);
    const { iam } = clients(at.sandbox, APPS, now - Date.now());
    const document = policy(irsaTrust(NAMESPACE, 'plain'));
    const PolicyDocument = JSON.stringify(document);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'irsa', PolicyDocument }));
    await errorOf(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'nobody', PolicyDocument })));
    await iam.send(new CreateRoleCommand({ RoleName: 'young', AssumeRolePolicyDocument: PolicyDocument }));
    const lookUp = async (region: string, name: string) => {
      const query = { LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: name }] };
      return (await trail(APPS, region).send(new LookupEventsCommand(query))).Events ?? [];
    };
    expect(await lookUp(REGION, 'UpdateAssumeRolePolicy')).toEqual([]);
    const [denied, changed] = await lookUp('us-east-1', 'UpdateAssumeRolePolicy');
    expect(changed).toMatchObject({
      EventSource: 'iam.amazonaws.com',
      ReadOnly: 'false',
      Resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: 'irsa' }],
    });
    expect(recordOf(changed)).toMatchObject({
      awsRegion: 'us-east-1',
      requestParameters: { roleName: 'irsa', policyDocument: PolicyDocument },
      responseElements: null,
      readOnly: false,
    });
    expect(recordOf(denied)).toMatchObject({ errorCode: 'NoSuchEntity', requestParameters: { roleName: 'nobody' } });
    const [created] = await lookUp('us-east-1', 'CreateRole');
    expect(recordOf(created)).toMatchObject({
      requestParameters: { roleName: 'young', assumeRolePolicyDocument: PolicyDocument },
    });
  });

  it('has a refused AssumeRole with its error, and only where it was asked for', async () => {
    tick(1000);
    await errorOf(assume('shut', DATA));
    expect(recordOf((await find('ResourceName', roleArn('shut', DATA)))[0])).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('is not authorized'),
      responseElements: null,
    });
    expect(await find('ResourceName', roleArn('shut', DATA), DATA)).toEqual([]);
  });

  it('has web identity under its service account, and no token', async () => {
    annotate('plain', 'irsa');
    const { env } = admit('plain');
    const { readFileSync } = await import('node:fs');
    const form = (role: string) =>
      new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: role,
        RoleSessionName: 'app',
        WebIdentityToken: readFileSync(env.AWS_WEB_IDENTITY_TOKEN_FILE ?? '', 'utf8'),
      });
    // Without a signature the request names no region: it is the cluster's.
    const query = {
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'AssumeRoleWithWebIdentity' }],
    };
    for (const role of ['irsa', 'dual'])
      await fetch(at.sandbox.endpoint, { method: 'POST', body: form(roleArn(role)) });
    const events = (await trail().send(new LookupEventsCommand(query))).Events ?? [];
    const subject = `system:serviceaccount:${NAMESPACE}:plain`;
    expect(events.map((event) => [event.Username, recordOf(event).errorCode])).toEqual([
      [subject, 'AccessDenied'],
      [subject, undefined],
    ]);
    expect(recordOf(events[1])).toMatchObject({
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: `${PROVIDER}:sts.amazonaws.com:${subject}`,
        userName: subject,
        identityProvider: PROVIDER,
      },
      requestParameters: { roleArn: roleArn('irsa') },
      responseElements: { subjectFromWebIdentityToken: subject, provider: PROVIDER },
    });
    expect(JSON.stringify(events)).not.toContain(Buffer.from(JSON.stringify(ISSUER)).toString('base64url'));
    expect(recordOf(events[1]).requestParameters).not.toHaveProperty('webIdentityToken');
  });

  it('has what EKS Auth was asked, and the AssumeRole that EKS made for it', async () => {
    tick(1000);
    await associate('orders', 'strict');
    expect(await ask(admit('orders'))).toBe(200);
    const [auth] = await find('EventName', 'AssumeRoleForPodIdentity');
    expect(recordOf(auth)).toMatchObject({
      eventSource: 'eks-auth.amazonaws.com',
      requestParameters: { clusterName: 'main', token: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      // AWS's record names neither the service account nor the role.
      responseElements: null,
    });
    expect(recordOf(auth)).not.toHaveProperty('resources');
    expect(auth?.Resources).toEqual([{ ResourceType: 'AWS::EKS::Cluster', ResourceName: 'main' }]);
    const [made] = await find('ResourceName', roleArn('strict'));
    expect(recordOf(made)).toMatchObject({
      eventName: 'AssumeRole',
      userIdentity: { type: 'AWSService', invokedBy: 'pods.eks.amazonaws.com' },
      requestParameters: {
        roleArn: roleArn('strict'),
        tags: expect.arrayContaining([{ key: 'kubernetes-namespace', value: NAMESPACE }]),
      },
    });
    expect(made?.Username).toBeUndefined();
  });

  it('has what EKS Auth refused', async () => {
    tick(1000);
    await associate('wanderer', 'elsewhere');
    expect(await ask(admit('wanderer'))).toBe(400);
    const [auth] = await find('EventName', 'AssumeRoleForPodIdentity');
    expect(recordOf(auth)).toMatchObject({ errorCode: 'AccessDeniedException', responseElements: null });
    expect(recordOf((await find('ResourceName', roleArn('elsewhere')))[0])).toMatchObject({
      errorCode: 'AccessDenied',
    });
  });

  it('is read to its end in pages of fifty at most, the newest first', async () => {
    tick(60_000);
    const start = new Date(now);
    for (let index = 0; index < 120; index += 1) {
      if (index % 30 === 0) tick(1000);
      await assume('hop', DATA, `session-${index}`);
    }
    const sizes: number[] = [];
    const seen: Event[] = [];
    const query = {
      StartTime: start,
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'AssumeRole' }],
    };
    for await (const { Events = [] } of paginateLookupEvents({ client: trail() }, query)) {
      sizes.push(Events.length);
      seen.push(...Events);
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(seen.map((event) => (recordOf(event).requestParameters as Record_).roleSessionName)).toEqual(
      Array.from({ length: 120 }, (_, index) => `session-${119 - index}`),
    );
  });

  it.each<[string, object, string]>([
    [
      'a token of another query',
      { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'true' }], NextToken: '' },
      'InvalidNextTokenException',
    ],
    [
      'two attributes',
      { LookupAttributes: [1, 2].map(() => ({ AttributeKey: 'EventName', AttributeValue: 'x' })) },
      'InvalidLookupAttributesException',
    ],
    [
      'an attribute that is none',
      { LookupAttributes: [{ AttributeKey: 'constructor', AttributeValue: 'x' }] },
      'InvalidLookupAttributesException',
    ],
    ['pages of 51', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['an end before its start', { StartTime: new Date(2000), EndTime: new Date(1000) }, 'InvalidTimeRangeException'],
  ])('refuses %s', async (_what, input, name) => {
    const { NextToken } = await trail().send(new LookupEventsCommand({ MaxResults: 1 }));
    const query = 'NextToken' in input ? { ...input, NextToken } : input;
    expect(await errorOf(trail().send(new LookupEventsCommand(query)))).toMatchObject({ name, status: 400 });
  });

  it('needs the permission to look', async () => {
    const { Credentials } = await assume('reader', APPS);
    const client = new CloudTrailClient({
      endpoint: at.sandbox.endpoint,
      region: REGION,
      systemClockOffset: now - Date.now(),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    const error = await errorOf(client.send(new LookupEventsCommand({})));
    expect(error).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('cloudtrail:LookupEvents'),
    });
  });

  it('shows an event when its delay is over, and not after 90 days', async () => {
    tick(1000);
    at.sandbox.setTiming({ cloudTrailDelay: 15 * 60_000 });
    await assume('hop', DATA, 'late');
    const has = async () => (await find('ResourceName', `arn:aws:sts::${DATA}:assumed-role/hop/late`)).length;
    const seen = [await has()];
    tick(15 * 60_000);
    seen.push(await has());
    tick(90 * 24 * 3_600_000);
    seen.push(await has());
    expect(seen).toEqual([0, 1, 0]);
    at.sandbox.setTiming({ cloudTrailDelay: 0 });
  });
});

(spawnSync('aws', ['--version']).status === 0 ? describe : describe.skip)('The AWS CLI', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  it('looks events up', async () => {
    at.sandbox.kubernetes.setServiceAccount({
      cluster: MAIN,
      namespace: NAMESPACE,
      name: 'orders',
      annotations: { 'eks.amazonaws.com/role-arn': roleArn('dual') },
    });
    await podCredentials(podsOf(at).admit('orders'), { endpoint: at.sandbox.endpoint });
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...at.sandbox.environment() };
    const words = ['cloudtrail', 'lookup-events', '--output', 'json', '--lookup-attributes'];
    const { stdout } = await promisify(execFile)(
      'aws',
      [...words, 'AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity'],
      { env },
    );
    const { Events } = JSON.parse(stdout) as { Events: object[] };
    expect(Events).toMatchObject([{ Username: `system:serviceaccount:${NAMESPACE}:orders` }]);
  });
});
