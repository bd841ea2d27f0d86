import { readFileSync } from 'node:fs';
import {
  CreatePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { GetRoleCommand, ListRoleTagsCommand } from '@aws-sdk/client-iam';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  errorOf,
  MAIN,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const READS = ['iam:GetRole', 'iam:ListRoleTags'];
const ONLY_GET = JSON.stringify(allow('iam:GetRole'));
const INVALID = { name: 'InvalidParameterException', status: 400 };
const NAMESPACE = 'production';

describe('The session policy of an association', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      { account: APPS, name: 'reader', trust: policy(podTrust()), inline: { own: allow(READS) } },
      { account: APPS, name: 'source', trust: policy(podTrust()), inline: { own: allow('sts:AssumeRole') } },
      {
        account: DATA,
        name: 'target',
        trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
        inline: { own: allow(READS) },
      },
    ]),
  }));
  const { eks } = { eks: () => clients(at.sandbox).eks };
  const create = async (serviceAccount: string, more: object = {}) => {
    const input = { clusterName: 'main', namespace: NAMESPACE, serviceAccount, roleArn: roleArn('reader') };
    return (await eks().send(new CreatePodIdentityAssociationCommand({ ...input, ...more }))).association;
  };
  const update = (associationId: string | undefined, more: object) =>
    eks().send(new UpdatePodIdentityAssociationCommand({ clusterName: 'main', associationId, ...more }));
  const describe = async (associationId: string | undefined) => {
    const command = new DescribePodIdentityAssociationCommand({ clusterName: 'main', associationId });
    return (await eks().send(command)).association;
  };

  /** The status of the agent's answer to a new pod, and the clients with its credentials. */
  async function askAgent(serviceAccount: string) {
    const { env } = at.sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: NAMESPACE, serviceAccount });
    const authorization = readFileSync(env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
    const answer = await fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers: { authorization } });
    const body = (await answer.json()) as { AccessKeyId: string; SecretAccessKey: string; Token: string };
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = body;
    return { status: answer.status, pod: clients(at.sandbox, { accessKeyId, secretAccessKey, sessionToken }) };
  }

  /** Which of both reads of IAM a new pod may do. */
  async function allowed(serviceAccount: string, RoleName: string): Promise<string[]> {
    const { iam } = (await askAgent(serviceAccount)).pod;
    const calls: [string, () => Promise<unknown>][] = [
      ['GetRole', () => iam.send(new GetRoleCommand({ RoleName }))],
      ['ListRoleTags', () => iam.send(new ListRoleTagsCommand({ RoleName }))],
    ];
    const found: string[] = [];
    for (const [name, call] of calls) {
      const error = await call().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error === undefined) found.push(name);
      else expect(error).toMatchObject({ name: 'AccessDenied' });
    }
    return found;
  }

  it('is shown as it was sent, and not in lists', async () => {
    const made = await create('shown', { policy: ONLY_GET, disableSessionTags: true });
    expect(made?.policy).toBe(ONLY_GET);
    expect((await describe(made?.associationId))?.policy).toBe(ONLY_GET);
    expect(await create('plain')).not.toHaveProperty('policy');
  });

  it('leaves a pod what the policy and the role allow both', async () => {
    await create('restricted', {
      policy: JSON.stringify(allow(['iam:GetRole', 'sts:*', 'iam:Tag*'])),
      disableSessionTags: true,
    });
    await create('free', { disableSessionTags: true });
    expect(await allowed('restricted', 'reader')).toEqual(['GetRole']);
    expect(await allowed('free', 'reader')).toEqual(['GetRole', 'ListRoleTags']);
    const { iam } = (await askAgent('restricted')).pod;
    const denial = await errorOf(iam.send(new ListRoleTagsCommand({ RoleName: 'reader' })));
    expect(denial.message).toContain('because no session policy allows the iam:ListRoleTags action');
  });

  it('restricts the target role, and not the role that assumes the target role', async () => {
    const chained = { roleArn: roleArn('source'), targetRoleArn: roleArn('target', DATA), disableSessionTags: true };
    await create('chained', { ...chained, policy: ONLY_GET });
    expect(await allowed('chained', 'target')).toEqual(['GetRole']);
  });

  it('needs disabled session tags, when it is set and as long as it is there', async () => {
    expect(await errorOf(create('tagged', { policy: ONLY_GET }))).toMatchObject(INVALID);
    expect(await errorOf(create('tagged', { policy: ONLY_GET, disableSessionTags: false }))).toMatchObject(INVALID);
    const made = await create('tagged');
    expect(await errorOf(update(made?.associationId, { policy: ONLY_GET }))).toMatchObject(INVALID);
    await update(made?.associationId, { policy: ONLY_GET, disableSessionTags: true });
    expect(await errorOf(update(made?.associationId, { disableSessionTags: false }))).toMatchObject(INVALID);
    expect(await describe(made?.associationId)).toMatchObject({ policy: ONLY_GET, disableSessionTags: true });
    expect(await allowed('tagged', 'reader')).toEqual(['GetRole']);
  });

  it('stays in an update that does not name it, and goes with an empty one', async () => {
    const made = await create('updated', { policy: ONLY_GET, disableSessionTags: true });
    await update(made?.associationId, { roleArn: roleArn('source') });
    expect((await describe(made?.associationId))?.policy).toBe(ONLY_GET);
    await update(made?.associationId, { policy: '', disableSessionTags: false });
    expect(await describe(made?.associationId)).not.toHaveProperty('policy');
  });

  it.each([
    ['no JSON', '{'],
    ['no policy', '{}'],
    ['a trust policy', JSON.stringify(policy(podTrust()))],
    ['longer than STS takes', JSON.stringify(allow('iam:GetRole', `arn:aws:iam::${APPS}:role/${'x'.repeat(2048)}`))],
  ])('is refused when it is %s', async (_, text) => {
    expect(await errorOf(create('refused', { policy: text, disableSessionTags: true }))).toMatchObject(INVALID);
  });

  it('is in the record of EKS’s AssumeRole, of which it needs a part of the space', async () => {
    await create('recorded', { policy: ONLY_GET, disableSessionTags: true });
    await askAgent('recorded');
    const { CloudTrailClient, LookupEventsCommand } = await import('@aws-sdk/client-cloudtrail');
    const trail = new CloudTrailClient({
      endpoint: at.sandbox.endpoint,
      region: MAIN.region,
      credentials: { accessKeyId: APPS, secretAccessKey: at.sandbox.secretAccessKey },
    });
    const query = { LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'AssumeRole' }] };
    const { Events = [] } = await trail.send(new LookupEventsCommand(query));
    const records = Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent) as Record<string, object>);
    const mine = records.filter(({ requestParameters }) =>
      JSON.stringify(requestParameters).includes('eks-main-recorded'),
    );
    expect(mine).toMatchObject([
      { requestParameters: { policy: ONLY_GET }, responseElements: { packedPolicySize: expect.any(Number) } },
    ]);
  });
});
