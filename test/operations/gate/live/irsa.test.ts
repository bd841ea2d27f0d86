import { IRSA_CLUSTER_SITUATIONS } from './irsaClusterSituations';
import { IRSA_ROLE_SITUATIONS } from './irsaRoleSituations';
import { trySituations } from './trySituation';

describe('the gate from irsa to prepared, at the sandbox', () => {
  trySituations('irsa', [...IRSA_CLUSTER_SITUATIONS, ...IRSA_ROLE_SITUATIONS]);
});
