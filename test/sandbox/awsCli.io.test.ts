import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { accountTrust, APPS, DATA, podTrust, policy, REGION, roleArn, seedWith, useSandbox } from './testSandbox';

const run = promisify(execFile);
const available = spawnSync('aws', ['--version']).status === 0;

(available ? describe : describe.skip)('The AWS CLI', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      { account: APPS, name: 'app', trust: policy(podTrust()) },
      { account: DATA, name: 'ledger', trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])) },
    ]),
  }));
  const aws = async (...args: string[]): Promise<Record<string, Record<string, unknown>>> => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...at.sandbox.environment() };
    const { stdout } = await run('aws', [...args, '--output', 'json'], { env });
    return JSON.parse(stdout) as Record<string, Record<string, unknown>>;
  };

  it('knows who it is', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({
      Account: APPS,
      Arn: `arn:aws:iam::${APPS}:user/sandbox`,
    });
  });

  it('makes an association with a target role and reads its external id', async () => {
    const create = ['eks', 'create-pod-identity-association', '--cluster-name', 'main', '--namespace', 'production'];
    const roles = [
      '--service-account',
      'orders',
      '--role-arn',
      roleArn('app'),
      '--target-role-arn',
      roleArn('ledger', DATA),
    ];
    const { association } = await aws(...create, ...roles, '--disable-session-tags');
    expect(association).toMatchObject({
      targetRoleArn: roleArn('ledger', DATA),
      disableSessionTags: true,
      externalId: `${REGION}/${APPS}/main/production/orders`,
    });
    const describe = ['eks', 'describe-pod-identity-association', '--cluster-name', 'main', '--association-id'];
    expect((await aws(...describe, String(association?.associationId))).association).toEqual(association);
  });

  it('is told in its own words what went wrong', async () => {
    const call = aws('iam', 'get-role', '--role-name', 'missing');
    await expect(call).rejects.toThrow(
      'An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name missing cannot be found.',
    );
    await expect(aws('ec2', 'describe-vpcs')).rejects.toThrow('An error occurred (NotImplemented)');
    await expect(aws('s3api', 'list-buckets')).rejects.toThrow('An error occurred (NotImplemented)');
  });
});
