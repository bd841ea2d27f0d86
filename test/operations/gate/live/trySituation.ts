import { type Stage, STAGES } from '../../../../src/inventory/Inventory';
import { runPrinted } from '../../../cli/printed/runPrinted';
import { against, inventoryAt, rememberedKubectl, startLive } from './liveWorld';
import type { Situation } from './Situation';

/**
 * A table of situations at a stage. Each has a sandbox of its own, to which the inventory is applied: then something changes, and the
 * gate says no for that reason and no other; then it is mended, and the gate holds.
 */
export function trySituations(stage: Stage, situations: readonly Situation[]): void {
  it.each(situations)('$check says no: $title', async (situation) => {
    const {
      check,
      holds = 'no',
      also = [],
      direction = 'forward',
      at = stage,
      setting = {},
      claim = {},
      mendedClaim = {},
    } = situation;
    const { podsFrom = at, ground = {}, mendedGround, found, remedy } = situation;
    const inventory = inventoryAt(at, setting);
    const live = await startLive(inventory, ground);
    try {
      if (podsFrom !== 'none') {
        for (const passed of STAGES.slice(0, STAGES.indexOf(podsFrom) + 1))
          await live.apply(inventoryAt(passed, setting));
        await live.settle();
      }
      await live.apply(inventory);
      // A workload that runs asks, and from dual on that is what is looked for.
      const used = direction === 'forward' && (at === 'dual' || at === 'cutover');
      if (used && podsFrom === at) await live.ask();
      await situation.change?.(live);

      const still = situation.change === undefined && situation.mend === undefined && mendedGround === undefined;
      const asked = still ? { direction, kubernetes: rememberedKubectl() } : { direction };
      const claimed = inventoryAt(at, { ...setting, ...claim });
      const before = await live.gate(withSince(claimed, inventory, claim), asked);
      expect(before.holds).toBe(false);
      expect([...against(before)].toSorted()).toEqual([`${check} ${holds}`, ...also].toSorted());
      const no = before.evidence.filter((one) => one.check === check && one.holds === holds);
      expect(no.map((one) => one.found).join('\n')).toMatch(found);
      expect(no.map((one) => one.remedy ?? '').join('\n')).toMatch(remedy);
      for (const one of before.evidence.filter(({ holds }) => holds !== 'yes')) expect(one.remedy).toBeTruthy();

      await runPrinted(live, claimed, before.evidence.map(({ remedy = '' }) => remedy).join('\n'));

      if (mendedGround !== undefined) await live.restart(mendedGround);
      const mended = situation.mend === undefined ? undefined : await situation.mend(live, no);
      if (situation.mend === undefined && mendedGround === undefined) await live.apply(inventory);
      if (used) await live.ask();
      const settled = { ...setting, ...mendedClaim, ...mended };
      const after = await live.gate(withSince(inventoryAt(at, settled), inventory, settled), asked);
      expect(after.evidence.filter(({ holds }) => holds !== 'yes')).toEqual([]);
      expect(after.holds).toBe(true);
    } finally {
      await live.stop();
    }
  });
}

type Known = ReturnType<typeof inventoryAt>;

/** The stage began when the inventory was first written, unless the setting says otherwise. */
function withSince(inventory: Known, first: Known, setting: Situation['claim'] = {}): Known {
  if ('since' in setting) return inventory;
  const [began] = first.waves;
  return {
    ...inventory,
    waves: inventory.waves.map((wave) => (wave.key === 'pilot' ? { ...wave, stages: began?.stages ?? {} } : wave)),
  };
}
