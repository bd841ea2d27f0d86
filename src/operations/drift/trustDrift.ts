import type { Role } from '../../blueprint/Blueprint';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { policyDifference, sameMeaning, type PolicyDifference } from '../../iam/sameMeaning';
import { type Stage, STAGES } from '../../inventory/Inventory';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { appliedAt } from './appliedAt';
import type { Remedy, Unlike } from './Difference';
import { differenceWords } from './differenceWords';

/** A role whose trust policy is judged. */
export interface Trusting {
  readonly role: Role;
  /** How to keep statements of others, or take them away; absent where the inventory has no way to keep them. */
  readonly keep?: Remedy;
  /** How to have what the inventory says. */
  readonly apply: Remedy;
  /** The trust policy that the role would have at a stage. */
  readonly at: (stage: Stage) => PolicyDocument | undefined;
  readonly effect: (difference: PolicyDifference, before: Before) => string;
}

/** What is known of the time before an apply that is due. */
export interface Before {
  /** The stages whose trust policy stands there still, where it is just that of others. */
  readonly due?: string;
  /** The trust policy that the last apply has left, where it was that of another stage. */
  readonly trust?: PolicyDocument;
}

/** The trust policy in AWS against the one that should stand there, compared by what they say. */
export function trustDrift(
  { role, keep, apply, at, effect }: Trusting,
  { trust: found, tags }: Pick<RoleFacts, 'trust' | 'tags'>,
): readonly Unlike[] {
  const difference = policyDifference(found, role.trust);
  const { missing, extra } = difference;
  if (missing.length + extra.length === 0) return [];
  const stages = STAGES.filter((stage) => {
    const trust = at(stage);
    return trust !== undefined && sameMeaning(found, trust);
  });
  const tagged = appliedAt(tags);
  const standing = stages.find((stage) => stage === tagged) ?? stages.join(', ');
  // A role that was applied at this very stage has lost since what it lacks.
  const before = tagged === undefined || tagged === 'never' || tagged === role.stage ? undefined : at(tagged);
  const words = effect(difference, {
    ...(standing === '' || tagged === role.stage ? {} : { due: standing }),
    ...(before === undefined ? {} : { trust: before }),
  });
  return [
    {
      kind: 'trust',
      where: role.arn,
      ...(standing === ''
        ? differenceWords(difference, found, role.trust)
        : { expected: `as at ${role.stage}`, found: `as at ${standing}` }),
      missing,
      extra,
      ...(words === '' ? {} : { effect: words }),
      ...(extra.length > 0 && stages.length === 0 && keep !== undefined ? keep : apply),
    },
  ];
}
