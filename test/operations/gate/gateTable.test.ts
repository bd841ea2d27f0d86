import { CHECK_NAMES, CHECK_TABLE } from '../../../src/operations/checks/checkTable';
import { ALWAYS, BACK, checksOf, FORWARD } from '../../../src/operations/gate/gateTable';
import { STAGES } from '../../../src/inventory/Inventory';

describe('the gate table', () => {
  it('uses every check', () => {
    const used = [...Object.values(FORWARD).flat(), ...BACK, ...ALWAYS].map(({ check }) => check);
    expect(new Set(used)).toEqual(new Set(CHECK_NAMES.filter((name) => CHECK_TABLE[name].gate !== undefined)));
  });

  it.each(STAGES)('asks at %s for nothing twice, and always whether AWS agrees', (stage) => {
    for (const direction of ['forward', 'back'] as const) {
      const checks = checksOf(stage, direction);
      expect(new Set(checks).size).toBe(checks.length);
      expect(checks).toEqual(expect.arrayContaining(['wave-order', 'role', 'association', 'annotation']));
    }
  });

  it('asks back from every stage what the step takes', () => {
    for (const stage of STAGES) expect(checksOf(stage, 'back')).toContain('restart-needed');
  });
});
