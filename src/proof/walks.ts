import type { TargetRole } from '../blueprint/Blueprint';
import type { Case } from './credentialPath';
import type { Step } from './Proof';
import { type MixedSituation, mixtures } from './Situation';
import { pairsOf } from './subjectOf';

/** One step with regard to one target, or none: its states, each with the bits of the changes that are applied in it. */
export interface Walk {
  readonly step: Step;
  readonly forward: boolean;
  readonly target: TargetRole | undefined;
  readonly states: readonly (MixedSituation & { readonly applied: number; readonly whole: number })[];
}

/** Every single step forward and back, each once without a target and once for each; walks of a step share its `step` object. */
export function walksOf(of: Case): Walk[] {
  return pairsOf(of.subject).flatMap((pair) => {
    const targets = [undefined, ...pair.earlier.targetRoles];
    const mixed = targets.map((target) => ({ target, states: mixtures(pair, of.cluster.key, target?.target) }));
    return [true, false].flatMap((forward): Walk[] => {
      const [from, to] = forward ? [pair.earlier, pair.later] : [pair.later, pair.earlier];
      const step: Step = { from: from.stage, to: to.stage };
      return mixed.map(({ target, states }) => {
        const whole = states.length - 1;
        return {
          step,
          forward,
          target,
          states: states.map((state) => ({ ...state, whole, applied: forward ? state.later : whole ^ state.later })),
        };
      });
    });
  });
}
