import { adoption } from './adoption';
import { agentAvailable } from './agentAvailable';
import { agentOnNodes } from './agentOnNodes';
import { annotationAgrees } from './annotationAgrees';
import { associationAgrees } from './associationAgrees';
import type { Check } from './Check';
import type { CheckName } from './CheckName';
import { clusterIdentity } from './clusterIdentity';
import { clusterVersion } from './clusterVersion';
import { computeCanMove } from './computeCanMove';
import { noHardCodedEnv } from './noHardCodedEnv';
import { podsRestarted } from './podsRestarted';
import { restartNeeded } from './restartNeeded';
import { roleAgrees } from './roleAgrees';
import { roleUsed } from './roleUsed';
import { sdkNewEnough } from './sdkNewEnough';
import { soaked } from './soaked';
import { trustLength } from './trustLength';
import { trustsPodIdentity } from './trustsPodIdentity';
import { waveOrder } from './waveOrder';
import { webIdentityUnused } from './webIdentityUnused';

/** What each check does. */
export const CHECK_OF: Readonly<Record<CheckName, Check>> = {
  'cluster-version': clusterVersion,
  compute: computeCanMove,
  sdk: sdkNewEnough,
  'agent-available': agentAvailable,
  'hard-coded-env': noHardCodedEnv,
  'trust-length': trustLength,
  'trusts-pod-identity': trustsPodIdentity,
  'agent-on-nodes': agentOnNodes,
  'pods-restarted': podsRestarted,
  soak: soaked,
  'web-identity-unused': webIdentityUnused,
  'role-used': roleUsed,
  'restart-needed': restartNeeded,
  'cluster-identity': clusterIdentity,
  'wave-order': waveOrder,
  'role-agrees': roleAgrees,
  'association-agrees': associationAgrees,
  'annotation-agrees': annotationAgrees,
  adoption,
};
