import { DUAL_SITUATIONS } from './dualSituations';
import { trySituations } from './trySituation';

describe('the gate from dual to cutover, at the sandbox', () => {
  trySituations('dual', DUAL_SITUATIONS);
});
