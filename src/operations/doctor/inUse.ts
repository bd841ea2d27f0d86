import { podCredentials } from '../../comparison/podCredentials';
import type { State } from './DoctorFinding';
import type { Facts } from './Facts';
import type { Mode, Patient } from './Patient';

/** The ways that matter now: the one that a new pod gets at this stage, and those that running pods hold. */
export function modesInUse({ row }: Patient, { pods }: Facts): ReadonlySet<Mode> {
  const held = (pods.ok ? pods.value : []).map(podCredentials);
  const modes = new Set<Mode>([row.newPodUses]);
  if (held.some(({ webIdentity }) => webIdentity)) modes.add('irsa');
  if (held.some(({ podIdentity, webIdentity }) => podIdentity && !webIdentity)) modes.add('pod-identity');
  return modes;
}

/** How bad it is that a way does not work: a problem where it is used, a warning where only the stage promises it. */
export function severity(patient: Patient, facts: Facts, mode: Mode): Extract<State, 'problem' | 'warning'> {
  return modesInUse(patient, facts).has(mode) ? 'problem' : 'warning';
}
