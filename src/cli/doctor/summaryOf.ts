import type { Diagnosis } from '../../operations/doctor/diagnose';
import type { State } from '../../operations/doctor/DoctorFinding';

/** How many workloads on clusters are well. */
export interface Summary {
  /** Without problems, and nothing unknown. */
  readonly healthy: number;
  /** Of the healthy ones those with warnings. */
  readonly warnings: number;
  readonly problems: number;
  /** Without problems, but with something that could not be found out. */
  readonly unknown: number;
}

/** Counts workloads on clusters by the worst that was found of each. */
export function summaryOf(diagnoses: readonly Diagnosis[]): Summary {
  const has = ({ findings }: Diagnosis, wanted: State) => findings.some(({ state }) => state === wanted);
  const problems = diagnoses.filter((one) => has(one, 'problem'));
  const unknown = diagnoses.filter((one) => !has(one, 'problem') && has(one, 'unknown'));
  const healthy = diagnoses.filter((one) => !has(one, 'problem') && !has(one, 'unknown'));
  return {
    healthy: healthy.length,
    warnings: healthy.filter((one) => has(one, 'warning')).length,
    problems: problems.length,
    unknown: unknown.length,
  };
}
