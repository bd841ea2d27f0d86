import { parse } from 'yaml';
import { remedyText } from '../../../src/cli/report';
import type { Workload } from '../../../src/inventory/Inventory';
import { roleSettingsOf, workloadOf } from '../../blueprint/inventoryOf';
import { arnOf, AUD, oidcOf, openPodIdentity, type Shape, sub, trustOf } from './shapes';
import { foundOf, inventoryWith, proposalOf } from './foundOf';

const role = {
  name: 'shared',
  trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b', 'shop:c'), ...AUD } }), openPodIdentity),
  attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
  inline: { own: trustOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: "arn:aws:s3:::it's/*" }) },
};
const shape = (of: string, more: Partial<Shape> = {}): Shape => ({
  of,
  annotated: true,
  found: 'shared-role',
  role,
  ...more,
});

function leftOf(shapes: readonly Shape[], workloads: readonly Workload[] = []) {
  const { left } = proposalOf(foundOf(shapes), inventoryWith({ workloads }));
  const one = left.find(({ reason }) => reason === 'shared-role')!;
  return { ...one, text: remedyText(one.remedy) };
}

it('says who keeps the role, and proposes a role with the same permissions for each of the others', () => {
  const { text, snippet } = leftOf([shape('shop/a'), shape('shop/b'), shape('shop/c')]);
  expect(text).toContain('shop/a keeps the role.\nshop/b, shop/c: the entries below');
  expect(text).toContain('the trust policy of the old role is changed last');
  const { workloads } = parse(snippet!);
  expect(Object.keys(workloads)).toEqual(['b', 'c']);
  expect(workloads.b).toMatchObject({
    stage: 'irsa',
    permissions: { managedPolicies: ['AmazonSSMReadOnlyAccess'], inlinePolicies: role.inline },
  });
});

it('does not propose again what the inventory has, and says which role its annotation must name', () => {
  const b = workloadOf({
    key: 'bee',
    namespace: 'shop',
    serviceAccount: { name: 'b', manage: 'none' },
    role: roleSettingsOf({ name: 'prod-bee', path: '/apps/' }),
  });
  const { text, snippet } = leftOf([shape('shop/a'), shape('shop/b')], [b]);
  expect(snippet).toBeUndefined();
  expect(text).toContain('shop/b has an entry: workload bee.');
  const three = leftOf([shape('shop/a'), shape('shop/b'), shape('shop/c')], [b]);
  expect(Object.keys(parse(three.snippet!).workloads)).toEqual(['c']);
  const { left } = proposalOf(foundOf([shape('shop/a'), shape('shop/b')]), inventoryWith({ workloads: [b] }));
  const known = left.find(({ reason }) => reason === 'in-inventory')!;
  expect(remedyText(known.remedy)).toBe(
    `Apply the entry. When ${arnOf('prod-bee', '/apps/')} exists, change the annotation to this role, and restart the pods.`,
  );
  expect(known.docs).toBe('docs/DISCOVER.md#in-inventory');
});

it('lets one without an entry keep the role, though another is first by name', () => {
  const a = workloadOf({ key: 'a', namespace: 'shop', serviceAccount: { name: 'a', manage: 'none' } });
  expect(leftOf([shape('shop/a'), shape('shop/b')], [a]).text).toContain('shop/b keeps the role');
});

it('lets one with an association keep the role, where the trust policy has a pattern and names nobody', () => {
  const pattern = oidcOf({ StringLike: sub('shop:*'), StringEquals: AUD });
  const inNamespace = { ...role, trust: trustOf(pattern, openPodIdentity) };
  const shapes = [
    shape('shop/a', { role: inNamespace }),
    shape('shop/b', { role: inNamespace, annotated: false, association: {} }),
  ];
  expect(leftOf(shapes).text).toContain('shop/b keeps the role');
});

it('proposes no entry for one that has an association', () => {
  const { text, snippet } = leftOf([shape('shop/a'), shape('shop/b', { annotated: false, association: {} })]);
  expect(text).toContain('shop/b has an association: copy the role for it.');
  expect(snippet).toBeUndefined();
});
