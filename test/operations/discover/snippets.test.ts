import { compile } from '../../../src/blueprint/compile';
import { proveInventory } from '../../../src/proof/proveInventory';
import { pasted } from './pasted';
import { LEFT, MOVABLE, OTHER_ACCOUNT, type Shape } from './shapes';
import { foundOf, proposalOf } from './foundOf';

const leftOf = (shapes: readonly Shape[]) => proposalOf(foundOf(shapes)).left;

const owned = { ownerArn: 'arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/1' } as object;
const console = MOVABLE.find(({ of }) => of === 'people/console')!;

it.each<[string, readonly Shape[]]>([
  ['takes an add-on over that is on IRSA', LEFT.filter(({ found }) => found === 'addon')],
  [
    'takes an add-on over that owns an association',
    [{ ...console, of: 'kube-system/ebs-csi-controller-sa', association: owned }],
  ],
  ['gives a role of another account a source and a target', LEFT.filter(({ found }) => found === 'other-account')],
])('the snippet that %s is an inventory without an error, and proved', (_what, shapes) => {
  const { snippet } = leftOf(shapes)[0]!;
  const { inventory, findings } = pasted(snippet!);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(proveInventory(inventory!).failures).toEqual([]);
  expect(compile(inventory!, 'prod').roles).toHaveLength(1);
});

it('names the account of a target that the inventory does not have', () => {
  const [left] = leftOf(LEFT.filter(({ found }) => found === 'other-account'));
  expect(left!.snippet).toContain(`account-${OTHER_ACCOUNT}: { id: "${OTHER_ACCOUNT}" }`);
});
