import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proposal, WorkloadEntry } from '../../../src/operations/discover/Proposal';
import { remedyText } from '../../../src/cli/report';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { checkProposal } from '../../../src/operations/discover/checkProposal';
import { discover } from '../../../src/operations/discover/discover';
import { type ReadInventory, readForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { eksctlOidc, ISSUER, MOVABLE, openPodIdentity, type Shape, trustOf } from './shapes';
import { estateOf, foundOf } from './foundOf';

const TEXT = `version: 1
accounts: { apps: { id: "333333333333" } }
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
const FULL = MOVABLE.find(({ of }) => of === 'tf/module-irsa')!;
const ASSOCIATED: Shape = {
  of: 'shop/dual',
  annotated: true,
  association: {},
  found: 'dual',
  role: { name: 'dual', trust: trustOf(eksctlOidc('shop', 'dual'), openPodIdentity) },
};

let folder: string;
let read: ReadInventory;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-check-'));
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, TEXT);
  read = readForEdit(file);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function checked(shapes: readonly Shape[], change: (proposal: Proposal) => Proposal = (same) => same) {
  const inventory = read.loaded.inventory!;
  const environment = inventory.environments[0]!;
  const estate = estateOf(foundOf(shapes));
  const request = { environment, cluster: environment.clusters[0]! };
  const proposal = discover(inventory, request, estate);
  expect(proposal.workloads).toHaveLength(shapes.length);
  return checkProposal(read, request, change(proposal), estate);
}

/** The proposal with its first entry changed. */
function changed(change: (entry: WorkloadEntry) => WorkloadEntry) {
  return (proposal: Proposal): Proposal => ({
    ...proposal,
    workloads: proposal.workloads.map((workload, index) =>
      index === 0 ? { ...workload, entry: change(workload.entry) } : workload,
    ),
  });
}
const withRole = (role: object) => changed((entry) => ({ ...entry, role: { ...entry.role!, ...role } }));

it('gives the file with all entries where nothing would change', () => {
  const { edit, proposal, findings } = checked([FULL, ASSOCIATED]);
  expect(findings).toEqual([]);
  expect(proposal.left).toEqual([]);
  expect(new Set(edit!.places.map(({ path }) => path))).toEqual(
    new Set(['waves.prod-main', 'waves.prod-main-dual', 'workloads.module-irsa', 'workloads.dual']),
  );
});

it.each([
  ['its name or path', FULL, withRole({ path: '/other/' })],
  ['its trust policy', ASSOCIATED, withRole({ adoptedTrust: undefined })],
  ['its description', FULL, withRole({ description: 'another' })],
  ['its boundary', FULL, withRole({ permissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })],
  ['its session duration', FULL, withRole({ maxSessionDuration: undefined })],
  ['its tags', FULL, withRole({ tags: { Team: 'platform' } })],
  [
    'its attached policies',
    FULL,
    changed((entry) => ({ ...entry, permissions: {}, role: { ...entry.role!, imports: {} } })),
  ],
  ['its association', ASSOCIATED, withRole({ imports: undefined })],
  [
    'its association',
    { ...ASSOCIATED, association: { sessionPolicy: { Statement: [] } } as object },
    (same: Proposal) => same,
  ],
])('leaves an entry out with which podlift would change %s', (what, shape, change) => {
  const { proposal, edit } = checked([shape], change);
  expect(proposal.left).toEqual([
    expect.objectContaining({ reason: 'would-change', message: expect.stringContaining(what) }),
  ]);
  expect(edit).toBeUndefined();
});

it('leaves an entry out for which the proof fails, with the wave that nobody is in then, and keeps the others', () => {
  const open: Shape = {
    of: 'shop/open',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'open',
      trust: trustOf(eksctlOidc('shop', 'open'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'sts:ExternalId': 'hunter2' } },
      }),
    },
  };
  const { proposal, edit } = checked([open, ASSOCIATED]);
  expect(proposal.left).toEqual([expect.objectContaining({ serviceAccount: 'open', reason: 'proof' })]);
  expect(proposal.waves.map(({ key }) => key)).toEqual(['prod-main-dual']);
  expect(edit!.text).not.toContain('open:');
});

it('names the statement in AWS for which the proof fails, and adopts the role when the fix that it names is made there', () => {
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  };
  const guarded = (Condition: NonNullable<Statement['Condition']>): Shape => ({
    of: 'shop/guarded',
    annotated: true,
    found: 'irsa',
    role: { name: 'guarded', trust: trustOf({ ...deny, Condition }, eksctlOidc('shop', 'guarded')) },
  });
  const [left] = checked([guarded(deny.Condition!)]).proposal.left;
  expect(left?.reason).toBe('proof');
  const remedy = remedyText(left!.remedy);
  expect(remedy).toContain('role.keepTrust[0] is statement 0 in the trust policy of role guarded');
  expect(remedy).toContain(
    'Add StringNotEqualsIfExists aws:PrincipalServiceName: "pods.eks.amazonaws.com" to Condition',
  );
  const fixed = { StringNotEqualsIfExists: { 'aws:PrincipalServiceName': 'pods.eks.amazonaws.com' } };
  const { proposal, edit } = checked([guarded({ ...deny.Condition, ...fixed })]);
  expect(proposal.left).toEqual([]);
  expect(edit!.text).toContain('guarded');
});

it('leaves an entry out with which the inventory would have an error, and says which', () => {
  const { proposal } = checked([FULL], withRole({ name: 'no role at all' }));
  expect(proposal.left).toEqual([
    expect.objectContaining({ reason: 'invalid', message: expect.stringContaining('no role at all') }),
  ]);
});
