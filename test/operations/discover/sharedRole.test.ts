import { propose } from '../../../src/operations/discover/propose';
import { trustWithout } from '../../../src/operations/discover/trustWithout';
import type { Workload } from '../../../src/inventory/Inventory';
import { roleSettingsOf, workloadOf } from '../../blueprint/inventoryOf';
import { arnOf, AUD, GITHUB, ISSUER, oidcOf, openPodIdentity, type Shape, sub, trustOf } from './shapes';
import { inventoryWith, MAIN, NOW, surveyOf } from './surveyOf';

const PROVIDER = ISSUER.replace('https://', '');
const role = {
  name: 'shared',
  trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:b', 'shop:c'), ...AUD } }), openPodIdentity, GITHUB),
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
  const inventory = inventoryWith({ workloads });
  const { left } = propose(
    { inventory, environment: inventory.environments[0]!, cluster: MAIN, now: NOW },
    surveyOf(shapes),
  );
  return left.find(({ reason }) => reason === 'shared-role')!;
}
/** The document that a command of the hint writes. */
function documentOf(hint: string, command: string): unknown {
  const line = hint.split('\n').find((one) => one.startsWith(command))!;
  return JSON.parse(/-document '(.*)'$/.exec(line)![1]!);
}

it('prints the finished trust policy in one command, after the restarts, with the account that it is for', () => {
  const { hint } = leftOf([shape('shop/a'), shape('shop/b')]);
  expect(documentOf(hint, 'aws iam update-assume-role-policy --role-name shared')).toEqual(
    trustOf(oidcOf({ StringEquals: { ...sub('shop:a', 'shop:c'), ...AUD } }), openPodIdentity, GITHUB),
  );
  expect(hint).not.toContain('>');
  expect(hint).not.toContain('file://');
  expect(hint).toContain('With credentials of apps-prod (333333333333):\naws iam update-assume-role-policy');
  expect(hint).toContain('# pod shop/b-0');
  expect(hint.indexOf('# pod shop/b-0')).toBeLessThan(hint.indexOf('update-assume-role-policy'));
});

it('does not propose again what the inventory has, and says what is still to do', () => {
  const b = workloadOf({
    key: 'bee',
    namespace: 'shop',
    serviceAccount: { name: 'b', manage: 'none' },
    role: roleSettingsOf({ name: 'prod-bee', path: '/apps/' }),
  });
  const { hint, snippet } = leftOf([shape('shop/a'), shape('shop/b')], [b]);
  expect(snippet).toBeUndefined();
  expect(hint).toContain('shop/b (workload bee): written already');
  expect(hint).toContain(`--overwrite eks.amazonaws.com/role-arn=${arnOf('prod-bee', '/apps/')}`);
  expect(hint).toContain('update-assume-role-policy');
  const three = leftOf([shape('shop/a'), shape('shop/b'), shape('shop/c')], [b]);
  expect(three.snippet).toContain('shop-c:');
  expect(three.snippet).not.toContain('shop-b:');
});

it('lets one without an entry keep the role, though another is first by name', () => {
  const a = workloadOf({ key: 'a', namespace: 'shop', serviceAccount: { name: 'a', manage: 'none' } });
  expect(leftOf([shape('shop/a'), shape('shop/b')], [a]).hint).toContain('shop/b keeps the role');
});

it('copies the role, policies and all, for one that has an association', () => {
  const { hint } = leftOf([shape('shop/a'), shape('shop/b', { annotated: false, association: {} })]);
  expect(documentOf(hint, 'aws iam create-role --role-name prod-shop-b')).toEqual(
    trustOf(oidcOf({ StringEquals: { ...sub('shop:b', 'shop:c'), ...AUD } }), openPodIdentity, GITHUB),
  );
  expect(hint).toContain('attach-role-policy --role-name prod-shop-b --policy-arn arn:aws:iam::aws:policy/AmazonSSM');
  expect(hint).toContain(String.raw`arn:aws:s3:::it'\''s/*`);
  expect(hint).toContain(`--association-id a-1 --role-arn ${arnOf('prod-shop-b')}`);
});

describe('trustWithout', () => {
  const gone = new Set(['system:serviceaccount:shop:b']);
  const elsewhere = { 'oidc.eks.us-west-2.amazonaws.com/id/OTHER:sub': 'system:serviceaccount:shop:b' };
  it.each([
    ['a statement of nobody else', trustOf(oidcOf({ StringEquals: sub('shop:b') }), GITHUB), trustOf(GITHUB)],
    ['the whole document', trustOf(oidcOf({ StringEquals: sub('shop:b') })), undefined],
    ['another cluster’s', trustOf(oidcOf({ StringEquals: elsewhere })), undefined],
    ['a pattern', trustOf(oidcOf({ StringLike: sub('shop:*') })), undefined],
    ['a Deny', trustOf({ ...oidcOf({ StringEquals: sub('shop:b') }), Effect: 'Deny' }, GITHUB), undefined],
    ['a StringNotEquals', trustOf(oidcOf({ StringNotEquals: sub('shop:b', 'shop:a') })), undefined],
  ])('of %s', (_what, trust, wanted) => {
    expect(trustWithout(trust, PROVIDER, gone)).toEqual(wanted);
  });
});
