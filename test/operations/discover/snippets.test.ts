import { readFileSync } from 'node:fs';
import { compile } from '../../../src/blueprint/compile';
import { checkSources } from '../../../src/inventory/loadInventory';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { LEFT_REASONS } from '../../../src/operations/discover/LeftOut';
import { prove } from '../../../src/proof/prove';
import { ISSUER, LEFT, MOVABLE, OTHER_ACCOUNT, type Shape } from './shapes';
import { foundOf, proposalOf } from './foundOf';

const BASE = {
  version: 1,
  accounts: { apps: { id: '333333333333' } },
  environments: {
    prod: {
      account: 'apps',
      region: 'us-west-2',
      clusters: {
        main: {
          name: 'prod-main',
          version: '1.33',
          oidc: { issuer: ISSUER },
          agent: { version: 'v1.3.4-eksbuild.1', adopt: true },
        },
      },
    },
  },
};

/** Maps merged key by key, as a person pastes them in. */
function merged(one: any, other: any): any {
  if (typeof one !== 'object' || typeof other !== 'object' || Array.isArray(one)) return other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in one && key in other ? merged(one[key], other[key]) : (one[key] ?? other[key])]),
  );
}

function loaded(snippet: string) {
  const { data } = parseSource(snippet, 'snippet').source!;
  const { source } = parseSource(JSON.stringify(merged(BASE, data)), 'inventory.yaml');
  return checkSources({ sources: [source!], findings: [], files: ['inventory.yaml'], complete: true });
}

const leftOf = (shapes: readonly Shape[]) => proposalOf(foundOf(shapes)).left;

const owned = { ownerArn: 'arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/1' } as object;
const console = MOVABLE.find(({ of }) => of === 'people/console')!;

it.each<[string, readonly Shape[]]>([
  ['splits a shared role', LEFT.filter(({ of }) => of.startsWith('left/shared'))],
  ['takes an add-on over that is on IRSA', LEFT.filter(({ found }) => found === 'addon')],
  [
    'takes an add-on over that owns an association',
    [{ ...console, of: 'kube-system/ebs-csi-controller-sa', association: owned }],
  ],
  ['gives a role of another account a source and a target', LEFT.filter(({ found }) => found === 'other-account')],
])('the snippet that %s is an inventory without an error, and proved', (_what, shapes) => {
  const { snippet } = leftOf(shapes)[0]!;
  const { inventory, findings } = loaded(snippet!);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(prove(inventory!).failures).toEqual([]);
  expect(compile(inventory!, 'prod').roles).toHaveLength(1);
});

it('names the account of a target that the inventory does not have', () => {
  const [left] = leftOf(LEFT.filter(({ found }) => found === 'other-account'));
  expect(left!.snippet).toContain(`account-${OTHER_ACCOUNT}: { id: "${OTHER_ACCOUNT}" }`);
});

it.each(Object.keys(LEFT_REASONS))('docs/DISCOVER.md says what to do about %s', (reason) => {
  expect(readFileSync('docs/DISCOVER.md', 'utf8')).toContain(`\`${reason}\``);
});
