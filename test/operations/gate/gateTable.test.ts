import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALWAYS, BACK, checksOf, FORWARD, GATE_CHECKS } from '../../../src/operations/gate/gateTable';
import { STAGES } from '../../../src/inventory/Inventory';

describe('the gate table', () => {
  it('uses every check', () => {
    const used = [...Object.values(FORWARD).flat(), ...BACK, ...ALWAYS].map(({ check }) => check);
    expect(new Set(used)).toEqual(new Set(Object.keys(GATE_CHECKS)));
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

  it('writes nothing: the adapters know only verbs that read', () => {
    const folder = join(__dirname, '../../../src/estate/aws');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const commands = sources.flatMap((text) => text.match(/\b[A-Z]\w+Command\b/g) ?? []);
    expect(commands).not.toEqual([]);
    for (const command of commands) expect(command).toMatch(/^(Get|Describe|List)/);
  });
});
