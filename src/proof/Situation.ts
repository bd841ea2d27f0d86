import type { Association, ServiceAccount } from '../blueprint/Blueprint';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Mixture, Slot } from './Proof';
import type { Pair, StageParts } from './Subject';

/** What stands at a moment for a workload on one cluster, with regard to one target or to none. */
export interface Situation {
  readonly 'source trust': PolicyDocument;
  readonly 'inline policy': PolicyDocument | undefined;
  readonly association: Association | undefined;
  /** The service account with its annotations. */
  readonly annotation: ServiceAccount | undefined;
  readonly 'target trust': PolicyDocument | undefined;
}

const SLOTS: readonly Slot[] = ['source trust', 'inline policy', 'association', 'annotation', 'target trust'];

/** What stands at a stage, everything applied. `target` is the key of one of the workload's targets. */
export function situationAt(parts: StageParts, cluster: string, target: string | undefined): Situation {
  return {
    'source trust': parts.role.trust,
    'inline policy': parts.role.inline,
    association: parts.associations.find((association) => association.cluster === cluster),
    annotation: parts.serviceAccounts.find((account) => account.cluster === cluster),
    'target trust': target === undefined ? undefined : parts.targetRoles.find((role) => role.target === target)?.trust,
  };
}

/** One state of a half-finished step. Bit n of `later` says that the n-th of the `changed` slots is as the later stage has it. */
export interface MixedSituation {
  readonly situation: Situation;
  readonly later: number;
  readonly changed: readonly Slot[];
}

/** Every mixture of a step's old and new, both ends included: 2^n for n slots that change, the earlier stage first, the later one last. */
export function mixtures(pair: Pair, cluster: string, target: string | undefined): MixedSituation[] {
  const earlier = situationAt(pair.earlier, cluster, target);
  const later = situationAt(pair.later, cluster, target);
  const changed = SLOTS.filter((slot) => earlier[slot] !== later[slot]);
  return Array.from({ length: 2 ** changed.length }, (_, bits) => ({
    situation: Object.assign(
      { ...earlier },
      ...changed.flatMap((slot, bit) => ((bits >> bit) & 1 ? [{ [slot]: later[slot] }] : [])),
    ) as Situation,
    later: bits,
    changed,
  }));
}

/** Which slots are old and which are new, walking `forward` or back. */
export function mixtureOf({ later, changed }: MixedSituation, forward: boolean): Mixture {
  return Object.fromEntries(
    changed.map((slot, bit) => [slot, (((later >> bit) & 1) === 1) === forward ? 'new' : 'old']),
  );
}
