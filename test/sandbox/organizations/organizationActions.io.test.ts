import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { startSandbox } from '../../../src/sandbox/startSandbox';

const [MANAGEMENT, MEMBER, ALONE] = ['111111111111', '222222222222', '333333333333'];

describe('the organisation of the sandbox', () => {
  const withSandbox = async <T>(
    account: string,
    use: (config: object) => Promise<T>,
    organisation: object = {},
  ): Promise<T> => {
    const sandbox = await startSandbox({
      seed: {
        ambientAccount: MANAGEMENT,
        accounts: [ALONE],
        clusters: [{ account: MEMBER, region: 'eu-south-1', name: 'main', version: '1.33' }],
        organisations: [{ id: 'o-abcdefghij', accounts: [MANAGEMENT, MEMBER], ...organisation }],
      },
    });
    const credentials = { accessKeyId: account, secretAccessKey: sandbox.secretAccessKey };
    try {
      return await use({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    } finally {
      await sandbox.stop();
    }
  };
  const list = (account: string, organisation?: object) =>
    withSandbox(account, (config) => new OrganizationsClient(config).send(new ListAccountsCommand({})), organisation);
  const regions = (account: string, status: 'ENABLED' | 'DISABLED' | 'ENABLED_BY_DEFAULT') =>
    withSandbox(account, async (config) => {
      const input = { RegionOptStatusContains: [status] };
      const { Regions = [] } = await new AccountClient(config).send(new ListRegionsCommand(input));
      return Regions.map(({ RegionName: name }) => name);
    });

  it('is listed by its management account alone', async () => {
    const { Accounts = [] } = await list(MANAGEMENT);
    expect(Accounts).toMatchObject([
      {
        Id: MANAGEMENT,
        Status: 'ACTIVE',
        Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-abcdefghij/${MANAGEMENT}`,
      },
      { Id: MEMBER, Status: 'ACTIVE' },
    ]);
    await expect(list(MEMBER)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(list(ALONE)).rejects.toMatchObject({ name: 'AWSOrganizationsNotInUseException' });
  });

  it('has the management account, the names and the states that the seed says', async () => {
    const seed = { management: MEMBER, names: { [MEMBER]: 'Root' }, suspended: [MANAGEMENT] };
    expect((await list(MEMBER, seed)).Accounts).toMatchObject([
      { Id: MANAGEMENT, Name: MANAGEMENT, Status: 'SUSPENDED' },
      { Id: MEMBER, Name: 'Root', Status: 'ACTIVE' },
    ]);
    await expect(list(MANAGEMENT, seed)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('has accounts that opt in to the regions of their clusters', async () => {
    expect(await regions(MEMBER, 'ENABLED')).toEqual(['eu-south-1']);
    expect(await regions(MANAGEMENT, 'ENABLED')).toEqual([]);
    expect(await regions(MANAGEMENT, 'DISABLED')).toContain('eu-south-1');
    expect(await regions(MANAGEMENT, 'ENABLED_BY_DEFAULT')).toContain('eu-central-1');
  });
});
