import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { checkProposal } from '../../../src/operations/discover/checkProposal';
import { discover } from '../../../src/operations/discover/discover';
import { readForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { serviceAccountOf } from '../facts';
import { answered, estateOf, foundOf, proposalOf } from './foundOf';
import { ACCOUNT, AUD, eksctlOidc, ISSUER, oidcOf, OTHER_ACCOUNT, type Shape, sub, trustOf } from './shapes';

// What a statement does decides, and not how it is written.

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
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-spelling-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The proposal for what was found, before it is checked. */
const proposed = (shapes: readonly Shape[]) => proposalOf(foundOf(shapes));

/** The proposal after the proof of the inventory with its entries. */
function checked(shapes: readonly Shape[]) {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, TEXT);
  const read = readForEdit(file);
  const inventory = read.loaded.inventory!;
  const environment = inventory.environments[0]!;
  const estate = estateOf(foundOf(shapes));
  const request = { environment, cluster: environment.clusters[0]! };
  const { proposal, findings } = checkProposal(read, request, discover(inventory, request, estate), estate);
  expect([findings, proposal.left]).toEqual([[], []]);
  return proposal;
}

const IRSA: Shape = {
  of: 'shop/api',
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
};

const PODS = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' } } as const;
it.each<[string, Pick<Statement, 'Action' | 'NotAction'>]>([
  ['one action more', { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }],
  ['every action of STS', { Action: 'sts:*' }],
  ['a web identity action more', { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity'] }],
  ['every action but one', { NotAction: 'sts:GetFederationToken' }],
])('adopts the statement for Pod Identity with %s as the one with both actions', (_, actions) => {
  const trust = (written: Pick<Statement, 'Action' | 'NotAction'>) =>
    trustOf(eksctlOidc('shop', 'api'), { ...PODS, ...written });
  const entryOf = (written: Pick<Statement, 'Action' | 'NotAction'>) => {
    const proposal = checked([{ ...IRSA, association: {}, role: { ...IRSA.role, trust: trust(written) } }]);
    return proposal.workloads[0]?.entry.role?.adoptedTrust;
  };
  const both = entryOf({ Action: ['sts:AssumeRole', 'sts:TagSession'] });
  expect(both?.because).toContain('pods of other service accounts through Pod Identity');
  expect(entryOf(actions)).toEqual({ ...both, podIdentity: [{ ...PODS, ...actions }] });
});

it('judges two subjects in one statement and in two statements the same', () => {
  const web = eksctlOidc('shop', 'web');
  const inOne = trustOf(oidcOf({ StringEquals: { ...sub('shop:api', 'shop:web'), ...AUD } }));
  const inTwo = trustOf(eksctlOidc('shop', 'api'), web);
  const weakOf = (trust: PolicyDocument) => proposed([{ ...IRSA, role: { ...IRSA.role, trust } }]).workloads[0]?.weak;
  expect(weakOf(inTwo)).toBe(weakOf(inOne));
  const proposal = checked([{ ...IRSA, role: { ...IRSA.role, trust: inTwo } }]);
  const because = `as found, the trust policy also allows ${weakOf(inOne)!}`;
  expect(proposal.workloads[0]?.entry.role?.keepTrust).toEqual([{ ...web, because }]);
  const survey = (trust: PolicyDocument) => foundOf([{ ...IRSA, role: { ...IRSA.role, trust } }]);
  const notesWithWeb = (trust: PolicyDocument) => {
    const { serviceAccounts, ...rest } = survey(trust);
    const both = serviceAccounts.ok ? [...serviceAccounts.value, serviceAccountOf('shop', 'web')] : [];
    return proposalOf({ ...rest, serviceAccounts: answered(both) }).workloads[0]!.notes;
  };
  expect(notesWithWeb(inTwo)).toEqual(notesWithWeb(inOne));
  expect(notesWithWeb(inTwo).join()).toContain('also names shop/web');
});

it('writes why a kept statement admits others, and the proof says the same', () => {
  const root = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' } as const;
  const proposal = checked([{ ...IRSA, role: { ...IRSA.role, trust: trustOf(eksctlOidc('shop', 'api'), root) } }]);
  const who = `principals of account ${ACCOUNT} whose own permissions allow it`;
  const because = `as found, the trust policy also allows ${who}`;
  expect(proposal.workloads[0]?.entry.role?.keepTrust).toEqual([{ ...root, because }]);
  expect(proposal.workloads[0]?.weak).toBe(who);
});

it('writes on which condition of a kept statement the pods depend', () => {
  const deny = {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0123456789abcdef0' } },
  } as const;
  const proposal = checked([{ ...IRSA, role: { ...IRSA.role, trust: trustOf(eksctlOidc('shop', 'api'), deny) } }]);
  expect(proposal.workloads[0]?.entry.role?.keepTrust).toEqual([
    { ...deny, because: 'as found, its pods get the role under a condition on aws:SourceVpc' },
  ]);
  expect(proposal.workloads[0]?.weak).toBeUndefined();
});

it('keeps a statement against requests without TLS without a reason: requests to STS have TLS', () => {
  const deny = {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'sts:AssumeRole',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  } as const;
  const proposal = checked([{ ...IRSA, role: { ...IRSA.role, trust: trustOf(eksctlOidc('shop', 'api'), deny) } }]);
  expect(proposal.workloads[0]?.entry.role?.keepTrust).toEqual([deny]);
  expect(proposal.workloads[0]?.weak).toBeUndefined();
});

it('does not say that AWS’s documented trust with the ARN of the cluster admits clusters of other accounts', () => {
  const documented = trustOf(eksctlOidc('shop', 'api'), {
    ...PODS,
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: { 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-main` },
    },
  });
  const weak = proposed([{ ...IRSA, association: {}, role: { ...IRSA.role, trust: documented } }]).workloads[0]?.weak;
  expect(weak).toContain('pods of other namespaces');
  expect(weak).not.toContain('pods of other accounts');
});
