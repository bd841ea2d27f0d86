import { DescribeClusterVersionsCommand, type DescribeClusterVersionsCommandInput } from '@aws-sdk/client-eks';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { accountTrust, allow, APPS, clients, errorOf, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const NOW = new Date('2026-08-22T12:00:00Z');

describe('The Kubernetes versions of EKS', () => {
  let now = NOW.getTime();
  const trust = policy(accountTrust(APPS, 'sts:AssumeRole'));
  const at = useSandbox(() => ({
    seed: seedWith([{ account: APPS, name: 'other', trust, inline: { own: allow('eks:ListClusters') } }]),
    clock: () => new Date(now),
  }));
  const offset = () => now - Date.now();
  const list = async (input: DescribeClusterVersionsCommandInput = {}) =>
    (await clients(at.sandbox, APPS, offset()).eks.send(new DescribeClusterVersionsCommand(input))).clusterVersions ??
    [];
  const names = async (input: DescribeClusterVersionsCommandInput) =>
    (await list(input)).map(({ clusterVersion }) => clusterVersion);
  beforeEach(() => {
    now = NOW.getTime();
  });

  it('have the dates and the status of EKS’s calendar', async () => {
    const found = await list({ clusterVersions: ['1.33', '1.34'] });
    expect(found).toMatchObject([
      {
        clusterVersion: '1.33',
        clusterType: 'eks',
        status: 'EXTENDED_SUPPORT',
        versionStatus: 'EXTENDED_SUPPORT',
        releaseDate: new Date('2025-05-29T00:00:00Z'),
        endOfStandardSupportDate: new Date('2026-07-29T00:00:00Z'),
        endOfExtendedSupportDate: new Date('2027-07-29T00:00:00Z'),
      },
      { clusterVersion: '1.34', versionStatus: 'STANDARD_SUPPORT' },
    ]);
  });

  it('are those that EKS supports on the day, and all with includeAll', async () => {
    expect(await names({})).toEqual(['1.31', '1.32', '1.33', '1.34', '1.35', '1.36']);
    expect(await names({ includeAll: true })).toEqual(['1.29', '1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36']);
    now = Date.parse('2026-11-26T00:00:00Z');
    expect(await names({})).toEqual(['1.32', '1.33', '1.34', '1.35', '1.36']);
  });

  it.each<[DescribeClusterVersionsCommandInput, string[]]>([
    [{ versionStatus: 'UNSUPPORTED' }, ['1.29', '1.30']],
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- AWS still takes it.
    [{ status: 'standard-support' }, ['1.34', '1.35', '1.36']],
    [{ defaultOnly: true }, ['1.36']],
    [{ clusterType: 'eks-local-outposts' }, []],
    [{ clusterVersions: ['1.31'] }, ['1.31']],
    [{ clusterVersions: ['9.9'] }, []],
  ])('are filtered by %j', async (input, wanted) => {
    expect(await names(input)).toEqual(wanted);
  });

  it('need their permission', async () => {
    const { sts } = clients(at.sandbox, APPS, offset());
    const { Credentials: own } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn('other'), RoleSessionName: 'me' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = own ?? {};
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const { eks } = clients(at.sandbox, keys, offset());
    expect(await errorOf(eks.send(new DescribeClusterVersionsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
    });
  });
});
