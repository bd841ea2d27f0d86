import type { Stage } from '../../inventory/Inventory';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { nameOf, type Subject } from './Subject';
import type { SplitTrust } from './splitTrust';
import type { LeftReason } from './leftReasons';

/** A reason to leave a service account out. */
export interface Refusal {
  readonly reason: LeftReason;
  readonly message: string;
  readonly hint: string;
}

/** The stage at which a service account was found; `note` where something stands there that the stage does not have. */
export interface FoundStage {
  readonly stage: Stage;
  readonly note?: string;
}

/** By annotation, OIDC trust, Pod Identity trust and association, in this order, `1` for what is there. */
const STAGES: Readonly<Record<string, Stage>> = {
  '1100': 'irsa',
  '1110': 'prepared',
  '1111': 'dual',
  '0111': 'cutover',
  '0011': 'pod-identity',
  // The webhook prefers Pod Identity, so that the annotation does nothing any more; AWS CDK leaves it so.
  '1011': 'pod-identity',
};

/** Where a service account stands between IRSA and Pod Identity, by what was found; or why that is no stage. */
export function foundStage(
  subject: Subject,
  { letsWebIdentityIn, letsPodIdentityIn }: Pick<SplitTrust, 'letsWebIdentityIn' | 'letsPodIdentityIn'>,
): FoundStage | Refusal {
  const annotated = subject.annotation !== undefined;
  const associated = subject.association !== undefined;
  const stage = STAGES[[annotated, letsWebIdentityIn, letsPodIdentityIn, associated].map(Number).join('')];
  if (stage === undefined) return { reason: 'not-let-in', ...noStage(subject, letsPodIdentityIn) };
  if (!annotated || stage !== 'pod-identity') return { stage };
  return {
    stage,
    note: `It still has the annotation ${ROLE_ANNOTATION}, though its role trusts no OIDC provider: remove the annotation.`,
  };
}

/** Why a service account gets no credentials by the role that it names, and what to do. */
export function noStage(subject: Subject, letsPodIdentityIn: boolean): Omit<Refusal, 'reason'> {
  if (subject.association !== undefined)
    return {
      message: `an association gives ${nameOf(subject)} the role, but the role does not let it in by Pod Identity: its pods get no credentials`,
      hint: 'Allow pods.eks.amazonaws.com both sts:AssumeRole and sts:TagSession in the trust policy of the role, then run discover again.',
    };
  return {
    message: `${nameOf(subject)} has the annotation, but the role does not let it in by web identity: its pods get no credentials`,
    hint: letsPodIdentityIn
      ? 'The role trusts Pod Identity: make the association, or trust the cluster’s OIDC provider again. Then run discover again.'
      : 'Take the annotation away: whoever may annotate a service account can name any role. Only where the role is meant for it, trust the cluster’s OIDC provider with this service account as subject. Then run discover again.',
  };
}
