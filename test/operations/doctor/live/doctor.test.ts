import { STAGES } from '../../../../src/inventory/Inventory';
import type { Live } from '../../gate/live/liveWorld';
import { notes } from '../doctorWorld';
import { askLive, liveAt } from './doctorLive';
import { LIVE_FAULTS } from './liveFaults';

describe('the doctor, by the real SDK and kubectl on a sandbox', () => {
  let live: Live | undefined;
  afterEach(async () => {
    await live?.stop();
    live = undefined;
  });

  it.each(STAGES)('finds nothing at %s', async (stage) => {
    const made = await liveAt(stage);
    live = made.live;
    expect(notes(await askLive(made.inventory))).toEqual([]);
    expect((await live.ask()).map(({ source }) => source.ok)).toEqual([true, true]);
  });

  it.each(LIVE_FAULTS)('$name, at $stage: names that first', async ({ stage, setting, break: make, first, pods }) => {
    const made = await liveAt(stage, setting);
    live = made.live;
    await make(live);
    expect(notes(await askLive(made.inventory))[0]).toBe(first);
    const outcomes = (await live.ask()).map(({ source }) => source.ok);
    expect(outcomes.every((ok) => ok)).toBe(pods === 'work');
  });

  it('evaluates what the role’s policies say in AWS', async () => {
    const made = await liveAt('dual');
    live = made.live;
    const ask = async (action: string) => {
      const access = { action, resource: 'arn:aws:s3:::acme-orders/1' };
      const { findings } = await askLive(made.inventory, { access });
      return findings.find(({ check }) => check === 'access')?.state;
    };
    expect([await ask('s3:GetObject'), await ask('s3:PutObject')]).toEqual(['ok', 'problem']);
  });
});
