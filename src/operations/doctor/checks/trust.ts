import type { Decision } from '../../../iam/Decision';
import { explain } from '../../../iam/explain';
import type { RoleFacts } from '../../../estate/aws/AwsPort';
import { shellWord } from '../../../estate/shellWord';
import type { Judgement } from '../DoctorFinding';
import type { Facts } from '../Facts';
import { severity } from '../inUse';
import type { Judge } from '../Judge';
import { applyStage, iamLook, ill, well } from '../judgement';
import type { Mode, Patient } from '../Patient';
import { askForSource } from '../sourceDecisions';

const WAY: Readonly<Record<Mode, string>> = { irsa: 'web identity (IRSA)', 'pod-identity': 'EKS Pod Identity' };

/** The role as it stands in AWS lets the workload's pods in by each way that the stage promises, by an evaluation of its trust policy. */
export const trust: Judge = (patient, facts) => {
  const { role } = facts.source;
  if (!role.ok || role.value === undefined) return [];
  const found = role.value;
  const { row } = patient;
  const modes: Mode[] = [
    ...(row.trustsPodIdentity ? (['pod-identity'] as const) : []),
    ...(row.trustsOidc && patient.cluster.oidc !== undefined ? (['irsa'] as const) : []),
  ];
  return modes.map((mode) => judge(patient, facts, found, mode));
};

function judge(patient: Patient, facts: Facts, role: RoleFacts, mode: Mode): Judgement {
  const look = iamLook(patient, `get-role --role-name ${shellWord(role.name)} --query Role.AssumeRolePolicyDocument`);
  const refused = askForSource(patient, facts, role, mode).filter(({ allowed }) => !allowed);
  if (refused.length === 0) return well(look, `the trust policy lets its pods in by ${WAY[mode]}`);
  return ill(
    look,
    severity(patient, facts, mode),
    [`the trust policy keeps its pods out by ${WAY[mode]}:`, ...refused.map(explain)].join('\n'),
    mends(patient, refused),
  );
}

/** An apply brings podlift's own statements back; a deny stands in a statement that is kept, or came from elsewhere. */
function mends(patient: Patient, refused: readonly Decision[]): string {
  const denied = refused.some(({ reason }) => reason === 'explicit deny');
  const kept = denied && patient.workload.role.keepTrust !== undefined;
  return kept
    ? `Change the statement that denies it: it stands in workloads.${patient.workload.key}.role.keepTrust. Then:\n${applyStage(patient)}`
    : applyStage(patient);
}
