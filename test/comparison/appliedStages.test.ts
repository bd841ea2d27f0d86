import { compileWorkload } from '../../src/blueprint/compileWorkload';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { appliedStages } from '../../src/comparison/appliedStages';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { environmentOf, workloadOf } from '../blueprint/inventoryOf';

const trustAt = (stage: Stage) => compileWorkload(environmentOf(), workloadOf({ stage })).role.trust;

describe('the stages at which the last apply can have left a workload', () => {
  const pairs = STAGES.flatMap((applied, index) =>
    STAGES.slice(Math.max(0, index - 1), index + 2).map((inventory) => [applied, inventory] as const),
  );
  it.each(pairs)('include %s, where the inventory is at %s or was one step away', (applied, inventory) => {
    const facts = { trust: trustAt(applied), associated: [STAGE_TABLE[applied].association] };
    const stages = appliedStages(facts, trustAt, inventory);
    expect(stages).toContain(applied);
    const alike = (one: Stage) =>
      STAGE_TABLE[one].association === STAGE_TABLE[applied].association &&
      STAGE_TABLE[one].trustsOidc === STAGE_TABLE[applied].trustsOidc &&
      STAGE_TABLE[one].trustsPodIdentity === STAGE_TABLE[applied].trustsPodIdentity;
    expect(stages.filter((one) => !alike(one))).toEqual([]);
  });

  it.each<[string, Stage, readonly boolean[], Stage, readonly Stage[]]>([
    ['of the trust policy, where no cluster gave an answer', 'prepared', [], 'prepared', ['prepared', 'dual']],
    ['of the trust policy, where clusters differ', 'irsa', [true, false], 'irsa', ['irsa']],
    [
      'of the associations, where the trust policy is that of other stages',
      'irsa',
      [true],
      'dual',
      ['dual', 'cutover'],
    ],
    ['of both, where the inventory is further away', 'irsa', [false], 'pod-identity', ['irsa']],
  ])('are those %s', (_what, trust, associated, inventory, expected) => {
    expect(appliedStages({ trust: trustAt(trust), associated }, trustAt, inventory)).toEqual(expected);
  });

  it('are those of the associations, where the trust policy was changed by hand', () => {
    const trust = { Version: '2012-10-17', Statement: [] } as const;
    expect(appliedStages({ trust, associated: [false] }, trustAt, 'prepared')).toEqual(['irsa', 'prepared']);
  });
});
