import { compileWorkload } from '../../src/blueprint/compileWorkload';
import { compareAssumptions, stagesOfTrust, type TrustPolicies } from '../../src/comparison/trust';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import {
  clusterOf,
  environmentOf,
  subjectOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';

const ENVIRONMENT = environmentOf({ clusters: [clusterOf(), clusterOf({ key: 'batch' })], tags: { team: 'shop' } });
const [MAIN, BATCH] = ENVIRONMENT.clusters;
const workloadAt = (stage: Stage, parts: WorkloadParts = {}) =>
  workloadOf({ stage, clusters: ['main', 'batch'], targets: [targetOf()], ...parts });
const partsAt = (stage: Stage, parts?: WorkloadParts) => compileWorkload(ENVIRONMENT, workloadAt(stage, parts));
const trustAt = (stage: Stage, parts?: WorkloadParts) => partsAt(stage, parts).role.trust;
const targetTrustAt = (stage: Stage, parts?: WorkloadParts) => partsAt(stage, parts).targetRoles[0]!.trust;
const NOBODY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** A trust policy whose statements all have a condition more. */
function under(trust: PolicyDocument, Condition: NonNullable<Statement['Condition']>): PolicyDocument {
  const merged = (one: Statement) => ({ ...one.Condition, ...Condition });
  return {
    ...trust,
    Statement: (trust.Statement as readonly Statement[]).map((one) => ({ ...one, Condition: merged(one) })),
  };
}
const BEFORE_JUNE = { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } };
const JULY = new Date('2026-07-01T00:00:00Z');

const OWN = subjectOf(workloadAt('dual'));

describe('the stages of a trust policy', () => {
  it.each(STAGES)('are those whose trust policy means the same: %s', (stage) => {
    const expected = STAGES.filter((one) => JSON.stringify(trustAt(one)) === JSON.stringify(trustAt(stage)));
    expect(stagesOfTrust(trustAt(stage), trustAt)).toEqual(expected);
  });

  it('are none where no stage has it, or the role has none at a stage', () => {
    expect(stagesOfTrust(NOBODY, trustAt)).toEqual([]);
    expect(stagesOfTrust(trustAt('irsa'), () => undefined)).toEqual([]);
  });
});

describe('another trust policy of a source role', () => {
  const compared = (policies: TrustPolicies, now?: Date) =>
    compareAssumptions(
      ENVIRONMENT,
      workloadAt('dual'),
      ENVIRONMENT.clusters,
      { name: 'prod-orders-api', arn: partsAt('dual').role.arn },
      policies,
      now && { now },
    );

  it('means the same where it allows the same', () => {
    expect(compared({ wanted: trustAt('dual'), found: trustAt('cutover') })).toEqual([]);
  });

  it('allows no pod of any cluster what they must be able to do', () => {
    expect(compared({ wanted: trustAt('dual'), found: trustAt('irsa') })).toEqual([
      { cluster: MAIN, subject: OWN, by: 'pod-identity', wanted: true },
      { cluster: BATCH, subject: OWN, by: 'pod-identity', wanted: true },
    ]);
    expect(compared({ wanted: trustAt('dual'), found: trustAt('dual', { clusters: ['main'] }) })).toEqual([
      { cluster: BATCH, subject: OWN, by: 'irsa', wanted: true },
      { cluster: BATCH, subject: OWN, by: 'pod-identity', wanted: true },
    ]);
  });

  it('allows pods what they must not be able to do', () => {
    expect(compared({ wanted: trustAt('pod-identity'), found: trustAt('dual') })).toEqual([
      { cluster: MAIN, subject: OWN, by: 'irsa', wanted: false },
      { cluster: BATCH, subject: OWN, by: 'irsa', wanted: false },
    ]);
  });

  it.each<[string, PolicyDocument, object]>([
    ['allowed it', trustAt('dual'), { before: true }],
    ['denied it', NOBODY, { before: false }],
    ['may have allowed it', under(trustAt('dual'), BEFORE_JUNE), {}],
  ])('says whether the trust policy of the last apply %s', (_what, before, known) => {
    const [first] = compared({ wanted: trustAt('dual'), found: NOBODY, before: [before] });
    expect(first).toStrictEqual({ cluster: MAIN, subject: OWN, by: 'irsa', wanted: true, ...known });
  });

  it('depends on conditions of either policy, each named once', () => {
    const open = under(trustAt('irsa'), BEFORE_JUNE);
    const keysOf = (all: ReturnType<typeof compared>) =>
      all.map((one) => [one.cluster.key, one.by, 'dependsOn' in one ? one.dependsOn.map(({ key }) => key) : undefined]);
    const expected = ['main', 'batch'].map((key) => [key, 'irsa', ['aws:CurrentTime']]);
    expect(keysOf(compared({ wanted: trustAt('irsa'), found: open }))).toEqual(expected);
    expect(keysOf(compared({ wanted: open, found: trustAt('irsa') }))).toEqual(expected);
    const later = under(trustAt('irsa'), { DateLessThan: { 'aws:CurrentTime': '2026-07-01T00:00:00Z' } });
    expect(keysOf(compared({ wanted: open, found: later }))).toEqual(
      ['main', 'batch'].map((key) => [key, 'irsa', ['aws:CurrentTime', 'aws:CurrentTime']]),
    );
  });

  it('means the same where both depend on the same conditions', () => {
    const open = under(trustAt('irsa'), BEFORE_JUNE);
    expect(compared({ wanted: open, found: { ...open } })).toEqual([]);
  });

  it('depends on no time that is known', () => {
    const open = under(trustAt('irsa'), BEFORE_JUNE);
    expect(compared({ wanted: trustAt('irsa'), found: open }, new Date('2026-05-01T00:00:00Z'))).toEqual([]);
    expect(compared({ wanted: trustAt('irsa'), found: open }, JULY)).toEqual([
      { cluster: MAIN, subject: OWN, by: 'irsa', wanted: true },
      { cluster: BATCH, subject: OWN, by: 'irsa', wanted: true },
    ]);
  });
});

describe('another trust policy of a target role', () => {
  const compared = (policies: TrustPolicies, parts: WorkloadParts = {}, now?: Date) => {
    const { role, targetRoles } = partsAt('dual', parts);
    const source = { arn: role.arn, tags: { owner: 'orders' } };
    return compareAssumptions(
      ENVIRONMENT,
      workloadAt('dual', parts),
      ENVIRONMENT.clusters.slice(0, 1),
      targetRoles[0]!,
      policies,
      { source, ...(now && { now }) },
    ).map((one) =>
      'wanted' in one ? `${one.by}: ${one.wanted}` : `${one.by}: ${one.dependsOn.map(({ key }) => key).join()}`,
    );
  };
  const EXTERNAL = { sessionTags: false, targets: [targetOf({ via: 'association' })] };

  it.each<[string, TrustPolicies, WorkloadParts, string[]]>([
    ['means the same', { wanted: targetTrustAt('dual'), found: targetTrustAt('cutover') }, {}, []],
    [
      'lacks the hop of EKS',
      { wanted: targetTrustAt('dual'), found: targetTrustAt('irsa') },
      {},
      ['tagged-session: true'],
    ],
    [
      'still has the hop of IRSA',
      { wanted: targetTrustAt('pod-identity'), found: targetTrustAt('dual') },
      {},
      ['session: false'],
    ],
    [
      'lacks both hops',
      { wanted: targetTrustAt('dual'), found: NOBODY },
      {},
      ['session: true', 'tagged-session: true'],
    ],
    [
      'lacks the hop by external id',
      { wanted: targetTrustAt('pod-identity', EXTERNAL), found: NOBODY },
      EXTERNAL,
      ['external-id: true'],
    ],
    [
      'wants the tags of the source role and of the environment, which its sessions have',
      {
        wanted: targetTrustAt('dual'),
        found: under(targetTrustAt('dual'), {
          StringLike: { 'aws:PrincipalTag/owner': 'orders', 'aws:PrincipalTag/team': 'shop' },
        }),
      },
      {},
      [],
    ],
    [
      'wants what an app can send: whether the app of IRSA does is not known, and EKS does not',
      {
        wanted: targetTrustAt('dual'),
        found: under(targetTrustAt('dual'), { StringLike: { 'sts:SourceIdentity': 'orders' } }),
      },
      {},
      ['session: sts:SourceIdentity', 'tagged-session: true'],
    ],
    [
      'wants an external id: whether the app of IRSA sends it is not known, and EKS does not',
      {
        wanted: targetTrustAt('dual'),
        found: under(targetTrustAt('dual'), { StringLike: { 'sts:ExternalId': 'x' } }),
      },
      {},
      ['session: sts:ExternalId', 'tagged-session: true'],
    ],
    [
      'wants what podlift’s own wants of an app',
      {
        wanted: under(targetTrustAt('dual'), { StringLike: { 'sts:ExternalId': 'x' } }),
        found: under(targetTrustAt('dual'), { StringLike: { 'sts:ExternalId': 'x' } }),
      },
      {},
      [],
    ],
  ])('%s', (_what, policies, parts, expected) => {
    expect(compared(policies, parts)).toEqual(expected);
  });

  it('depends on no time that is known', () => {
    const policies = { wanted: targetTrustAt('irsa'), found: under(targetTrustAt('irsa'), BEFORE_JUNE) };
    expect(compared(policies)).toEqual(['session: aws:CurrentTime']);
    expect(compared(policies, {}, JULY)).toEqual(['session: true']);
  });
});
