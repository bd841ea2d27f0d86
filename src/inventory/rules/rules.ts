import type { Rule } from './Rule';
import { addonWorkload } from './addonWorkload';
import { adoptedProvider } from './adoptedProvider';
import { adoptedTrust } from './adoptedTrust';
import { agentMissing } from './agentMissing';
import { agentTooOld } from './agentTooOld';
import { associationTarget } from './associationTarget';
import { clusterTooOld } from './clusterTooOld';
import { computeStage } from './computeStage';
import { deployRoleAccount } from './deployRoleAccount';
import { duplicateAccount } from './duplicateAccount';
import { duplicateCluster } from './duplicateCluster';
import { duplicateContext } from './duplicateContext';
import { duplicateIssuer } from './duplicateIssuer';
import { duplicatePolicy } from './duplicatePolicy';
import { duplicateRole } from './duplicateRole';
import { duplicateServiceAccount } from './duplicateServiceAccount';
import { duplicateSid } from './duplicateSid';
import { duplicateStack } from './duplicateStack';
import { duplicateTag } from './duplicateTag';
import { foundStage } from './foundStage';
import { incompleteOverride } from './incompleteOverride';
import { inlinePolicy } from './inlinePolicy';
import { issuerRegion } from './issuerRegion';
import { keptTrust } from './keptTrust';
import { localState } from './localState';
import { noWorkloads } from './noWorkloads';
import { oidcRequired } from './oidcRequired';
import { partitionMismatch } from './partitionMismatch';
import { policyAccount } from './policyAccount';
import { principalTag } from './principalTag';
import { releasedAddon } from './releasedAddon';
import { reservedValue } from './reservedValue';
import { roleImports } from './roleImports';
import { sdkTooOld } from './sdkTooOld';
import { serviceAccountAdoption } from './serviceAccountAdoption';
import { sessionTagCondition } from './sessionTagCondition';
import { stageWithoutReason } from './stageWithoutReason';
import { unknownAccount } from './unknownAccount';
import { unknownAction } from './unknownAction';
import { unknownCluster } from './unknownCluster';
import { unknownConditionKey } from './unknownConditionKey';
import { unknownConditionOperator } from './unknownConditionOperator';
import { unknownEnvironment } from './unknownEnvironment';
import { unknownService } from './unknownService';
import { unknownValue } from './unknownValue';
import { unknownWave } from './unknownWave';
import { waveCycle } from './waveCycle';
import { waveOrder } from './waveOrder';
import { waveOrStage } from './waveOrStage';
import { wildcardAction } from './wildcardAction';
import { wildcardResource } from './wildcardResource';
import { workloadNowhere } from './workloadNowhere';

/** Every rule over the whole inventory. */
export const RULES: readonly Rule[] = [
  addonWorkload,
  adoptedProvider,
  adoptedTrust,
  agentMissing,
  agentTooOld,
  associationTarget,
  clusterTooOld,
  computeStage,
  deployRoleAccount,
  duplicateAccount,
  duplicateCluster,
  duplicateContext,
  duplicateIssuer,
  duplicatePolicy,
  duplicateRole,
  duplicateServiceAccount,
  duplicateSid,
  duplicateStack,
  duplicateTag,
  foundStage,
  incompleteOverride,
  inlinePolicy,
  issuerRegion,
  keptTrust,
  localState,
  noWorkloads,
  oidcRequired,
  partitionMismatch,
  policyAccount,
  principalTag,
  releasedAddon,
  reservedValue,
  roleImports,
  sdkTooOld,
  serviceAccountAdoption,
  sessionTagCondition,
  stageWithoutReason,
  unknownAccount,
  unknownAction,
  unknownCluster,
  unknownConditionKey,
  unknownConditionOperator,
  unknownEnvironment,
  unknownService,
  unknownValue,
  unknownWave,
  waveCycle,
  waveOrder,
  waveOrStage,
  wildcardAction,
  wildcardResource,
  workloadNowhere,
];
