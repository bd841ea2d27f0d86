import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { progressLine } from '../../../src/cli/output';
import { remedyText } from '../../../src/cli/report';
import { compactConfiguration } from '../../../src/comparison/addon';
import { unsupportedValue } from '../../../src/inventory/edit/unwritable';
import { checkProposal, throwing } from '../../../src/operations/discover/checkProposal';
import { newCluster } from '../../../src/operations/discover/clusterEntry';
import { discover } from '../../../src/operations/discover/discover';
import { readForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { addonOf } from '../facts';
import { ACCOUNT, eksctlOidc, ISSUER, openPodIdentity, OTHER_ACCOUNT, type Shape, trustOf } from './shapes';
import { answered, estateOf, foundOf } from './foundOf';

// What somebody who may write annotations, tags or policies can do to whoever reads the report.

const TEXT = `version: 1
accounts: { apps: { id: "${ACCOUNT}" }, data: { id: "${OTHER_ACCOUNT}" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "${ISSUER}" }
        agent: { version: v1.3.4-eksbuild.1, adopt: true }
`;
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-hostile-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function checked(shapes: readonly Shape[], parts: Parameters<typeof foundOf>[1] = {}) {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, TEXT);
  const read = readForEdit(file);
  const inventory = read.loaded.inventory!;
  const environment = inventory.environments[0]!;
  const estate = estateOf(foundOf(shapes, parts));
  const request = { environment, cluster: environment.clusters[0]! };
  return checkProposal(read, request, discover(inventory, request, estate), estate);
}

const shape = (of: string, role: Partial<Shape['role']> = {}, more: Partial<Shape> = {}): Shape => {
  const [namespace, name] = of.split('/') as [string, string];
  return {
    of,
    annotated: true,
    found: 'irsa',
    role: { name, trust: trustOf(eksctlOidc(namespace, name)), ...role },
    ...more,
  };
};
const GOOD = shape('shop/good');
const VICTIM = shape('shop/victim', { attached: [ADMIN] });

describe('an annotation alone', () => {
  it.each(['zz-evil/evil', 'aa-evil/evil'])(
    'gives %s nothing of the role that it names, and takes nothing from its user',
    (of) => {
      const { proposal } = checked([VICTIM, { ...VICTIM, of }]);
      expect(proposal.workloads.map(({ key }) => key)).toEqual(['victim']);
      expect(proposal.left).toHaveLength(1);
      expect(proposal.left[0]).toMatchObject({ serviceAccount: 'evil', reason: 'not-let-in' });
      expect(proposal.left[0]!.snippet).toBeUndefined();
    },
  );

  it('shows no permissions of another account’s role that trusts nobody of the cluster', () => {
    const trust = trustOf({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
    });
    const { proposal } = checked([
      shape('zz-evil/evil', { name: 'Admin', account: OTHER_ACCOUNT, trust, attached: [ADMIN] }),
    ]);
    expect(proposal.left[0]).toMatchObject({ reason: 'not-let-in' });
    expect(JSON.stringify(proposal)).not.toContain('AdministratorAccess');
  });

  it('makes nobody an add-on’s own, and the add-on is taken over as if they were not there', () => {
    const role = { name: 'AmazonEKS_EBS_CSI_DriverRole', trust: trustOf(eksctlOidc('kube-system', 'ebs')) };
    const { proposal } = checked([shape('kube-system/ebs', role), shape('zz-evil/evil', role)]);
    expect(proposal.left.map(({ reason }) => reason)).toEqual(['addon', 'not-let-in']);
    expect(proposal.left[0]!.snippet).toContain('serviceAccounts: { ebs: ebs }');
    expect(JSON.stringify(proposal.left[0])).not.toContain('evil');
  });

  it('leaves the role as it is, and proposes nothing that a guest would share', () => {
    const trust = trustOf(eksctlOidc('shop', 'owner'), openPodIdentity);
    const { proposal } = checked([
      shape('shop/owner', { name: 'owned', trust }),
      shape('aa/guest', { name: 'owned', trust }, { annotated: false, association: {} }),
    ]);
    expect(proposal.workloads).toEqual([]);
    expect(proposal.left.map(({ reason }) => reason)).toEqual(['shared-role', 'shared-role']);
    expect(proposal.left[0]!.message).toContain('aa/guest is at pod-identity, shop/owner is at prepared');
    expect(remedyText(proposal.left[0]!.remedy)).not.toContain('annotate');
  });
});

const statement = (condition: unknown): Partial<Shape['role']> => ({
  inline: { p: trustOf({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: condition } as never) },
});
const deep = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '"x"' + '}'.repeat(levels));

describe('what an inventory cannot carry', () => {
  it.each<[string, Partial<Shape['role']>]>([
    ['a tag prototype', { tags: { prototype: 'x' } }],
    ['a tag constructor', { tags: { constructor: 'x' } }],
    ['a tag __proto__', { tags: Object.fromEntries([['__proto__', 'x']]) }],
    ['a tag <<', { tags: { '<<': 'x' } }],
    ['an inline policy __proto__', { inline: Object.fromEntries([['__proto__', trustOf()]]) }],
    ['-0', statement({ NumericEquals: { 's3:max-keys': -0 } })],
    ['a number beyond 2^53', statement({ NumericEquals: { 's3:max-keys': 2 ** 53 } })],
    ['no condition', statement(null)],
    ['3,000 levels', statement(deep(3000))],
    [
      'no condition in the trust',
      { trust: trustOf(eksctlOidc('shop', 'api'), { ...openPodIdentity, Condition: null } as never) },
    ],
  ])('leaves out by itself one with %s', (_what, role) => {
    const { proposal, edit } = checked([GOOD, shape('shop/api', role)]);
    expect(proposal.left).toEqual([expect.objectContaining({ serviceAccount: 'api', reason: 'invalid' })]);
    expect(proposal.workloads.map(({ key }) => key)).toEqual(['good']);
    expect(edit!.text).toContain('good:');
  });

  it('gives a service account that is called constructor another key', () => {
    const { proposal } = checked([GOOD, shape('shop/constructor')]);
    expect(proposal.workloads.map(({ key }) => key).toSorted()).toEqual(['good', 'shop-constructor']);
  });

  it.each([1, 2 ** 53 - 1, 'x', true, [{ a: [0.5] }], {}])('takes %j', (value) => {
    expect(unsupportedValue(value)).toBeUndefined();
  });

  it('bisects to the workloads whose evaluation throws', () => {
    const accountOf = (name: string) => ({ cluster: 'main', namespace: 'shop', name });
    const all = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, accounts: [accountOf(key)] }) as never);
    const evaluate = (some: readonly { key: string }[]) => {
      if (some.some(({ key }) => key === 'b' || key === 'e')) throw new Error('no');
    };
    expect(throwing(all, evaluate).map(({ serviceAccount }) => serviceAccount)).toEqual(['b', 'e']);
  });
});

it.each([
  ['{"agent":{"a":1}}', { agent: { a: 1 } }],
  ['{"agent": {"a": 1}}', undefined],
  ['agent:\n  a: 1\n', undefined],
  ['{"a":1,"a":2}', undefined],
  ['{}', undefined],
])('carries the configuration %j only where podlift would write the same', (configuration, wanted) => {
  expect(compactConfiguration(addonOf({ configuration }))).toEqual(wanted);
});

it('takes an add-on over with all its service accounts, or not at all', () => {
  const ownerArn = `arn:aws:eks:us-west-2:${ACCOUNT}:addon/prod-main/aws-ebs-csi-driver/1`;
  const own = (of: string, trust = trustOf(openPodIdentity)) =>
    shape(of, { trust }, { annotated: false, association: { ownerArn } as object });
  const { proposal } = checked([own('kube-system/one'), own('kube-system/two')]);
  const [one, two] = proposal.left;
  expect(one!.snippet).toBe(two!.snippet);
  const { environments, workloads } = parse(one!.snippet!);
  expect(environments.prod.clusters.main.addons['aws-ebs-csi-driver'].serviceAccounts).toEqual({
    one: 'one',
    two: 'two',
  });
  expect(Object.keys(workloads)).toEqual(['one', 'two']);
  const half = checked([
    own('kube-system/one'),
    own('kube-system/two', trustOf({ ...openPodIdentity, Action: 'sts:AssumeRole' })),
  ]);
  expect(half.proposal.left.map(({ reason, snippet }) => [reason, snippet])).toEqual([
    ['addon', undefined],
    ['not-let-in', undefined],
  ]);
});

it('lets nothing of an annotation steer the terminal', () => {
  let shown = '';
  const stream = { isTTY: true, columns: 200, write: (text: string) => void (shown += text) } as never;
  progressLine('discover', stream).show({
    done: 1,
    total: 2,
    what: 'role \u001b]0;x\u0007\u001b[31m\r\nall is well\u009b',
  });
  expect(shown.replace('\r\u001b[2K', '')).not.toMatch(/\p{Cc}/u);
});

it('says whom a kept statement for the whole account lets in', () => {
  const root = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'sts:AssumeRole',
  } as const;
  const { proposal } = checked([shape('shop/root', { trust: trustOf(eksctlOidc('shop', 'root'), root) })]);
  expect(proposal.workloads[0]!.weak).toContain(`principals of account ${ACCOUNT}`);
});

it('adds a new cluster to the file that has its environment', () => {
  const [first, second] = [join(folder, 'inventory.yaml'), join(folder, 'prod.yaml')];
  writeFileSync(first, `version: 1\ninclude: [prod.yaml]\naccounts: { apps: { id: "${ACCOUNT}" } }\n`);
  writeFileSync(second, 'environments:\n  prod:\n    account: apps\n    region: us-west-2\n');
  const read = readForEdit(first);
  const inventory = read.loaded.inventory!;
  const environment = inventory.environments[0]!;
  const estate = estateOf(foundOf([GOOD], { addons: answered([addonOf()]) }));
  const request = { environment, cluster: newCluster(environment, 'prod-main') };
  const { edit, findings } = checkProposal(read, request, discover(inventory, request, estate), estate);
  expect(findings).toEqual([]);
  expect(edit!.file).toContain('prod.yaml');
  expect(read.with(new Map([[edit!.file, edit!.text]])).inventory!.environments[0]!.workloads).toHaveLength(1);
});
