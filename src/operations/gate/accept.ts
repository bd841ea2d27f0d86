import { type Cluster, subjectName, type Workload } from '../../inventory/Inventory';
import { didYouMean, listed } from '../../inventory/suggest';
import { CHECK_TABLE, type GateCheckName } from '../checks/checkTable';
import type { Evidence, GateResult } from './gate';
import { checksOf } from './gateTable';
import type { Step } from './Step';

/** A check that an operator accepts although it does not pass: of all workloads, of one, or of one on one cluster. */
export interface Acceptance {
  /** `CHECK[:WORKLOAD[:CLUSTER]]`, as it is recorded. */
  readonly text: string;
  readonly check: GateCheckName;
  readonly workload?: string;
  readonly cluster?: string;
}

/** Checks that nobody can accept, and why. The part of the check `cluster` about the kubeconfig context has a name of its own here. */
const NEVER: ReadonlyMap<string, string> = new Map([
  ['wave-order', 'a wave never gets ahead of the wave that it comes after'],
  ['cluster-identity', 'what another cluster shows is no evidence for this one'],
]);

/**
 * Reads what an operator accepts for a step. `problem`: the first text that names no check, workload or cluster of the step, or a check that
 * nobody can accept.
 *
 * @param texts `CHECK[:WORKLOAD[:CLUSTER]]`; an empty WORKLOAD stands for all
 */
export function readAcceptances(
  texts: readonly string[],
  step: Step,
): { readonly acceptances: readonly Acceptance[] } | { readonly problem: string } {
  const acceptances: Acceptance[] = [];
  for (const text of new Set(texts)) {
    const read = readAcceptance(text, step);
    if (typeof read === 'string') return { problem: `--accept ${text}: ${read}` };
    acceptances.push(read);
  }
  return { acceptances };
}

function readAcceptance(text: string, step: Step): Acceptance | string {
  const [name = '', workload, cluster, ...more] = text.split(':');
  const isEmpty = name === '' || cluster === '' || (workload === '' && cluster === undefined);
  if (more.length > 0 || isEmpty) return 'write it as CHECK, CHECK:WORKLOAD, CHECK:WORKLOAD:CLUSTER or CHECK::CLUSTER';
  const never = NEVER.get(name);
  if (never !== undefined) return `nobody can accept this check: ${never}`;
  const here = checksOf(step.from, step.direction);
  const check = here.find((one) => one === name);
  const accepted = here.filter((one) => !NEVER.has(one));
  if (check === undefined) {
    const known = Object.keys(CHECK_TABLE).includes(name);
    const what = known
      ? 'this step does not ask for this check'
      : `there is no such check: ${didYouMean(name, accepted)}`;
    return `${what}${known ? '; ' : ''}checks from ${step.from} to ${step.to}: ${listed(accepted, 40)}`;
  }
  const workloads = workloadsOf(step, check);
  const keys = workloads.map(({ key }) => key);
  const whole = workload === undefined ? undefined : workloads.find((one) => isAccountOf(workload, one))?.key;
  if (whole !== undefined)
    return `this names a service account, and an acceptance is for all service accounts of the workload. Write ${[check, whole, ...(cluster === undefined ? [] : [cluster])].join(':')}`;
  if (workload !== undefined && workload !== '' && !keys.includes(workload))
    return `there is no workload "${workload}": ${didYouMean(workload, keys)}workloads of ${step.wave.key} in ${step.environment.key}: ${listed(keys)}`;
  const chosen = workloads.filter(({ key }) => (workload ?? '') === '' || key === workload);
  const clusters = [...new Set(chosen.flatMap((one) => one.clusters))];
  if (cluster !== undefined && !clusters.includes(cluster))
    return `there is no cluster "${cluster}": ${didYouMean(cluster, clusters)}clusters of ${(workload ?? '') === '' ? step.wave.key : (workload ?? '')} in ${step.environment.key}: ${listed(clusters)}`;
  return {
    text,
    check,
    ...(workload !== undefined && workload !== '' && { workload }),
    ...(cluster !== undefined && { cluster }),
  };
}

/** Whether a text is a service account of the workload, as `namespace/name` or as tables show it. */
function isAccountOf(text: string, { key, subjects }: Workload): boolean {
  const names = subjects.map(subjectName);
  return names.some((name) => text === name || text === `${key} (${name})`);
}

/** The workloads that a check of the step may be about. The check `adoption` asks for all that an apply changes. */
function workloadsOf({ environment, workloads }: Step, check: GateCheckName): readonly Workload[] {
  return check === 'adoption' ? environment.workloads : workloads;
}

/** A gate of which some checks are accepted. */
export interface AcceptedGate {
  readonly gate: GateResult;
  /** Acceptances of checks that pass: there is nothing to accept, and nothing to record. */
  readonly unneeded: readonly Acceptance[];
  /** Why another acceptance accepts nothing; such a text is wrong, and the step is not taken. */
  readonly unused: readonly { readonly text: string; readonly why: string }[];
}

/**
 * Accepts checks that failed or could not be checked. An acceptance covers a result that is about no more than it names. The gate holds when
 * each check passes or is accepted.
 */
export function acceptChecks(gate: GateResult, acceptances: readonly Acceptance[], step: Step): AcceptedGate {
  const used = new Set<Acceptance>();
  const evidence = gate.evidence.map((one): Evidence => {
    if (one.holds === 'yes' || !canBeAccepted(one, step.environment.clusters)) return one;
    const by = acceptances.filter((acceptance) => covers(acceptance, one, step));
    for (const acceptance of by) used.add(acceptance);
    return by.length === 0 ? one : { ...one, accepted: true };
  });
  const holds = gate.to !== undefined && evidence.every((one) => one.holds === 'yes' || one.accepted === true);
  const idle = acceptances.filter((acceptance) => !used.has(acceptance));
  const unneeded = idle.filter((acceptance) => touchedBy(acceptance, evidence, step).length === 0);
  const unused = idle
    .filter((acceptance) => !unneeded.includes(acceptance))
    .map((acceptance) => ({ text: acceptance.text, why: reasonUnused(acceptance, evidence, step) }));
  return { gate: { ...gate, evidence, holds }, unneeded, unused };
}

/** Accepts everything that does not pass, also what nobody can accept by name: for a forced step. */
export function acceptAll(gate: GateResult): GateResult {
  const evidence = gate.evidence.map((one): Evidence => (one.holds === 'yes' ? one : { ...one, accepted: true }));
  return { ...gate, evidence, holds: gate.to !== undefined };
}

/** False for the order of waves, and for a kubeconfig context that leads to another cluster or could not be verified. */
export function canBeAccepted({ check, identity, question, cluster }: Evidence, clusters: readonly Cluster[]): boolean {
  if (check === 'wave-order' || identity === true) return false;
  if (check !== 'cluster' || question === undefined) return true;
  // Without an answer of EKS the issuer in the inventory verifies the context.
  const verified = clusters.find(({ key }) => key === cluster)?.oidc !== undefined;
  return question.ask !== 'issuer' && verified;
}

/** Whether everything that a result is about is named. */
function covers(acceptance: Acceptance, one: Evidence, step: Step): boolean {
  if (acceptance.check !== one.check) return false;
  const { workload, cluster } = acceptance;
  const about = placesOf(one, step);
  if (about.length === 0) return workload === undefined && cluster === undefined;
  return about.every(
    (place) =>
      (workload === undefined || place.workload === workload) && (cluster === undefined || place.cluster === cluster),
  );
}

/** The workloads on clusters that a result is about: all of the step, unless it names a workload or a cluster. */
function placesOf(
  { check, workload, cluster }: Evidence,
  step: Step,
): readonly { readonly workload: string; readonly cluster: string }[] {
  return (workload === undefined ? step.workloads : workloadsOf(step, check))
    .filter(({ key }) => workload === undefined || key === workload)
    .flatMap(({ key, clusters }) => clusters.map((one) => ({ workload: key, cluster: one })))
    .filter((one) => cluster === undefined || one.cluster === cluster);
}

/** The results that do not pass and that an acceptance names, also in part. */
function touchedBy(
  { check, workload, cluster }: Acceptance,
  evidence: readonly Evidence[],
  step: Step,
): readonly Evidence[] {
  const failed = evidence.filter((one) => one.check === check && one.holds !== 'yes');
  return failed.filter((one) => {
    const places = placesOf(one, step);
    return (
      places.length === 0 ||
      places.some(
        (place) =>
          (workload === undefined || place.workload === workload) &&
          (cluster === undefined || place.cluster === cluster),
      )
    );
  });
}

function reasonUnused(acceptance: Acceptance, evidence: readonly Evidence[], step: Step): string {
  const touched = touchedBy(acceptance, evidence, step);
  const never = touched.filter((one) => !canBeAccepted(one, step.environment.clusters));
  if (acceptance.check === 'cluster' && never.length > 0)
    return 'nobody can accept that the kubeconfig context leads to another cluster, or is not verified';
  return `the result is about more than this. To accept it: ${listed([...new Set(touched.map((one) => `--accept ${textOf(one)}`))])}`;
}

/** `CHECK[:WORKLOAD[:CLUSTER]]` of one result. */
function textOf({ check, workload, cluster }: Evidence): string {
  if (cluster !== undefined) return [check, workload ?? '', cluster].join(':');
  return workload === undefined ? check : `${check}:${workload}`;
}

/** How many results are named one by one. */
const MOST_NAMED = 12;

/**
 * The texts that name these results of a gate and nothing that passes: each by its workload and its cluster. Where they are many, `CHECK` stands
 * for a check that passes nowhere, and `CHECK:WORKLOAD` for one that passes on no cluster of the workload.
 *
 * @param all all results of the gate
 */
export function acceptanceTexts(these: readonly Evidence[], all: readonly Evidence[]): readonly string[] {
  const each = [...new Set(these.map(textOf))];
  if (each.length <= MOST_NAMED) return each;
  const chosen = new Set(these);
  const whole = (same: (one: Evidence) => boolean) => all.filter(same).every((one) => chosen.has(one));
  const texts = these.map((one) => {
    const { check, workload } = one;
    if (whole((other) => other.check === check)) return check;
    const ofWorkload = (other: Evidence) => other.check === check && other.workload === workload;
    return workload !== undefined && whole(ofWorkload) ? `${check}:${workload}` : textOf(one);
  });
  return [...new Set(texts)];
}
