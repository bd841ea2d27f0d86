import type { Segments } from '../../Finding';
import { namespace, serviceAccount } from '../../formats/clusterFormats';
import { fits } from '../../formats/Format';
import { patternText, subjectName, type Workload } from '../../Inventory';
import type { Model } from '../../resolve/Model';
import {
  type ClusterPlace,
  type ExpandedAccount,
  isAdmitted,
  placesNamed,
  placesOfWorkload,
} from '../../resolve/resolveExpanded';
import { didYouMean, listed } from '../../suggest';
import type { Rule, RuleFinding } from '../Rule';

/** Each account of `expanded` is one that a pattern of its workload admits. `duplicate-service-account` finds those that belong to another workload. */
export const expanded: Rule = {
  name: 'expanded',
  what: 'An entry of `expanded` names a workload with patterns, one of its clusters, and service accounts that a pattern admits, each once.',
  example: 'no pattern of workload "previews" admits service account shop/app on main of dev: patterns: pr-*/app',
  *check(model) {
    for (const [key, clusters] of Object.entries(model.written.expanded)) {
      const path = ['expanded', key];
      if (model.defined.unreadable.has('workloads')) continue;
      if (!model.defined.workloads.has(key)) yield unknownWorkload(key, model.defined.workloads, path);
      // A workload that could not be read has a finding already.
      if (model.written.workloads[key] === undefined) continue;
      yield* clusterKeys(key, Object.keys(clusters), model, path);
    }
    for (const { workload, environment, expanded: accounts = [] } of model.placed) {
      const [first] = accounts;
      if (first === undefined) continue;
      const { key, patterns } = workload;
      if (patterns === undefined) yield withoutPatterns(key);
      else
        for (const account of accounts) {
          // Another name has a finding already.
          const isName = fits(namespace, account.namespace) && fits(serviceAccount, account.serviceAccount);
          if (isName && !isAdmitted(workload, account)) yield notAdmitted(workload, account, environment.key);
        }
    }
  },
};

function unknownWorkload(key: string, known: ReadonlySet<string>, path: Segments): RuleFinding {
  return {
    path,
    message: `there is no workload "${key}": ${didYouMean(key, known)}workloads: ${listed(known)}`,
    hint: 'Correct the name. Or remove the entry: nothing uses it.',
    at: 'key',
  };
}

/** Each key means one cluster of the workload, and no two keys mean the same. */
function* clusterKeys(
  workload: string,
  references: readonly string[],
  { written, defined }: Model,
  path: Segments,
): Generator<RuleFinding> {
  const places = placesOfWorkload(written, workload);
  // An environment that could not be read may have the cluster.
  const isComplete = [...defined.environments].every(
    (key) => Object.keys(written.environments[key]?.clusters ?? {}).length === (defined.clusters.get(key)?.size ?? 0),
  );
  const seen = new Map<string, string>();
  for (const reference of references) {
    const at = [...path, reference];
    const [place, ...others] = placesNamed(reference, places);
    if (place === undefined && isComplete) yield unknownCluster(workload, reference, places, at);
    if (place === undefined) continue;
    const long = longName(place);
    if (others.length > 0) {
      const names = [place, ...others].map(longName);
      yield {
        path: at,
        message: `workload "${workload}" runs on ${names.length} clusters with the key "${reference}": ${names.join(', ')}`,
        hint: `Write the environment before the key: ${names.join(' or ')}.`,
        at: 'key',
      };
      continue;
    }
    const first = seen.get(long);
    if (first !== undefined)
      yield {
        path: at,
        message: `"${reference}" and "${first}" are the same cluster`,
        hint: 'Write all service accounts of the cluster into one list.',
        at: 'key',
      };
    seen.set(long, reference);
  }
}

function longName({ environment, cluster }: ClusterPlace): string {
  return `${environment}/${cluster}`;
}

function unknownCluster(
  workload: string,
  reference: string,
  places: readonly ClusterPlace[],
  path: Segments,
): RuleFinding {
  const known = [...new Set(places.map(({ cluster }) => cluster))];
  return {
    path,
    message: `workload "${workload}" runs on no cluster "${reference}": ${didYouMean(reference, known)}clusters: ${listed(known)}`,
    hint: "Write the cluster's key under the environment's `clusters`, not its EKS name. Or remove the entry.",
    at: 'key',
  };
}

function withoutPatterns(key: string): RuleFinding {
  return {
    path: ['expanded', key],
    message: `workload "${key}" has no service accounts by pattern`,
    hint: `Remove expanded.${key}. Or write the pattern under \`subjects\`: { namespaces: "pr-*", serviceAccounts: app }.`,
    at: 'key',
  };
}

function notAdmitted({ key, patterns = [] }: Workload, account: ExpandedAccount, environment: string): RuleFinding {
  const { cluster, path } = account;
  const name = subjectName({ namespace: account.namespace, name: account.serviceAccount });
  const here = patterns.filter(({ clusters }) => clusters.includes(cluster)).map(patternText);
  return {
    path,
    message: `no pattern of workload "${key}" admits service account ${name} on ${cluster} of ${environment}: patterns: ${here.length === 0 ? 'none on this cluster' : listed(here)}`,
    hint: 'Remove the entry. If its pods need the role, widen the pattern, or name the account as a subject of its own.',
  };
}
