import { readFileSync } from 'node:fs';
import { ALWAYS, BACK, EVERY_STEP, FORWARD } from '../../../src/operations/gate/gateTable';

const page = readFileSync('docs/MIGRATION.md', 'utf8');

describe('docs/MIGRATION.md', () => {
  it.each(
    Object.entries({ ...FORWARD, 'any step back': BACK, all: ALWAYS }).map(([step, conditions]) => ({
      step,
      conditions,
    })),
  )('names what is asked for: $step', ({ step, conditions }) => {
    const row = page
      .split('\n')
      .find((line) => line.startsWith(`| ${step} `) && line.includes(conditions[0]!.condition));
    expect(row).toBeDefined();
    for (const { condition } of conditions) expect(row).toContain(condition);
  });

  it('names the checks of the doctor', () => {
    const row = page.split('\n').find((line) => line.startsWith('| all '));
    expect(row).toContain(EVERY_STEP);
  });
});
