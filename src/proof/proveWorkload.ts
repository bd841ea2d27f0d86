import { placesIn } from '../blueprint/places';
import type { OrganisationPolicies } from '../iam/Decision';
import { podsOnCluster, type PodsOnCluster, trustedAtSource } from './credentialPath';
import { newEvaluator } from './evaluator';
import { failuresOf, isAccepted, MODE_NAMES, type Sighting } from './failures';
import type { Counts, Failure, Step } from './Proof';
import { proveAttacks } from './proveAttacks';
import { proveClosedModes } from './proveClosedModes';
import { proveOneChange } from './proveOneChange';
import { proveStages } from './proveStages';
import { EXPECTED_LOSSES, proveSteps, type StepResults } from './proveSteps';
import { patternNotes } from './patternNotes';
import type { Subject } from '../inventory/Inventory';
import { type StagedWorkload, stagePairsOf } from './stagedWorkload';

/** The proof of one workload in one environment. */
export interface WorkloadProof {
  readonly counts: Omit<Counts, 'workloads'>;
  /** The positions of the `EXPECTED_LOSSES` that were found. */
  readonly expected: ReadonlySet<number>;
  readonly failures: readonly Failure[];
  /** Failures that the inventory accepts with a reason. */
  readonly accepted: readonly Failure[];
}

/**
 * Applies all rules to the compiled documents of one workload.
 *
 * @param organisation the policies of the organisation. Default: none
 */
export function proveWorkload(staged: StagedWorkload, organisation?: OrganisationPolicies): WorkloadProof {
  const evaluator = newEvaluator(organisation);
  const counts = { paths: 0, mixtures: 0 };
  const expected = new Set<number>();
  const sightings: Sighting[] = proveOneChange(staged);
  const places = placesIn(staged.workload, staged.clusters);
  for (const { cluster, subject } of places) {
    const pods = podsOnCluster(staged, cluster, subject, evaluator);
    const stages = proveStages(pods);
    const steps = proveSteps(pods);
    const losses = unexpectedLosses(steps, expected);
    counts.paths += stages.paths;
    counts.mixtures += steps.mixtures;
    const broken = [...stages.sightings, ...steps.sightings, ...losses];
    // Only where every path is open can the proof tell which pods have which mode.
    const missing = broken.length > 0 ? [] : [...missingLosses(pods, steps), ...proveClosedModes(pods, steps)];
    sightings.push(...broken, ...missing);
  }
  // Who else gets a role does not depend on the place: its own callers are those of all clusters and service accounts.
  const [first = patternPlace(staged)] = places;
  const attacks = first && proveAttacks(podsOnCluster(staged, first.cluster, first.subject, evaluator));
  const found = failuresOf(staged, [...sightings, ...(attacks?.sightings ?? [])]);
  const accepts = (failure: Failure) => isAccepted(staged, failure);
  return {
    counts: { ...counts, attacks: attacks?.attacks ?? 0, decisions: evaluator.decisions() },
    expected,
    failures: found.filter((failure) => !accepts(failure)),
    accepted: [
      ...found.filter(accepts).map((failure) => ({ ...failure, severity: 'warning' as const })),
      ...patternNotes(staged),
    ],
  };
}

/** A service account that a pattern admits, where the workload has no other. */
function patternPlace({ workload, clusters }: StagedWorkload) {
  const [pattern] = workload.patterns ?? [];
  const cluster = clusters.find(({ key }) => pattern?.clusters.includes(key));
  const [namespace] = pattern?.namespaces ?? [];
  const [name] = pattern?.serviceAccounts ?? [];
  if (cluster === undefined || namespace === undefined || name === undefined) return undefined;
  const admitted = (glob: string) => glob.replace(/[*?]/g, 'x');
  const subject: Subject = {
    namespace: admitted(namespace),
    name: admitted(name),
    manage: 'none',
    clusters: [cluster.key],
    isFirst: false,
    isExpanded: true,
  };
  return { cluster, subject };
}

function isStep(one: Step, other: Step): boolean {
  return one.from === other.from && one.to === other.to;
}

/** Adds the expected losses to `expected`, and returns the others. */
function unexpectedLosses({ losses }: StepResults, expected: Set<number>): Sighting[] {
  return losses.flatMap(({ step, mode, sighting }) => {
    const index = EXPECTED_LOSSES.findIndex((loss) => loss.mode === mode && isStep(loss.step, step));
    if (index < 0) return [sighting];
    expected.add(index);
    return [];
  });
}

/**
 * Expected losses that do not occur, where there are no others: the step leaves the old mode open. A step back that removes the association always has
 * its loss.
 */
function missingLosses(pods: PodsOnCluster, { losses }: StepResults): Sighting[] {
  const pairs = stagePairsOf(pods.staged);
  return EXPECTED_LOSSES.flatMap(({ step, mode }): Sighting[] => {
    const pair = pairs.find(({ earlier, later }) => isStep({ from: earlier.stage, to: later.stage }, step));
    if (pair === undefined || losses.some((loss) => isStep(loss.step, step))) return [];
    return [
      {
        rule: 'proof-expected-loss',
        cluster: pods.cluster.key,
        step,
        who: `a running pod of ${pods.serviceAccount} on ${MODE_NAMES[mode]}`,
        what: `still gets role ${pods.source.name}, though the step must close this mode`,
        reason: trustedAtSource(pods, mode, pair.later.role.trust, pods.staged.workload.sessionTags),
      },
    ];
  });
}
