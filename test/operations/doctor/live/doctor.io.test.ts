import { diagnoseLive } from './diagnoseLive';
import { LIVE_FAULTS } from './liveFaults';

describe('the doctor, by the real SDK and kubectl on a sandbox', () => {
  diagnoseLive(
    ['dual'],
    LIVE_FAULTS.filter(({ short }) => short),
  );
});
