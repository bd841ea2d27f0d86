import type { Segments } from '../../Finding';
import { isPast } from '../../Inventory';
import type { WrittenSubject } from '../../schema/inventorySchema';
import { listed } from '../../suggest';
import { type Rule, type RuleFinding, writtenFields } from '../Rule';

/** Which keys of a workload and of its `subjects` stand together. */
export const subjects: Rule = {
  name: 'subjects',
  severities: ['error', 'warning'],
  what: 'A workload has `namespace` and `serviceAccount`, or `subjects`. A subject has `namespace` and `serviceAccount`, or `namespaces` and `serviceAccounts`. Service accounts that share a role have a reason under `because`.',
  example: 'workload "argo-cd" has 2 service accounts that share its permissions, and gives no reason',
  *check(model) {
    for (const { key, fields, path } of writtenFields(model)) {
      const { subjects: several = model.written.workloads[key]?.subjects } = fields;
      for (const field of ['namespace', 'serviceAccount'] as const)
        if (several !== undefined && fields[field] !== undefined)
          yield {
            path: [...path, field],
            message: `${field} is beside subjects, which name the service accounts`,
            hint: `Remove ${field}, or make it an entry of subjects.`,
            at: 'key',
          };
      for (const [index, subject] of (fields.subjects ?? []).entries()) {
        const at = [...path, 'subjects', index];
        yield* form(subject, at);
        yield* everyAccount(subject, at);
        const runs = model.placed
          .filter(({ workload }) => workload.key === key)
          .map(({ workload }) => workload.clusters);
        yield* clusters(subject, model.defined.clusters, new Set(runs.flat()), at);
      }
    }
    for (const { workload, at } of model.placed) {
      const { key, patterns, because, stage } = workload;
      // The rule `pattern-stage` asks for the same reason.
      if (patterns !== undefined && isPast(stage, 'dual')) continue;
      const all = workload.subjects.filter(({ isExpanded }) => isExpanded !== true);
      if ((all.length < 2 && patterns === undefined) || because !== undefined) continue;
      const who = patterns === undefined ? `${all.length} service accounts` : 'service accounts by pattern';
      yield {
        severity: 'warning',
        path: at('subjects'),
        message: `workload "${key}" has ${who} that share its permissions, and gives no reason`,
        hint:
          patterns === undefined
            ? 'Write the reason under `because`. Or give each service account a workload of its own: whoever can start a pod with one of them has the permissions of all.'
            : 'Write the reason under `because`: who can create such a service account. At a later stage than dual it must also say why a new namespace needs no role at once.',
        at: 'key',
      };
    }
  },
};

const PAIRS = [
  ['namespace', 'serviceAccount'],
  ['namespaces', 'serviceAccounts'],
] as const;

/** A subject has one pair of keys, and the whole pair. */
function* form(subject: WrittenSubject, path: Segments): Generator<RuleFinding> {
  const has = (key: keyof WrittenSubject) => subject[key] !== undefined;
  const [named, byPattern] = PAIRS.map((pair) => pair.filter(has));
  const used = (byPattern?.length ?? 0) > 0 ? PAIRS[1] : PAIRS[0];
  const extra = used === PAIRS[1] ? (named ?? []) : [];
  for (const field of extra)
    yield {
      path: [...path, field],
      message: `${field} is beside ${used.filter(has).join(' and ')}: a subject has names, or patterns`,
      hint: `Write ${field}s: a pattern without wildcards is one name.`,
      at: 'key',
    };
  for (const field of used.filter((key) => !has(key) && !extra.some((one) => `${one}s` === key)))
    yield {
      path,
      message: `"${field}" is missing in this subject`,
      hint: `Add ${field}: docs/inventory-reference.md describes its value.`,
    };
}

/** Wildcards alone would let every pod of the cluster have the role. */
function* everyAccount({ namespaces, serviceAccounts }: WrittenSubject, path: Segments): Generator<RuleFinding> {
  if (namespaces === undefined || serviceAccounts === undefined) return;
  const wide = (patterns: string | readonly string[]) => [patterns].flat().find((one) => !/[a-z0-9]/.test(one));
  const [namespace, name] = [wide(namespaces), wide(serviceAccounts)];
  if (namespace === undefined || name === undefined) return;
  yield {
    path: [...path, 'namespaces'],
    message: `the patterns ${namespace} and ${name} together admit every service account of the cluster`,
    hint: 'Write what the names have in common, in `namespaces` or in `serviceAccounts`: pr-*.',
  };
}

function* clusters(
  subject: WrittenSubject,
  defined: ReadonlyMap<string, ReadonlySet<string>>,
  runs: ReadonlySet<string>,
  path: Segments,
): Generator<RuleFinding> {
  const known = new Set([...defined.values()].flatMap((keys) => [...keys]));
  for (const [index, cluster] of (subject.clusters ?? []).entries()) {
    // Without a cluster at all the workload has other findings.
    if (known.has(cluster) && !runs.has(cluster) && runs.size > 0)
      yield {
        path: [...path, 'clusters', index],
        message: `the workload does not run on cluster "${cluster}", so this subject gets no role there: clusters of the workload: ${listed(runs)}`,
        hint: 'Add the cluster to `clusters` of the workload, or remove it here.',
      };
    if (!known.has(cluster))
      yield {
        path: [...path, 'clusters', index],
        message: `no environment has a cluster "${cluster}": clusters: ${listed(known)}`,
        hint: "Write the cluster's key under the environment's `clusters`, not its EKS name.",
      };
  }
}
