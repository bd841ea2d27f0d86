import { CUTOVER_SITUATIONS } from './cutoverSituations';
import { trySituations } from './trySituation';

describe('the gate from cutover to pod-identity, at the sandbox', () => {
  trySituations('cutover', CUTOVER_SITUATIONS);
});
