import { readFileSync } from 'node:fs';
import { ownedRoles, ownerWrites } from '../../src/blueprint/ownerWrites';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { environmentOf, roleSettingsOf, targetOf, workloadOf, type WorkloadParts } from './inventoryOf';

const FORWARD = STAGES.slice(1).map((to, index) => [STAGES[index]!, to] as const);
const STEPS = [...FORWARD, ...FORWARD.map(([from, to]) => [to, from] as const).reverse()];

describe('what the owner of an external role writes for a step', () => {
  it.each([
    ['irsa', 'prepared', 'before', 'prepared'],
    ['prepared', 'dual', 'never', 'prepared'],
    ['dual', 'cutover', 'never', 'dual'],
    ['cutover', 'pod-identity', 'after', 'cutover'],
    ['pod-identity', 'cutover', 'before', 'cutover'],
    ['cutover', 'dual', 'never', 'cutover'],
    ['dual', 'prepared', 'never', 'dual'],
    ['prepared', 'irsa', 'after', 'prepared'],
  ] as const)('%s → %s: %s', (from, to, when, during) => {
    expect(ownerWrites(from, to)).toEqual({ when, during });
  });

  it('never cuts pods: the trust policy during a step trusts all that either of its stages trusts', () => {
    for (const [from, to] of STEPS) {
      const during = STAGE_TABLE[ownerWrites(from, to).during];
      for (const stage of [from, to])
        expect({
          oidc: during.trustsOidc || !STAGE_TABLE[stage].trustsOidc,
          podIdentity: during.trustsPodIdentity || !STAGE_TABLE[stage].trustsPodIdentity,
        }).toEqual({ oidc: true, podIdentity: true });
    }
  });

  it('has no answer for a jump between stages of which neither trusts all', () => {
    expect(() => ownerWrites('irsa', 'pod-identity')).toThrow(/one step at a time/);
  });

  it('is what the table of docs/EXTERNAL_ROLES.md says', () => {
    const rows = readFileSync('docs/EXTERNAL_ROLES.md', 'utf8').matchAll(
      /^\| ([a-z-]+) → ([a-z-]+) +\| (-|`--stage [a-z-]+`) +\| .*\| (-|`--stage [a-z-]+`) +\|$/gm,
    );
    const found = [...rows].map(([, from, to, before, after]) => [from, to, before, after]);
    const expected = STEPS.map(([from, to]: readonly [Stage, Stage]) => {
      const { when } = ownerWrites(from, to);
      const write = `\`--stage ${to}\``;
      return [from, to, when === 'before' ? write : '-', when === 'after' ? write : '-'];
    });
    expect(found).toEqual(expected);
  });
});

describe('the external roles of a workload in a step', () => {
  const target = targetOf({ role: { name: 'ledger', path: '/data/', manage: 'external' } });
  const turns = (from: Stage, to: Stage, parts: WorkloadParts) =>
    ownedRoles(environmentOf(), workloadOf({ targets: [target], ...parts }), from, to);

  it.each(STEPS)('%s → %s: the owner of a target role writes when the owner of the source role does', (from, to) => {
    const [own, its, ...others] = turns(from, to, { role: roleSettingsOf({ manage: 'external' }) });
    expect(others).toEqual([]);
    expect([own?.target, its?.target]).toEqual([undefined, 'ledger']);
    expect(its).toMatchObject({ arn: 'arn:aws:iam::444444444444:role/data/ledger', account: { id: '444444444444' } });
    expect([own?.when, its?.when]).toEqual([ownerWrites(from, to).when, ownerWrites(from, to).when]);
  });

  it('is nothing to write for a target whose trust policy is the same at both stages', () => {
    for (const [from, to] of STEPS)
      expect(turns(from, to, { sessionTags: false }).map(({ when }) => when)).toEqual(['never']);
  });

  it('is no role that podlift writes', () => {
    expect(turns('irsa', 'prepared', { targets: [targetOf()] })).toEqual([]);
  });
});
