import type { Stage } from '../../../../src/inventory/Inventory';
import { CONTROLLER_SITUATIONS } from './controllerSituations';
import { CUTOVER_SITUATIONS } from './cutoverSituations';
import { DUAL_SITUATIONS } from './dualSituations';
import { IRSA_CLUSTER_SITUATIONS } from './irsaClusterSituations';
import { IRSA_ROLE_SITUATIONS } from './irsaRoleSituations';
import { PREPARED_SITUATIONS } from './preparedSituations';
import { ROLLBACK_SITUATIONS } from './rollbackSituations';
import type { Situation } from './Situation';

/** The situations of each step, by the stage at which the step begins. */
export const SITUATIONS: readonly { readonly step: string; readonly at: Stage; readonly rows: readonly Situation[] }[] =
  [
    { step: 'from irsa to prepared', at: 'irsa', rows: [...IRSA_CLUSTER_SITUATIONS, ...IRSA_ROLE_SITUATIONS] },
    { step: 'from prepared to dual', at: 'prepared', rows: PREPARED_SITUATIONS },
    { step: 'from dual to cutover', at: 'dual', rows: [...CONTROLLER_SITUATIONS, ...DUAL_SITUATIONS] },
    { step: 'from cutover to pod-identity', at: 'cutover', rows: CUTOVER_SITUATIONS },
    { step: 'of a step back', at: 'dual', rows: ROLLBACK_SITUATIONS },
  ];
