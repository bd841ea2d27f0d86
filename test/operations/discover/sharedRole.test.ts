import { remedyText } from '../../../src/cli/report';
import { checkedWith, ONE_CLUSTER } from './checked';
import { estateOf, foundOf } from './foundOf';
import {
  ACCOUNT,
  arnOf,
  AUD,
  eksctlOidc,
  oidcOf,
  openPodIdentity,
  ownPodIdentity,
  type Shape,
  sub,
  trustOf,
} from './shapes';

const role = {
  name: 'shared',
  trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b'), ...AUD } })),
  attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
  inline: { own: trustOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: "arn:aws:s3:::it's/*" }) },
  permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
  maxSessionDuration: 7200,
  tags: { Team: 'shop', 'alpha.eksctl.io/cluster-name': 'prod-main' },
};
const shape = (of: string, more: Partial<Shape> = {}): Shape => ({ of, annotated: true, found: 'irsa', role, ...more });
const check = (shapes: readonly Shape[], more: Parameters<typeof checkedWith>[2] = {}, text = ONE_CLUSTER) =>
  checkedWith(text, estateOf(foundOf(shapes)), more);
const withTrust = (...statements: Parameters<typeof trustOf>) => ({ ...role, trust: trustOf(...statements) });

describe('a role that several service accounts use', () => {
  const onDual = withTrust(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b'), ...AUD } }), openPodIdentity);
  it.each<[string, readonly Shape[], object]>([
    ['in one statement with two subjects', [shape('shop/a'), shape('shop/b')], { wave: 'prod-main' }],
    [
      'in two statements',
      [shape('shop/a'), shape('shop/b')].map((one) => ({
        ...one,
        role: withTrust(eksctlOidc('shop', 'a'), eksctlOidc('shop', 'b')),
      })),
      { wave: 'prod-main' },
    ],
    [
      'in two namespaces',
      ['shop/a', 'media/a'].map((of) =>
        shape(of, { role: withTrust(oidcOf({ StringEquals: { ...sub('shop:a', 'media:a'), ...AUD } })) }),
      ),
      {
        wave: 'prod-main',
        subjects: [
          { namespace: 'media', serviceAccount: { name: 'a', manage: 'none' } },
          { namespace: 'shop', serviceAccount: { name: 'a', manage: 'none' } },
        ],
      },
    ],
    [
      'that are at dual, with an association each',
      ['shop/a', 'shop/b'].map((of) => shape(of, { role: onDual, association: {} })),
      {
        wave: 'prod-main-dual',
        found: 'dual',
        role: expect.objectContaining({
          imports: expect.objectContaining({ associations: { main: { 'shop/a': 'a-0', 'shop/b': 'a-1' } } }),
        }),
      },
    ],
    [
      'by associations alone',
      ['shop/a', 'shop/b'].map((of) =>
        shape(of, { role: withTrust(openPodIdentity), annotated: false, association: {} }),
      ),
      { stage: 'pod-identity', found: 'pod-identity' },
    ],
  ])('gets one entry %s', (_what, shapes, expected) => {
    const { proposal, edit, findings } = check(shapes);
    expect([proposal.left, findings]).toEqual([[], []]);
    expect(proposal.workloads).toHaveLength(1);
    const [{ entry, accounts } = { entry: {}, accounts: [] }] = proposal.workloads;
    expect(entry).toMatchObject({
      subjects: [...shapes]
        .map(({ of }) => of.split('/'))
        .toSorted()
        .map(([namespace, name]) => ({ namespace, serviceAccount: { name, manage: 'none' } })),
      because: expect.stringContaining('use role shared together'),
      permissions: { managedPolicies: ['AmazonSSMReadOnlyAccess'], inlinePolicies: role.inline },
      ...expected,
    });
    expect(accounts).toHaveLength(2);
    expect(edit!.text).toContain('subjects:');
  });

  it('names who else can have the role', () => {
    const three = withTrust(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b', 'shop:gone'), ...AUD } }));
    const { proposal } = check([shape('shop/a', { role: three }), shape('shop/b', { role: three })]);
    expect(proposal.workloads[0]!.weak).toContain('shop:gone');
    expect(proposal.workloads[0]!.weak).not.toContain('shop:b');
  });

  it('finds nothing to do when it runs again, in whatever order', () => {
    const { edit } = check([shape('shop/b'), shape('shop/a')]);
    const again = checkedWith(edit!.text, estateOf(foundOf([shape('shop/a'), shape('shop/b')])));
    expect(again.proposal.left.every(({ agrees }) => agrees)).toBe(true);
    expect([again.proposal.workloads, again.proposal.edits]).toEqual([[], []]);
  });

  it('is left out where they are at different stages, with who is where and what to do', () => {
    const shapes = [shape('shop/a', { role: onDual, association: {} }), shape('shop/b', { role: onDual })];
    const { proposal } = check(shapes);
    expect(proposal.workloads).toEqual([]);
    expect(proposal.left.map(({ reason, serviceAccount }) => [reason, serviceAccount])).toEqual([
      ['shared-role', 'a'],
      ['shared-role', 'b'],
    ]);
    expect(proposal.left[0]!.message).toContain('shop/a is at dual, shop/b is at prepared');
    const remedy = remedyText(proposal.left[0]!.remedy);
    expect(remedy).toContain('supports Pod Identity');
    expect(remedy).toContain(
      `aws eks create-pod-identity-association --cluster-name prod-main --region us-west-2 --namespace shop --service-account b --role-arn ${arnOf('shared')}`,
    );
    expect(remedy).not.toMatch(/remove|delete/i);
  });

  it('advises no association that the trust policy does not admit', () => {
    const own = withTrust(
      oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b'), ...AUD } }),
      ownPodIdentity('shop', 'a'),
    );
    const { proposal } = check([shape('shop/a', { role: own, association: {} }), shape('shop/b', { role: own })]);
    expect(remedyText(proposal.left[0]!.remedy)).not.toContain('create-pod-identity-association');
  });

  it('is left out as a whole where one of them cannot be in its entry', () => {
    const { proposal } = check([
      shape('shop/a', { role: onDual, association: {} }),
      shape('shop/b', { role: onDual, association: {}, node: 'fargate-1' }),
    ]);
    expect(proposal.workloads).toEqual([]);
    expect(proposal.left).toHaveLength(2);
  });

  it('is left out while one of them has an entry with another role, and its annotation still names this one', () => {
    const { edit } = check([shape('shop/a'), shape('shop/b')], { shared: 'split' });
    const onlyB = edit!.text.replace(/\n {2}a:\n(?: {4}.*\n)+/, '\n');
    const { proposal } = checkedWith(onlyB, estateOf(foundOf([shape('shop/a'), shape('shop/b')])));
    const left = proposal.left.find(({ serviceAccount }) => serviceAccount === 'a')!;
    expect(left.reason).toBe('shared-role');
    expect(remedyText(left.remedy)).toContain('change the annotation to this role');
  });

  it('is left out while pods of another one have it by a variable of their own', () => {
    const survey = foundOf([shape('shop/a'), shape('shop/b', { annotated: false })]);
    const pods = survey.pods.ok
      ? survey.pods.value.map((pod) => ({
          ...pod,
          containers: pod.containers.map((one) => ({
            ...one,
            env: pod.serviceAccount === 'b' ? { AWS_ROLE_ARN: arnOf('shared') } : {},
          })),
        }))
      : [];
    const { proposal } = checkedWith(ONE_CLUSTER, estateOf({ ...survey, pods: { ok: true, value: pods } }));
    expect(proposal.left).toEqual([expect.objectContaining({ reason: 'shared-role', serviceAccount: 'a' })]);
    expect(proposal.left[0]!.message).toContain('pods of shop/b use role shared too');
  });

  it('is adopted beside one that its trust names and that does not use it, with a note', () => {
    const { proposal } = check([shape('shop/a'), shape('shop/b', { annotated: false })]);
    expect(proposal.left).toEqual([]);
    expect(proposal.workloads[0]!.entry).toMatchObject({ namespace: 'shop', serviceAccount: { name: 'a' } });
    expect(proposal.workloads[0]!.notes.join()).toContain('also names shop/b');
  });
});

describe('--split', () => {
  it('proposes a role for each, with everything copied, and leaves the old one as it is', () => {
    const { proposal, edit, findings } = check([shape('shop/a'), shape('shop/b')], { shared: 'split' });
    expect([proposal.left, findings]).toEqual([[], []]);
    expect(proposal.workloads.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(proposal.workloads[1]!.entry).toEqual({
      stage: 'irsa',
      because: expect.stringContaining('role shared is shared by shop/a, shop/b'),
      namespace: 'shop',
      serviceAccount: { name: 'b', manage: 'annotate' },
      environments: ['prod'],
      clusters: ['main'],
      role: { tags: { Team: 'shop' }, permissionsBoundary: role.permissionsBoundary, maxSessionDuration: 7200 },
      permissions: { managedPolicies: ['AmazonSSMReadOnlyAccess'], inlinePolicies: role.inline },
    });
    expect(proposal.workloads[1]!.roleArn).toBe(arnOf('prod-b'));
    expect(proposal.workloads[1]!.notes.join('\n')).toMatch(
      /shared, which stays as it is[^]*must name prod-b too[^]*Running pods keep the old role/,
    );
    expect(edit!.text).not.toContain('adopt: true }\n  a');
  });

  it('proposes no entry for one that has an association: a new role would have none', () => {
    const both = withTrust(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b'), ...AUD } }), openPodIdentity);
    const { proposal } = check([shape('shop/a', { role: both }), shape('shop/b', { role: both, association: {} })], {
      shared: 'split',
    });
    expect(proposal.workloads.map(({ key }) => key)).toEqual(['a']);
    expect(proposal.left).toEqual([expect.objectContaining({ serviceAccount: 'b', reason: 'shared-role' })]);
  });

  it('changes nothing for a role of one service account', () => {
    const one = withTrust(eksctlOidc('shop', 'a'));
    const { proposal } = check([shape('shop/a', { role: one })], { shared: 'split' });
    expect(proposal.workloads[0]!.entry.role).toMatchObject({ name: 'shared', adopt: true });
  });
});
