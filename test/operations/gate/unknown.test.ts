import { REASONS } from '../../../src/estate/schema/words';
import type { Unanswered } from '../../../src/estate/aws/AwsPort';
import type { Stage } from '../../../src/inventory/Inventory';
import { targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, portsTo } from '../agreedWorld';
import { collectEvidence, type EvidenceText } from './gateText';

const DATA = '444444444444';
const SETTING = {
  targets: [
    targetOf({ account: { key: 'data-prod', id: DATA, deployRole: `arn:aws:iam::${DATA}:role/podlift-deploy` } }),
  ],
};

interface Unknown {
  readonly stage: Stage;
  readonly direction?: 'forward' | 'back';
  /** What gets no answer: methods of the ports, or one question of a method. */
  readonly without: readonly string[];
  /** The checks that could not be checked then. */
  readonly checks: readonly string[];
  /** Default: every reason. */
  readonly reasons?: readonly Unanswered[];
}

const AWS: readonly Unknown[] = [
  { stage: 'irsa', without: ['describeCluster'], checks: ['cluster'] },
  { stage: 'irsa', without: ['addon'], checks: ['agent'] },
  { stage: 'irsa', without: ['associations'], checks: ['association'] },
  { stage: 'irsa', without: ['role'], checks: ['permissions', 'role', 'target-hop', 'trust'] },
  { stage: 'irsa', without: [`role ${DATA} prod-orders-api-ledger`], checks: ['role', 'target-hop', 'trust'] },
  {
    stage: 'irsa',
    without: ['describeCluster', 'addon', 'associations', 'role'],
    checks: ['agent', 'association', 'cluster', 'permissions', 'role', 'target-hop', 'trust'],
  },
  { stage: 'prepared', without: ['addon'], checks: ['agent'] },
  {
    stage: 'prepared',
    without: ['role'],
    checks: [
      'node-role',
      'permissions',
      'role',
      'self-assume',
      'session-keys',
      'session-name',
      'target-hop',
      'trust',
      'undeclared-hop',
    ],
  },
  { stage: 'dual', without: ['describeCluster'], checks: ['cluster', 'node-role'] },
  { stage: 'dual', without: ['associations'], checks: ['association', 'role-used'] },
  { stage: 'dual', without: ['events'], checks: ['annotation-readers', 'eks-auth-rate', 'role-used'] },
  { stage: 'prepared', without: ['events'], checks: ['eks-auth-rate'] },
  { stage: 'dual', without: ['roleEvents'], checks: ['role-used'] },
  { stage: 'cutover', without: ['events'], checks: ['role-used', 'soak', 'web-identity-unused'] },
  { stage: 'cutover', without: ['roleEvents'], checks: ['role-used'] },
  {
    stage: 'cutover',
    without: ['role'],
    checks: [
      'node-role',
      'permissions',
      'role',
      'role-used',
      'self-assume',
      'soak',
      'target-hop',
      'trust',
      'undeclared-hop',
      'web-identity-unused',
    ],
  },
];

const CLUSTER = [
  'agent-on-nodes',
  'annotation',
  'cluster',
  'compute',
  'controllers',
  'credential-chain',
  'pod-credentials',
  'service-account',
];
/** What needs the pods where they use Pod Identity after the step. */
const PODS = [
  'agent-on-nodes',
  'compute',
  'controllers',
  'credential-chain',
  'network-policy',
  'node-role',
  'pod-credentials',
  'proxy',
];
const KUBERNETES: readonly Unknown[] = [
  {
    stage: 'irsa',
    without: ['pods'],
    checks: ['agent-on-nodes', 'compute', 'controllers', 'credential-chain', 'pod-credentials'],
  },
  { stage: 'irsa', without: ['apiGroups'], checks: ['controllers'] },
  { stage: 'irsa', without: ['nodes'], checks: ['agent-on-nodes', 'compute'] },
  { stage: 'irsa', without: ['serviceAccount'], checks: ['annotation', 'service-account'] },
  // The gate believes that the context leads to the cluster where reading the issuer is denied; otherwise it judges nothing of the cluster.
  { stage: 'irsa', without: ['issuer'], checks: ['cluster'], reasons: ['denied'] },
  { stage: 'irsa', without: ['issuer'], checks: CLUSTER, reasons: REASONS.filter((reason) => reason !== 'denied') },
  { stage: 'irsa', without: ['pods', 'nodes', 'serviceAccount', 'issuer'], checks: CLUSTER },
  { stage: 'prepared', without: ['pods'], checks: [...PODS, 'session-name'] },
  { stage: 'prepared', without: ['nodes'], checks: ['agent-on-nodes', 'compute', 'node-role'] },
  { stage: 'dual', without: ['pods'], checks: ['annotation-readers', ...PODS].toSorted() },
  { stage: 'dual', direction: 'back', without: ['pods'], checks: ['restart-needed'] },
  { stage: 'cutover', without: ['pods'], checks: [...PODS, 'web-identity-unused'].toSorted() },
];

async function unknownAt({ stage, direction = 'forward', without }: Unknown, reason: Unanswered) {
  const inventory = pilotAt(stage, SETTING);
  const world = agreedWorld(inventory);
  for (const question of without) world.unanswered[question] = reason;
  const request = { wave: 'pilot', environment: 'prod', direction } as const;
  const { holds, evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
  return { holds, open: evidence.filter((one) => one.holds !== 'yes') };
}

const verdicts = (open: readonly EvidenceText[]) =>
  [...new Set(open.map(({ check, holds }) => `${check} ${holds}`))].toSorted();

describe.each([...AWS, ...KUBERNETES])('the gate at $stage, without an answer to $without', (row) => {
  it.each(row.reasons ?? REASONS)('could not check $checks, and never holds: %s', async (reason) => {
    const { holds, open } = await unknownAt(row, reason);
    expect(holds).toBe(false);
    expect(verdicts(open)).toEqual(row.checks.map((check) => `${check} unknown`));
    for (const { found, remedy, reason: kind } of open) {
      expect(found).toMatch(kind === 'not-judged' ? /^not checked: / : new RegExp(`^${reason}: no answer to `));
      expect(remedy).toMatch(/run the command again/i);
    }
  });
});

describe('the gate, where the context may lead to another cluster', () => {
  it('says the reason at the check of the cluster, and judges nothing else of it', async () => {
    const row = { stage: 'irsa', without: ['pods', 'nodes', 'serviceAccount', 'issuer'], checks: CLUSTER } as const;
    const { open } = await unknownAt(row, 'unreachable');
    for (const { check, found } of open)
      expect(found).toMatch(check === 'cluster' ? /^unreachable: no answer to issuer/ : /^not checked: /);
  });
});
