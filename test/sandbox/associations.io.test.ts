import {
  CreatePodIdentityAssociationCommand,
  type CreatePodIdentityAssociationCommandInput,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import {
  APPS,
  clients,
  DATA,
  errorOf,
  irsaTrust,
  podTrust,
  policy,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const BASE = { clusterName: 'main', namespace: 'production', serviceAccount: 'orders', roleArn: roleArn('app') };

describe('Pod Identity associations', () => {
  const at = useSandbox(() => ({
    seed: seedWith(
      [
        { account: APPS, name: 'app', trust: policy(podTrust()) },
        { account: APPS, name: 'app2', trust: policy(podTrust()) },
        { account: APPS, name: 'irsa-only', trust: policy(irsaTrust('production', 'orders')) },
        { account: APPS, name: 'untagged', trust: policy({ ...podTrust(), Action: 'sts:AssumeRole' }) },
        { account: APPS, name: 'wild', trust: policy({ ...podTrust(), Action: `${'*s'.repeat(40)}*` }) },
        { account: APPS, name: 'deep', path: '/podlift/', trust: policy(podTrust()) },
        { account: DATA, name: 'theirs', trust: policy(podTrust()) },
      ],
      { quotas: { [APPS]: { associationsPerCluster: 6 } } },
    ),
  }));
  const eks = () => clients(at.sandbox).eks;
  const create = (change: Partial<CreatePodIdentityAssociationCommandInput> = {}) =>
    eks().send(new CreatePodIdentityAssociationCommand({ ...BASE, ...change }));

  it('are made, changed, tagged and deleted', async () => {
    const target = roleArn('ledger', DATA);
    const { association } = await create({ targetRoleArn: target, disableSessionTags: true, tags: { a: '1' } });
    const id = { clusterName: 'main', associationId: association?.associationId };
    expect(association?.associationArn).toBe(
      `arn:aws:eks:${REGION}:${APPS}:podidentityassociation/main/${id.associationId ?? ''}`,
    );
    expect(association).toMatchObject({
      externalId: `${REGION}/${APPS}/main/production/orders`,
      targetRoleArn: target,
      disableSessionTags: true,
      tags: { a: '1' },
    });
    const resourceArn = association?.associationArn;
    await eks().send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
    await eks().send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    expect((await eks().send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2' });
    const update = { ...id, roleArn: roleArn('app2'), targetRoleArn: '', disableSessionTags: false };
    await eks().send(new UpdatePodIdentityAssociationCommand(update));
    const { association: changed } = await eks().send(new DescribePodIdentityAssociationCommand(id));
    expect(changed).toMatchObject({
      roleArn: roleArn('app2'),
      disableSessionTags: false,
      createdAt: association?.createdAt,
    });
    expect(changed).not.toHaveProperty('targetRoleArn');
    expect(changed).not.toHaveProperty('externalId');
    await eks().send(new DeletePodIdentityAssociationCommand(id));
    expect(await errorOf(eks().send(new DescribePodIdentityAssociationCommand(id)))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  });

  it.each<[string, Partial<CreatePodIdentityAssociationCommandInput>, string, number, string]>([
    [
      'a role that does not exist',
      { roleArn: roleArn('none') },
      'InvalidParameterException',
      400,
      'Role provided in the request does not exist',
    ],
    [
      'a role under another path',
      { roleArn: roleArn('deep') },
      'InvalidParameterException',
      400,
      'Role provided in the request does not exist',
    ],
    ['a role of another account', { roleArn: roleArn('theirs', DATA) }, 'AccessDeniedException', 403, 'Cross-account'],
    [
      'a trust without the service',
      { roleArn: roleArn('irsa-only') },
      'InvalidParameterException',
      400,
      'Trust policy of the role provided is invalid',
    ],
    [
      'a trust without sts:TagSession',
      { roleArn: roleArn('untagged') },
      'InvalidParameterException',
      400,
      'Trust policy of the role provided is invalid',
    ],
    [
      'a trust whose action has wildcards without end, and fits neither',
      { roleArn: roleArn('wild') },
      'InvalidParameterException',
      400,
      'Trust policy of the role provided is invalid',
    ],
    ['a wildcard as namespace', { namespace: '*' }, 'InvalidParameterException', 400, 'namespace'],
    ['an upper-case service account', { serviceAccount: 'Orders' }, 'InvalidParameterException', 400, 'serviceAccount'],
    ['no role', { roleArn: undefined }, 'InvalidParameterException', 400, 'roleArn'],
    [
      'a cluster that does not exist',
      { clusterName: 'nowhere' },
      'ResourceNotFoundException',
      404,
      'No cluster found for name: nowhere.',
    ],
    [
      'a target that is no role',
      { targetRoleArn: 'arn:aws:s3:::bucket/with/a/name' },
      'InvalidParameterException',
      400,
      'Target role',
    ],
  ])('are refused for %s', async (_reason, change, name, status, message) => {
    const error = await errorOf(create({ serviceAccount: 'refused', ...change }));
    expect(error).toMatchObject({ name, status });
    expect(error.message).toContain(message);
    const all = await eks().send(
      new ListPodIdentityAssociationsCommand({ clusterName: 'main', serviceAccount: 'refused' }),
    );
    expect(all.associations).toEqual([]);
  });

  it('are one for each service account of a cluster', async () => {
    const { association } = await create({ serviceAccount: 'single' });
    expect(await errorOf(create({ serviceAccount: 'single' }))).toMatchObject({
      name: 'ResourceInUseException',
      status: 409,
      message: `Association already exists: ${association?.associationId ?? ''}`,
    });
    await expect(create({ serviceAccount: 'single', clusterName: 'other' })).resolves.toBeDefined();
  });

  it('are listed page by page up to the quota', async () => {
    for (const serviceAccount of ['a', 'b', 'c', 'd', 'e']) await create({ serviceAccount, namespace: 'pages' });
    expect(await errorOf(create({ serviceAccount: 'f', namespace: 'pages' }))).toMatchObject({
      name: 'ResourceLimitExceededException',
      status: 400,
    });
    const seen: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await eks().send(
        new ListPodIdentityAssociationsCommand({
          clusterName: 'main',
          namespace: 'pages',
          maxResults: 2,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      expect(page.associations?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.associations ?? []).map((association) => association.serviceAccount));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
