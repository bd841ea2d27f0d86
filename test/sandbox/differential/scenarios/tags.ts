import { create, createPolicy, iam, POLICY, READ, role, type Scenario, tags, TRUST } from './call';

const BAD_TAGS: readonly (readonly object[])[] = [
  tags(1),
  tags(51),
  [...tags(1), ...tags(1, 'K')],
  tags(1, 'aws:'),
  [{ Key: '', Value: 'v' }],
  [{ Key: 'x'.repeat(129), Value: 'v' }],
  [{ Key: 'x', Value: 'x'.repeat(257) }],
  [{ Key: 'x', Value: '<' }],
];

/** Tags of all kinds of resources of IAM. */
export const TAGS: readonly Scenario[] = [
  {
    name: 'tags',
    calls: [
      create,
      ...[tags(1), tags(1), tags(50), tags(51), tags(1, 'more'), tags(1, 'aws:'), tags(1, 'K')].map((Tags) =>
        iam('TagRole', { ...role, Tags }),
      ),
      iam('TagRole', { ...role, Tags: [...tags(1), ...tags(1)] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x'.repeat(129), Value: '' }] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x', Value: 'x'.repeat(257) }] }),
      iam('TagRole', { ...role, Tags: [{ Key: '<', Value: '' }] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x', Value: '' }] }),
      iam('ListRoleTags', role),
      iam('UntagRole', { ...role, TagKeys: ['k0', 'none'] }),
      iam('UntagRole', { ...role, TagKeys: tags(51).map(({ Key }) => Key) }),
      iam('TagRole', { RoleName: 'none', Tags: tags(1) }),
      iam('ListRoleTags', { RoleName: 'none' }),
    ],
  },
  {
    name: 'tags at creation',
    calls: BAD_TAGS.flatMap((Tags, index) => [
      iam('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: TRUST, Tags }),
      iam('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument: READ, Tags }),
    ]),
  },
  {
    name: 'tags of policies',
    calls: [
      createPolicy,
      ...BAD_TAGS.map((Tags) => iam('TagPolicy', { PolicyArn: POLICY, Tags })),
      iam('TagPolicy', { PolicyArn: POLICY, Tags: tags(49, 'more') }),
      iam('TagPolicy', { PolicyArn: POLICY, Tags: tags(1, 'last') }),
      iam('UntagPolicy', { PolicyArn: POLICY, TagKeys: ['k0', 'none'] }),
      iam('UntagPolicy', { PolicyArn: POLICY, TagKeys: tags(49, 'more').map(({ Key }) => Key) }),
      iam('GetPolicy', { PolicyArn: POLICY }),
    ],
  },
];
