import { readFileSync } from 'node:fs';
import { ownerWrites } from '../../src/blueprint/ownerWrites';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { type Stage, STAGES } from '../../src/inventory/Inventory';

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
