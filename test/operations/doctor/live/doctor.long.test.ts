import { STAGES } from '../../../../src/inventory/Inventory';
import { diagnoseLive } from './diagnoseLive';
import { askLive, liveAt } from './doctorLive';
import { LIVE_FAULTS } from './liveFaults';

describe('the doctor, by the real SDK and kubectl on a sandbox', () => {
  diagnoseLive(STAGES, LIVE_FAULTS);

  it('evaluates what the role’s policies say in AWS', async () => {
    const { live, inventory } = await liveAt('dual');
    const ask = async (action: string) => {
      const access = { action, resource: 'arn:aws:s3:::acme-orders/1' };
      const { findings } = await askLive(inventory, { access });
      return findings.find(({ check }) => check === 'access')?.state;
    };
    try {
      expect([await ask('s3:GetObject'), await ask('s3:PutObject')]).toEqual(['ok', 'problem']);
    } finally {
      await live.stop();
    }
  });
});
