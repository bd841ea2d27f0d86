import { PREPARED_SITUATIONS } from './preparedSituations';
import { trySituations } from './trySituation';

describe('the gate from prepared to dual, at the sandbox', () => {
  trySituations('prepared', PREPARED_SITUATIONS);
});
