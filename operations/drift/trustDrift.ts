import type { Role } from '../../blueprint/Blueprint';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { policyDifference, sameMeaning, type PolicyDifference } from '../../iam/sameMeaning';
import { STAGES, type Stage } from '../../inventory/Inventory';
import type { Unlike } from './Difference';
import { statementsText } from './statementWords';

/** A role whose trust policy is judged. */
export interface Trusting {
  readonly role: Role;
  /** How to keep statements of others, or take them away; absent where the inventory has no way to keep them. */
  readonly keep?: string;
  /** How to have what the inventory says. */
  readonly apply: string;
  /** The trust policy that the role would have at a stage. */
  readonly at: (stage: Stage) => PolicyDocument | undefined;
  readonly effect: (difference: PolicyDifference) => string;
}

/** The trust policy in AWS against the one that should stand there, compared by what they say. */
export function trustDrift({ role, keep, apply, at, effect }: Trusting, found: PolicyDocument): readonly Unlike[] {
  const difference = policyDifference(found, role.trust);
  const { missing, extra } = difference;
  if (missing.length + extra.length === 0) return [];
  const stages = STAGES.filter((stage) => {
    const trust = at(stage);
    return trust !== undefined && sameMeaning(found, trust);
  });
  const words = effect(difference);
  return [
    {
      kind: 'trust',
      where: role.arn,
      expected: statementsText(missing),
      found: stages.length > 0 ? `as at ${stages.join(', ')}: ${statementsText(extra)}` : statementsText(extra),
      missing,
      extra,
      ...(words === '' ? {} : { effect: words }),
      remedy: extra.length > 0 && stages.length === 0 && keep !== undefined ? keep : apply,
    },
  ];
}
