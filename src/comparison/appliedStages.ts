import { STAGE_TABLE } from '../blueprint/stageTable';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { type Stage, STAGES } from '../inventory/Inventory';
import { stagesOfTrust } from './trust';

/** What AWS has of a workload, in which the stage of the last apply can be seen. */
export interface AppliedFacts {
  /** The trust policy of its role, or of a target role of it. */
  readonly trust: PolicyDocument;
  /** Whether its service account has an association, on each of its clusters that gave an answer. */
  readonly associated: readonly boolean[];
}

/**
 * The stages at which the last apply can have left a workload: no tag says it. They are those of its associations, of these those of the trust policy,
 * and of these those that one step separates from the stage of the inventory. A trust policy that fits none of them, associations that differ
 * between clusters, and a stage that is further away narrow nothing. Never empty.
 *
 * @param trustAt the trust policy that the role has at a stage
 * @param stage of the inventory
 */
export function appliedStages(
  { trust, associated }: AppliedFacts,
  trustAt: (stage: Stage) => PolicyDocument | undefined,
  stage: Stage,
): readonly Stage[] {
  const ofTrust = stagesOfTrust(trust, trustAt);
  const at = STAGES.indexOf(stage);
  return [
    (one: Stage) => associated.every((is) => is === STAGE_TABLE[one].association),
    (one: Stage) => ofTrust.includes(one),
    (one: Stage) => Math.abs(STAGES.indexOf(one) - at) <= 1,
  ].reduce<readonly Stage[]>((stages, fits) => {
    const narrowed = stages.filter(fits);
    return narrowed.length === 0 ? stages : narrowed;
  }, STAGES);
}
