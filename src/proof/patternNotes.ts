import { placesIn } from '../blueprint/places';
import { compilePattern, matchPattern, patternsMeet } from '../iam/matchPattern';
import type { Cluster, Environment, SubjectPattern, Workload } from '../inventory/Inventory';
import type { Failure } from './Proof';
import { PROOF_RULES } from './proofRules';
import type { StagedWorkload } from './stagedWorkload';

/**
 * Who gets the role by pattern, for people who read the proof: the documents admit these accounts as they should. A pattern also admits what another
 * workload names or admits: pods of both get both roles by web identity.
 */
export function patternNotes({ environment, workload, clusters, stages }: StagedWorkload): readonly Failure[] {
  return (workload.patterns ?? []).map((pattern): Failure => {
    const on = clusters.filter(({ key }) => pattern.clusters.includes(key));
    const counts = on.map((cluster) => {
      const admits = (globs: readonly string[], name: string) =>
        globs.some((glob) => matchPattern(compilePattern(glob), name));
      const known = placesIn(workload, [cluster]).filter(
        ({ subject: { isExpanded, namespace, name } }) =>
          isExpanded === true && admits(pattern.namespaces, namespace) && admits(pattern.serviceAccounts, name),
      );
      return `${known.length} expanded on ${cluster.key}`;
    });
    const others = admittedOthers(environment, workload, pattern, on);
    const among = others.length === 0 ? '' : `; also ${others.join(', ')}`;
    const who = `each service account ${patternText(pattern)} (${counts.join(', ')}${among})`;
    const what = `gets role ${workload.role.name}`;
    const why = workload.because === undefined ? 'no reason is given' : `because: ${workload.because}`;
    return {
      severity: 'warning',
      rule: 'proof-pattern',
      path: `workloads.${workload.key}.subjects`,
      message: `in ${environment.key}: ${who} ${what}: ${why}`,
      hint: PROOF_RULES['proof-pattern'].hint,
      environment: environment.key,
      workload: workload.key,
      clusters: on.map(({ key }) => key),
      stages: stages.map(({ stage }) => stage),
      who,
      what,
    };
  });
}

/** Namespaces, a slash, names. */
function patternText({ namespaces, serviceAccounts }: SubjectPattern): string {
  return `${namespaces.join(',')}/${serviceAccounts.join(',')}`;
}

/** Most names of other workloads in a note. */
const MOST_OTHERS = 5;

/** The service accounts and patterns of other workloads that a pattern admits too: their pods can use both roles, as texts. */
function admittedOthers(
  { workloads }: Environment,
  workload: Workload,
  { namespaces, serviceAccounts }: SubjectPattern,
  on: readonly Cluster[],
): readonly string[] {
  const meet = (globs: readonly string[], names: readonly string[]) =>
    globs.some((glob) => names.some((name) => patternsMeet(compilePattern(glob), compilePattern(name))));
  const found = workloads
    .filter((one) => one !== workload)
    .flatMap((other) => {
      const named = placesIn(other, on)
        .filter(({ subject }) => meet(namespaces, [subject.namespace]) && meet(serviceAccounts, [subject.name]))
        .map(({ subject }) => `${subject.namespace}/${subject.name}`);
      const patterns = (other.patterns ?? []).filter(
        (one) =>
          on.some(({ key }) => one.clusters.includes(key)) &&
          meet(namespaces, one.namespaces) &&
          meet(serviceAccounts, one.serviceAccounts),
      );
      return [...new Set([...named, ...patterns.map(patternText)])].map((name) => `${name} of workload ${other.key}`);
    });
  const more = found.length - MOST_OTHERS;
  return [...found.slice(0, MOST_OTHERS), ...(more > 0 ? [`${more} more`] : [])];
}
