import { STAGES } from '../../../../src/inventory/Inventory';
import { against, inventoryAt, startLive } from './liveWorld';
import { BACK_NOTES } from './rollbackSituations';

describe('the gate of a step back, at the sandbox', () => {
  it.each(BACK_NOTES)('holds with a note from $at: $title', async ({ check, at, change, found }) => {
    const live = await startLive(inventoryAt(at));
    try {
      for (const passed of STAGES.slice(0, STAGES.indexOf(at) + 1)) await live.apply(inventoryAt(passed));
      await live.settle();
      await change(live);
      const result = await live.gate(inventoryAt(at), { direction: 'back' });
      expect(against(result)).toEqual([]);
      expect(result.holds).toBe(true);
      const warnings = result.evidence.filter(({ warning }) => warning === true);
      expect(new Set(warnings.map((one) => one.check))).toEqual(new Set([check]));
      expect(warnings.map((one) => one.found).join('\n')).toMatch(found);
    } finally {
      await live.stop();
    }
  });
});
