import type { TargetRole } from '../blueprint/Blueprint';
import type { Stage } from '../inventory/Inventory';
import type { Draft } from './Draft';
import { type Case, sourceLeg, sourceOf, targetLeg, trustedAtSource } from './credentialPath';
import { newPodMode } from './newPodMode';
import type { Mode, Step } from './Proof';
import { lossOf, podsOf } from './proveStages';
import { mixtureOf, type Situation, situationAt } from './Situation';
import { type Walk, walksOf } from './walks';
import type { Verdict } from './Verdict';

/** A mode that does not survive a step, and where that was seen first. */
export interface Loss {
  readonly step: Step;
  readonly mode: Mode;
  readonly draft: Draft;
}

/** What came of rule 2 on one cluster. */
export interface Steps {
  /** States that were looked at. */
  readonly mixtures: number;
  /** The modes that pods can hold at a stage, whatever way led there. */
  readonly held: (stage: Stage) => ReadonlySet<Mode>;
  /** The modes that pods are given in a step that begins at a stage. */
  readonly admitted: (stage: Stage) => ReadonlySet<Mode>;
  readonly losses: readonly Loss[];
  /** Pods that get nothing in the middle of a step, and associations that EKS would refuse there. */
  readonly drafts: readonly Draft[];
}

const MODES: readonly Mode[] = ['irsa', 'pod-identity'];

/**
 * Rule 2 on one cluster, for each single step forward and back. Which pods there are is the least set that is closed under the
 * steps: new pods of each stage, pods that survive a step, and pods admitted during one. A pod that is admitted in a mixture
 * must keep what it has in every mixture that can come after it, that is with at least the same changes applied.
 */
export function proveSteps(of: Case): Steps {
  const walks = walksOf(of);
  const held = new Map<Stage, Set<Mode>>();
  const admitted = new Map<Step, Set<Mode>>(walks.map(({ step }) => [step, new Set()]));
  const losses = new Map<string, Loss>();
  const broken = new Set<string>();
  for (const parts of of.subject.stages) {
    const mode = newPodMode(situationAt(parts, of.cluster.key, undefined), sourceOf(of.subject).arn);
    held.set(parts.stage, new Set());
    if (mode === undefined) continue;
    const whole = [undefined, ...parts.targetRoles].every(
      (target) => holds(of, mode, target, situationAt(parts, of.cluster.key, target?.target)).holds,
    );
    if (whole) held.get(parts.stage)?.add(mode);
    else broken.add(`${parts.stage} ${mode}`);
  }
  const drafts = walks.flatMap((walk) => admissions(of, walk, (mode) => admitted.get(walk.step)?.add(mode)));

  for (let before = -1, now = 0; before !== now;) {
    before = now;
    for (const [step, during] of admitted) {
      for (const mode of MODES) {
        const there = held.get(step.from)?.has(mode) === true;
        // What does not even hold where the step begins or ends is rule 1's finding, not the step's.
        const brokenAnyway = broken.has(`${step.from} ${mode}`) || broken.has(`${step.to} ${mode}`);
        if (!there && (brokenAnyway || !during.has(mode))) continue;
        const loss = walks.filter((walk) => walk.step === step).flatMap((walk) => lossIn(of, walk, mode, there))[0];
        if (loss === undefined) held.get(step.to)?.add(mode);
        else losses.set(`${step.from} ${step.to} ${mode}`, { step, mode, draft: loss });
      }
    }
    now = [...held.values()].reduce((sum, modes) => sum + modes.size, 0);
  }
  return {
    mixtures: walks.reduce((sum, { forward, states }) => sum + (forward ? states.length : 0), 0),
    held: (stage) => held.get(stage) ?? new Set(),
    admitted: (stage) => new Set([...admitted].flatMap(([{ from }, modes]) => (from === stage ? [...modes] : []))),
    losses: [...losses.values()],
    drafts,
  };
}

/** Is the whole path open: the source role, and from it the target if there is one? */
function holds(of: Case, mode: Mode, target: TargetRole | undefined, situation: Situation): Verdict {
  const source = sourceLeg(of, mode, situation);
  return !source.holds || target === undefined ? source : targetLeg(of, mode, target, situation);
}

/** What new pods are given in the middle of a step; the ends are rule 1's. */
function admissions(of: Case, walk: Walk, admit: (mode: Mode) => void): Draft[] {
  const { step, forward, target, states } = walk;
  return states
    .filter(({ applied, whole }) => applied !== 0 && applied !== whole)
    .flatMap((state): Draft[] => {
      const { association } = state.situation;
      const at = { cluster: of.cluster.key, step, mixture: mixtureOf(state, forward) };
      if (association !== undefined) {
        const tagged = !association.disableSessionTags;
        const trusted = trustedAtSource(of, 'pod-identity', state.situation['source trust'], tagged);
        // EKS answers "Trust policy of the role provided is invalid", and the provider does not retry it.
        if (!trusted.holds)
          return target !== undefined
            ? []
            : [
                {
                  rule: 'proof-association',
                  ...at,
                  who: `the association of ${podsOf(of)}`,
                  what: 'is refused by EKS',
                  why: trusted,
                },
              ];
      }
      const mode = newPodMode(state.situation, sourceOf(of.subject).arn);
      if (mode !== undefined) {
        admit(mode);
        return [];
      }
      const why = 'there is neither an association nor the annotation: the SDK falls through to the node’s role';
      return target !== undefined
        ? []
        : [{ rule: 'proof-step', ...at, who: `a new pod of ${podsOf(of)}`, what: 'is given nothing', why }];
    });
}

/** Where a pod in a mode loses its path first: one that was `there` before the step, or one admitted in the middle of it. */
function lossIn(of: Case, { step, forward, target, states }: Walk, mode: Mode, there: boolean): Draft[] {
  const begins = states.filter(
    ({ applied, situation }) =>
      (there && applied === 0) || (applied !== 0 && newPodMode(situation, sourceOf(of.subject).arn) === mode),
  );
  for (const state of states) {
    if (!begins.some(({ applied }) => (applied & state.applied) === applied)) continue;
    const verdict = holds(of, mode, target, state.situation);
    if (verdict.holds) continue;
    const atSource = !sourceLeg(of, mode, state.situation).holds;
    return [
      {
        rule: 'proof-step',
        ...lossOf(of, mode, there ? 'running' : 'new', atSource ? undefined : target),
        cluster: of.cluster.key,
        step,
        mixture: mixtureOf(state, forward),
        why: verdict,
      },
    ];
  }
  return [];
}
