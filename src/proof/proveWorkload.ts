import { isAccepted } from './isAccepted';
import type { Surroundings } from './attacks/Surroundings';
import { type Draft, MODE_NAMES } from './Draft';
import { EXPECTED_LOSSES } from './expectedLosses';
import { failuresOf } from './failuresOf';
import { judge } from './Judge';
import { type Case, sourceOf } from './credentialPath';
import type { Counts, Failure, Step } from './Proof';
import { proveAttacks } from './proveAttacks';
import { proveClosedModes } from './proveClosedModes';
import { proveOneChange } from './proveOneChange';
import { podsOf, proveStages } from './proveStages';
import { proveSteps, type Steps } from './proveSteps';
import type { Subject } from './Subject';
import { pairsOf } from './subjectOf';

/** What was proved of one workload in one environment. */
export interface WorkloadProof {
  readonly counts: Omit<Counts, 'workloads'>;
  /** Which of `EXPECTED_LOSSES` were found, by their position. */
  readonly expected: ReadonlySet<number>;
  readonly failures: readonly Failure[];
  /** What the inventory accepts, and why it may. */
  readonly accepted: readonly Failure[];
}

/** All rules for one workload, over the documents of the subject as they are. */
export function proveWorkload(subject: Subject, around: Surroundings): WorkloadProof {
  const judged = judge();
  const counts = { paths: 0, mixtures: 0, attacks: 0 };
  const expected = new Set<number>();
  const drafts: Draft[] = proveOneChange(subject);
  for (const cluster of subject.clusters) {
    const of: Case = { subject, cluster, judge: judged };
    const stages = proveStages(of);
    const steps = proveSteps(of);
    const attacks = proveAttacks(of, around);
    const losses = judgeLosses(steps, expected);
    counts.paths += stages.paths;
    counts.mixtures += steps.mixtures;
    counts.attacks += attacks.attacks;
    const open = [...stages.drafts, ...steps.drafts, ...losses];
    // Who can hold what is known only where no path is broken.
    const missing = open.length > 0 ? [] : [...missingLosses(of, steps), ...proveClosedModes(of, steps)];
    drafts.push(...open, ...missing, ...attacks.drafts);
  }
  const found = failuresOf(subject, drafts);
  const accepts = (failure: Failure) => isAccepted(subject, failure);
  return {
    counts: { ...counts, decisions: judged.decisions() },
    expected,
    failures: found.filter((failure) => !accepts(failure)),
    accepted: found.filter(accepts).map((failure) => ({ ...failure, severity: 'warning' })),
  };
}

function isStep(one: Step, other: Step): boolean {
  return one.from === other.from && one.to === other.to;
}

/** Notes the losses that are expected, and gives the others. */
function judgeLosses({ losses }: Steps, expected: Set<number>): Draft[] {
  return losses.flatMap(({ step, mode, draft }) => {
    const index = EXPECTED_LOSSES.findIndex((loss) => loss.mode === mode && isStep(loss.step, step));
    if (index < 0) return [draft];
    expected.add(index);
    return [];
  });
}

/** Losses that the stages are known for and that were not found: then a step does not close what it is there to close. */
function missingLosses(of: Case, { losses }: Steps): Draft[] {
  const steps = pairsOf(of.subject).flatMap(({ earlier, later }) => [
    { from: earlier.stage, to: later.stage },
    { from: later.stage, to: earlier.stage },
  ]);
  return EXPECTED_LOSSES.filter(
    ({ step, mode }) =>
      steps.some((known) => isStep(known, step)) &&
      !losses.some((loss) => loss.mode === mode && isStep(loss.step, step)),
  ).map(({ step, mode }) => ({
    rule: 'proof-expected-loss',
    cluster: of.cluster.key,
    step,
    who: `a running pod of ${podsOf(of)} on ${MODE_NAMES[mode]}`,
    what: `still gets role ${sourceOf(of.subject).name}`,
    why: 'the step is there to close that way',
  }));
}
