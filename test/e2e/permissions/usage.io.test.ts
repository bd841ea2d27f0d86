import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import {
  accountTrust,
  allow,
  clients,
  policy,
  podTrust,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from '../../sandbox/testSandbox';
import { actionsOf, policyOf } from './permissionsPage';

const ACCOUNT = '333333333333';
const READER = roleArn('podlift-read', ACCOUNT);
const ROLE = roleArn('orders', ACCOUNT);
const ANALYZER = `arn:aws:access-analyzer:${REGION}:${ACCOUNT}:analyzer/unused`;
const OLD = '2020-01-01T00:00:00.000Z';
const LATELY = new Date(Date.now() - 86_400_000).toISOString();
const account = { key: 'apps', id: ACCOUNT, readRole: READER };

/** Reading the use of permissions, with the real SDK, from the sandbox. */
describe('the use of permissions', () => {
  const started = useSandbox(() => ({
    seed: {
      ...seedWith([
        { account: ACCOUNT, name: 'podlift-read', trust: policy(accountTrust(ACCOUNT, 'sts:AssumeRole')) },
        {
          account: ACCOUNT,
          name: 'orders',
          trust: policy(podTrust()),
          inline: { own: allow(['s3:GetObject', 'ssm:GetParameter', 'ssm:GetParameters', 'sqs:SendMessage']) },
          createdAt: OLD,
          lastUsed: LATELY,
          used: { 's3:GetObject': LATELY, 'ssm:GetParameter': LATELY },
        },
        { account: ACCOUNT, name: 'idle', trust: policy(podTrust()), inline: { own: allow('s3:*') }, createdAt: OLD },
        { account: ACCOUNT, name: 'young', trust: policy(podTrust()), inline: { own: allow('s3:*') } },
      ]),
      ambientAccount: ACCOUNT,
      analyzers: [{ account: ACCOUNT, region: REGION, name: 'unused', days: 90 }],
    },
  }));
  const before = { ...process.env };
  beforeAll(async () => {
    Object.assign(process.env, started.sandbox.environment(ACCOUNT));
    await may(policyOf('usage'));
  });
  afterAll(() => {
    process.env = { ...before };
  });

  async function may(document: PolicyDocument): Promise<void> {
    const PolicyDocument = JSON.stringify(document);
    await clients(started.sandbox, ACCOUNT).iam.send(
      new PutRolePolicyCommand({ RoleName: 'podlift-read', PolicyName: 'read', PolicyDocument }),
    );
  }
  const port = (region = REGION) => awsPorts({ attempts: 1 })(account, region);
  const readAll = async () => [
    await port().lastAccessed(ROLE),
    await port().analyzers(),
    await port().unusedFindings(ANALYZER, ROLE),
  ];

  it('has tracked actions with and without a time, data events by their service alone, and services that were never reached', async () => {
    expect(await port().lastAccessed(ROLE)).toMatchObject({
      ok: true,
      value: {
        services: [
          { service: 's3', lastAccessed: LATELY.replace(/\.\d+Z$/, '.000Z'), tracked: [] },
          { service: 'sqs', tracked: [] },
          {
            service: 'ssm',
            tracked: [
              { action: 'ssm:GetParameter', lastAccessed: LATELY.replace(/\.\d+Z$/, '.000Z') },
              { action: 'ssm:GetParameters' },
            ],
          },
        ],
      },
    });
  });

  it('is that of a role that exists', async () => {
    expect(await port().lastAccessed(roleArn('nobody', ACCOUNT))).toMatchObject({ ok: true, value: undefined });
  });

  it('is what a session tried, also if it was denied', async () => {
    await port().lastAccessed(ROLE);
    const own = await port().lastAccessed(READER);
    expect(own).toMatchObject({ ok: true });
    expect(JSON.stringify(own)).toMatch(/"service":"iam","lastAccessed":"20/);
  });

  it('has the analyzers of the region, and what they found', async () => {
    expect(await port().analyzers()).toMatchObject({
      ok: true,
      value: [{ arn: ANALYZER, analyzerType: 'ACCOUNT_UNUSED_ACCESS', days: 90 }],
    });
    expect(await port('eu-central-1').analyzers()).toMatchObject({ ok: true, value: [] });
    expect(await port().unusedFindings(ANALYZER, ROLE)).toMatchObject({
      ok: true,
      value: [
        {
          findingType: 'UnusedPermission',
          findingStatus: 'ACTIVE',
          services: [{ service: 'sqs' }, { service: 'ssm', unused: ['ssm:GetParameters'] }],
        },
      ],
    });
    expect(await port().unusedFindings(ANALYZER, roleArn('idle', ACCOUNT))).toMatchObject({
      value: [{ findingType: 'UnusedIAMRole', services: [] }],
    });
    expect(await port().unusedFindings(ANALYZER, roleArn('young', ACCOUNT))).toMatchObject({ value: [] });
  });

  it('of another analyzer is no empty list', async () => {
    expect(await port().unusedFindings(`${ANALYZER}-gone`, ROLE)).toMatchObject({ ok: false, why: 'failed' });
  });

  it.each(actionsOf('usage'))('cannot be read without %s', async (action) => {
    const document = policyOf('usage');
    const without = document.Statement.flatMap((statement) => {
      const left = [statement.Action].flat().filter((one) => one !== action);
      return left.length === 0 ? [] : [{ ...statement, Action: left as string[] }];
    });
    await may({ ...document, Statement: without });
    expect((await readAll()).filter(({ ok }) => !ok)).toMatchObject([{ why: 'denied' }]);
    await may(document);
    expect((await readAll()).every(({ ok }) => ok)).toBe(true);
  });
});
