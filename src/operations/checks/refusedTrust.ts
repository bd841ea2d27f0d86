import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import type { WorkloadParts } from '../../blueprint/compileWorkload';
import { type Mode, podAccess, type ServiceAccountPods, type TrustingRole } from '../../comparison/access';
import type { Access } from '../../iam/credentialAccess';
import { editText, trustEdits } from '../../proof/trustEdits';
import { type Advice, removeAudience, run } from '../remedies';
import { inSentence } from '../../inventory/printable';
import { applyStage, podsOf, type WorkloadOnCluster } from './Check';

type Subject = Pick<WorkloadOnCluster, 'environment' | 'workload' | 'cluster' | 'serviceAccount'> & {
  readonly parts: Pick<WorkloadParts, 'role'>;
  readonly now?: Date | undefined;
};

/** What pods are refused, of which role. */
export interface RefusedMode {
  readonly mode: Mode;
  /** The role as it stands in AWS; its tags decide conditions. */
  readonly role: TrustingRole;
  /** The audience that the service account names for the tokens of its pods. */
  readonly audience?: string | undefined;
}

/** What IAM would answer to the pods with the trust policy that the inventory has for the role at the workload's stage. */
export function inventoryAccess(subject: Subject, { mode, role, audience }: RefusedMode): Access {
  const { environment, cluster, now, parts } = subject;
  const pods: ServiceAccountPods = { ...podsOf(subject), ...(audience !== undefined && { audience }) };
  return podAccess({ ...role, trust: parts.role.trust }, environment, pods, cluster, mode, now);
}

/**
 * What to change where the inventory itself holds the statement that refuses the pods: an apply writes the same trust policy, and helps nothing. Nothing where
 * the inventory does not refuse them: then AWS differs from it, and an apply is the fix. Each change is evaluated before it is named.
 *
 * @param write how the trust policy of the inventory gets to AWS afterwards. Default: by an apply
 */
export function inventoryAdvice(
  subject: Subject,
  refused: RefusedMode,
  write: Advice = applyStage(subject),
): Advice | undefined {
  const { environment, workload, cluster, serviceAccount, now } = subject;
  if (inventoryAccess(subject, refused).result !== 'denied') return undefined;
  const { mode, role, audience } = refused;
  const pods: ServiceAccountPods = { ...podsOf(subject), ...(audience !== undefined && { audience }) };
  const edits = trustEdits({
    ...{ environment, workload, cluster, serviceAccount, mode },
    access: (trust) => podAccess({ ...role, trust }, environment, pods, cluster, mode, now),
  });
  if (edits.length === 0 && audience !== undefined && isAudienceAlone(subject, refused))
    return [
      `The audience decides: the service account asks for tokens for ${inSentence(audience)}, and the trust policy of the inventory allows those for ${IRSA_AUDIENCE}. Remove the annotation where the service account is created, and here:`,
      removeAudience(cluster, serviceAccount),
      write,
      'Then restart its pods: a running pod keeps the audience with which it was created.',
    ];
  if (edits.length === 0)
    return [
      'The trust policy of the inventory refuses them too, so an apply does not help. The proof names the statement:',
      run`npx podlift prove --environment ${environment.key}`,
    ];
  return [
    'The inventory itself has the statement that decides. Correct it there first: an apply alone writes the same again.',
    ...edits.map((edit) => ({ say: editText(edit), at: edit.path })),
    write,
  ];
}

/** Whether tokens for the usual audience would do. */
function isAudienceAlone(subject: Subject, { mode, role }: RefusedMode): boolean {
  return inventoryAccess(subject, { mode, role, audience: IRSA_AUDIENCE }).result === 'allowed';
}
