import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { findClusters, type FoundClusters } from '../../../src/cli/survey/findClusters';
import { ambientCaller, awsPorts } from '../../../src/estate/aws/awsPorts';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { type Sandbox, startSandbox } from '../../../src/sandbox/startSandbox';
import { actionsOf, policyOf } from './permissionsPage';

const MANAGEMENT = '111111111111';
const MEMBER = '333333333333';
const trusts = (account: string) => ({
  Version: '2012-10-17' as const,
  Statement: { Effect: 'Allow' as const, Principal: { AWS: account }, Action: 'sts:AssumeRole' },
});
const documentOf = (...statements: readonly Statement[]) => ({ Version: '2012-10-17' as const, Statement: statements });

/** What a survey of the organisation finds, with these permissions of the operator and of the role in the member account. */
async function surveyWith(operator: readonly Statement[], reader: readonly Statement[]): Promise<FoundClusters> {
  const sandbox = await startSandbox({
    seed: {
      ambientAccount: MANAGEMENT,
      clusters: [{ account: MEMBER, region: 'us-west-2', name: 'prod-main', version: '1.33' }],
      organisations: [{ id: 'o-abcdefghij', accounts: [MANAGEMENT, MEMBER] }],
      roles: [
        { account: MANAGEMENT, name: 'operator', trust: trusts(MANAGEMENT), inline: { own: documentOf(...operator) } },
        { account: MEMBER, name: 'podlift-read', trust: trusts(MANAGEMENT), inline: { own: documentOf(...reader) } },
      ],
    },
  });
  const before = { ...process.env };
  try {
    const { endpoint } = sandbox;
    await assume(sandbox);
    const live = {
      contexts: () => Promise.resolve({ ok: true as const, value: [] }),
      caller: (region: string) => ambientCaller(region, { endpoint }),
      ports: () => ({
        aws: awsPorts({ endpoint, attempts: 1 }),
        kubernetes: () => {
          throw new Error('no cluster is asked');
        },
      }),
      region: undefined,
    };
    const wanted = { contexts: [], accounts: [], regions: [], clusters: [], organization: true, role: 'podlift-read' };
    return await findClusters(wanted, live);
  } finally {
    process.env = before;
    await sandbox.stop();
  }
}

/** Makes the operator's session the ambient credentials. */
async function assume(sandbox: Sandbox): Promise<void> {
  const credentials = { accessKeyId: MANAGEMENT, secretAccessKey: sandbox.secretAccessKey };
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials });
  const RoleArn = `arn:aws:iam::${MANAGEMENT}:role/operator`;
  const { Credentials: session } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'operator' }));
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: session?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey,
    AWS_SESSION_TOKEN: session?.SessionToken,
  });
}

const OPERATOR = policyOf('survey-organization').Statement;
/** The management account has no clusters: its own session lists them, too. */
const OWN: Statement = { Effect: 'Allow', Action: ['eks:ListClusters', 'account:ListRegions'], Resource: '*' };
const READER = policyOf('survey').Statement;
const without = (statements: readonly Statement[], action: string) =>
  statements.filter(({ Action }) => Action !== action);
const CLUSTER = { account: MEMBER, name: 'prod-main', region: 'us-west-2' };

describe('the permissions for a survey of an organisation', () => {
  it('are enough', async () => {
    const { scope, unread } = await surveyWith([...OPERATOR, OWN], READER);
    expect(unread).toEqual([]);
    expect(scope.clusters).toEqual([expect.objectContaining(CLUSTER)]);
    const readRole = `arn:aws:iam::${MEMBER}:role/podlift-read`;
    expect(scope.accounts).toEqual([expect.not.objectContaining({ readRole }), expect.objectContaining({ readRole })]);
  });

  it.each(actionsOf('survey-organization'))('are not without %s', async (action) => {
    const { scope, unread } = await surveyWith([...without(OPERATOR, action), OWN], READER);
    expect(scope.clusters).toEqual([]);
    expect(unread).toEqual([expect.objectContaining({ reason: 'denied' })]);
  });

  it('are not without eks:ListClusters in the account', async () => {
    const { scope, unread } = await surveyWith([...OPERATOR, OWN], without(READER, 'eks:ListClusters'));
    expect([scope.clusters, unread]).toEqual([[], [expect.objectContaining({ account: MEMBER, reason: 'denied' })]]);
  });

  it('find the same without account:ListRegions, in all regions', async () => {
    const { scope, unread } = await surveyWith([...OPERATOR, OWN], without(READER, 'account:ListRegions'));
    expect([scope.clusters, unread]).toEqual([[expect.objectContaining(CLUSTER)], []]);
  });
});
