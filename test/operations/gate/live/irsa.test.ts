import { IRSA_SITUATIONS } from './irsaSituations';
import { trySituations } from './trySituation';

describe('the gate from irsa to prepared, at the sandbox', () => {
  trySituations('irsa', IRSA_SITUATIONS);
});
