import { type Stage, STAGES } from '../../../../src/inventory/Inventory';
import { against, commandsOf, inventoryAt, startLive } from './liveWorld';

describe('the gate of a step back, at the sandbox', () => {
  it('from dual says what the step takes; its commands after the apply bring the pods back to IRSA', async () => {
    const live = await startLive(inventoryAt('dual'));
    try {
      for (const stage of ['irsa', 'prepared', 'dual'] as const) await live.apply(inventoryAt(stage));
      await live.settle();
      const { holds, evidence } = await live.gate(inventoryAt('dual'), { direction: 'back' });
      const taken = evidence.filter(({ check }) => check === 'restart-needed');
      expect(holds).toBe(true);
      expect(taken[0]).toMatchObject({
        found: expect.stringMatching(/2 of 2 pods use Pod Identity, which the step removes/),
        remedy: expect.stringMatching(
          /^After the apply, wait 15 seconds until EKS sees the change\. Then restart the pods at once:\nkubectl /,
        ),
      });

      await live.apply(inventoryAt('prepared'));
      expect(await live.ask()).toMatchObject([{ source: { ok: false } }, { source: { ok: false } }]);
      for (const command of commandsOf(taken)) await live.run(command);
      expect(live.pods().map(({ uses }) => uses)).toEqual(['irsa', 'irsa']);
      expect(await live.ask()).toMatchObject([{ source: { ok: true } }, { source: { ok: true } }]);
      expect((await live.gate(inventoryAt('prepared'), { direction: 'back' })).holds).toBe(true);
    } finally {
      await live.stop();
    }
  });

  it.each<[Stage]>([['cutover'], ['pod-identity']])('from %s takes nothing from running pods', async (stage) => {
    const live = await startLive(inventoryAt(stage));
    try {
      for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed));
      await live.settle();
      const result = await live.gate(inventoryAt(stage), { direction: 'back' });
      expect(against(result)).toEqual([]);
      expect(result.evidence.find(({ check }) => check === 'restart-needed')?.found).toBe(
        '2 pods run; the step does not change their credentials',
      );
    } finally {
      await live.stop();
    }
  });
});
