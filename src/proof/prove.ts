import type { Environment, Inventory, Workload } from '../inventory/Inventory';
import { surroundingsOf } from './attacks/Surroundings';
import { EXPECTED_LOSSES } from './expectedLosses';
import { formOf } from './formOf';
import type { Counts, EnvironmentProof, Failure, GatedLoss, Proof } from './Proof';
import { claims } from './proveAssociations';
import { proveWorkload, type WorkloadProof } from './proveWorkload';
import { subjectOf } from './subjectOf';

/** Which workloads the proof is about; default: all of them. A name that is unknown selects nothing. */
export interface ProveOptions {
  readonly environment?: string;
  readonly wave?: string;
  /** Prove one workload of each form (see `formOf`) and let it speak for the others. Default: false, each for itself. */
  readonly oncePerForm?: boolean;
}

/**
 * Proves, by evaluating the documents as they would stand in AWS, that every pod gets what it is promised at each stage and in
 * each half-finished step, that two known losses are the only ones, and that nobody else gets a role. Source: docs/PROOF.md.
 * Whatever is asked for, the associations of the whole inventory are looked at: a role could be handed out from anywhere.
 */
export function prove(inventory: Inventory, options: ProveOptions = {}): Proof {
  const asked = (environment: Environment, workload: Workload): boolean =>
    (options.environment ?? environment.key) === environment.key && (options.wave ?? workload.wave) === workload.wave;
  const associations = claims();
  const failures: Failure[] = [];
  const accepted: Failure[] = [];
  const gated = EXPECTED_LOSSES.map(() => new Map<string, number>());
  const perEnvironment = new Map<string, Counts>();
  const proven = new Map<string, WorkloadProof>();
  const note = ({ key }: Environment, { counts, expected }: WorkloadProof): void => {
    perEnvironment.set(key, sum(perEnvironment.get(key) ?? NOTHING, { workloads: 1, ...counts }));
    for (const index of expected) gated[index]?.set(key, (gated[index].get(key) ?? 0) + 1);
  };
  for (const environment of inventory.environments) {
    const around = surroundingsOf(inventory, environment);
    perEnvironment.set(environment.key, NOTHING);
    for (const workload of environment.workloads) {
      const form = options.oncePerForm === true ? formOf(environment, workload) : undefined;
      const alike = form === undefined ? undefined : proven.get(form);
      if (alike !== undefined) {
        if (asked(environment, workload)) note(environment, alike);
        continue;
      }
      const subject = subjectOf(environment, workload);
      associations.add(subject);
      if (!asked(environment, workload)) continue;
      const proved = proveWorkload(subject, around);
      note(environment, proved);
      failures.push(...proved.failures);
      accepted.push(...proved.accepted);
      // A failure names its workload: those of the same form have failures of their own.
      if (form !== undefined && proved.failures.length + proved.accepted.length === 0) proven.set(form, proved);
    }
  }
  failures.push(...associations.failures(asked));
  const environments = [...perEnvironment]
    .filter(([key]) => (options.environment ?? key) === key)
    .map(([environment, counts]): EnvironmentProof => ({
      environment,
      ...counts,
      failures: failures.filter((failure) => failure.environment === environment).length,
    }));
  const counts = environments.reduce<Counts>(sum, NOTHING);
  return {
    workloads: counts.workloads,
    counts,
    environments,
    gated: EXPECTED_LOSSES.map((loss, index): GatedLoss => ({
      ...loss,
      workloads: Object.fromEntries(gated[index] ?? []),
    })),
    failures,
    accepted,
  };
}

const NOTHING: Counts = { workloads: 0, paths: 0, mixtures: 0, attacks: 0, decisions: 0 };

function sum(one: Counts, other: Counts): Counts {
  return {
    workloads: one.workloads + other.workloads,
    paths: one.paths + other.paths,
    mixtures: one.mixtures + other.mixtures,
    attacks: one.attacks + other.attacks,
    decisions: one.decisions + other.decisions,
  };
}
