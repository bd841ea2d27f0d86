import { kindsFor, neverMoves, usesOf } from '../../comparison/controllerUse';
import { reasonOf } from '../checks/controllers';
import { associationOwner } from '../../comparison/otherOwner';
import { isTagOfAws, SESSION_DURATION } from '../../comparison/role';
import type { RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { AssociationOwner, Partition, Stage } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { oneOrMany } from '../../blueprint/oneOrMany';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf, usesRole } from './FoundCluster';
import type { FoundTrust } from './foundTrust';
import { clustersOf, type RoleUsers, subjectsOf, userName } from './RoleUsers';
import type { WorkloadEntry } from './Proposal';
import { waveFor } from './waves';

/** How an operator wants the accounts of a pattern: they stay at `irsa`, or `podlift expand` finds them. */
export type PatternChoice = 'stay' | 'expand';

/** Where a service account is, as the first fields of an entry. */
export function locationFields({ namespace, name }: FoundServiceAccount, { environment, cluster }: FoundCluster) {
  return {
    namespace,
    serviceAccount: { name, manage: 'none' as const },
    environments: [environment.key],
    clusters: [cluster.key],
  };
}

/** The service accounts of an entry: the short form for one, else `subjects`, in an order that stays. */
export function subjectFields(group: RoleUsers): Pick<WorkloadEntry, 'namespace' | 'serviceAccount' | 'subjects'> {
  const all = clustersOf(group).map(({ key }) => key);
  const [only, ...others] = subjectsOf(group);
  const onSome = (clusters: readonly string[]) => (clusters.length === all.length ? {} : { clusters: [...clusters] });
  if (only !== undefined && others.length === 0 && group.patterns.length === 0)
    return { namespace: only.namespace, serviceAccount: { name: only.name, manage: 'none' } };
  return {
    subjects: [
      ...subjectsOf(group).map(({ namespace, name, clusters }) => ({
        ...{ namespace, serviceAccount: { name, manage: 'none' as const } },
        ...onSome(clusters),
      })),
      ...group.patterns.map(({ namespaces, serviceAccounts, clusters }) => ({
        ...{ namespaces: oneOrMany(namespaces), serviceAccounts: oneOrMany(serviceAccounts) },
        ...onSome(clusters),
      })),
    ],
  };
}

/** The ids of the associations that the next apply imports, by cluster: alone for a single service account there, else by name. */
export function associationImports({
  users,
}: Pick<RoleUsers, 'users'>): Readonly<Record<string, string | Record<string, string>>> {
  const keys = clustersOf({ users }).map(({ key }) => key);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const here = users.filter(({ on }) => on.cluster.key === key).map(({ account }) => account);
      const ids = here.flatMap((one) => (one.association ? [[nameOf(one), one.association.id] as const] : []));
      const [only] = ids;
      if (only === undefined) return [];
      return [[key, here.length === 1 ? only[1] : Object.fromEntries(ids)] as const];
    }),
  );
}

export function entryOf(
  account: FoundServiceAccount,
  { stage, fields, group, open }: FoundTrust,
  { addon, patterns }: { readonly addon: boolean; readonly patterns: PatternChoice },
): WorkloadEntry {
  const { role, users, found } = group;
  const { environment } = found;
  const stays =
    staysBecause(group, stage) ??
    conditionReason(group, stage) ??
    (open !== undefined && (patterns === 'stay' || group.patterns.length === 0)
      ? patternReason(open, stage)
      : undefined);
  const shared = sharedBecause(group);
  const { name, path, description, tags, permissionsBoundary, maxSessionDuration } = role.facts;
  const { attached, inline } = role.policies;
  const kind = addon ? 'addons' : open !== undefined ? 'patterns' : undefined;
  const wave = stays !== undefined ? undefined : waveFor(found, stage, kind)?.key;
  const sdk = sdkOf(users.flatMap((one) => one.account.pods));
  const permissions = permissionsEntry(role.policies, environment.partition);
  const ownTags = Object.entries(tags).filter(([key]) => !isTagOfAws(key));
  const owner = addon ? undefined : associationOwnerOf(group);
  const associations = addon || owner !== undefined ? {} : associationImports(group);
  const imports = {
    ...(attached.length > 0 && { managedPolicies: attached }),
    ...(Object.keys(inline).length > 0 && { inlinePolicies: Object.keys(inline) }),
    ...(Object.keys(associations).length > 0 && { associations }),
  };
  const because = [stays, shared].filter((one) => one !== undefined).join('; ');
  const compute = users.find((one) => one.account.running.compute !== undefined)?.account.running.compute;
  return {
    ...(wave === undefined ? { stage } : { wave }),
    ...(because !== '' && { because }),
    ...(stage !== 'irsa' && { found: stage }),
    ...subjectFields(group),
    ...(sdk && { sdk }),
    ...(compute !== undefined && { compute }),
    ...(!podsOf(account).sessionTags && { sessionTags: false }),
    environments: [environment.key],
    clusters: clustersOf(group).map(({ key }) => key),
    role: {
      name,
      ...(path !== '/' && { path }),
      adopt: true,
      ...(description !== undefined && description !== '' && { description }),
      ...(ownTags.length > 0 && { tags: Object.fromEntries(ownTags) }),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      ...(maxSessionDuration !== SESSION_DURATION && { maxSessionDuration }),
      ...fields,
      ...(Object.keys(imports).length > 0 && { imports }),
    },
    ...(owner !== undefined && { association: { manage: 'external' as const, as: owner } }),
    ...(permissions && { permissions }),
  };
}

/** Why service accounts stay that have their role under a condition: podlift cannot tell whether Pod Identity meets what the condition is for. */
function conditionReason({ users }: RoleUsers, stage: Stage): string | undefined {
  if (stage !== 'irsa') return undefined;
  const keys = users.flatMap(({ account }) => {
    const access = usesRole(account);
    return access.result === 'depends' ? access.dependsOn.map(({ key }) => key) : [];
  });
  if (keys.length === 0) return undefined;
  return `its trust policy has a condition on ${[...new Set(keys)].join(', ')}, and podlift does not know whether Pod Identity meets it`;
}

/** The tool that owns the associations of a role's users, by their tags: podlift leaves them to it. One entry leaves all of them to one tool, or none. */
export function associationOwnerOf({ users }: Pick<RoleUsers, 'users'>): AssociationOwner | undefined {
  const owners = users.flatMap(({ account: { association } }) =>
    association === undefined ? [] : [associationOwner(association.tags)],
  );
  const [first] = owners;
  return owners.every((one) => one === first) ? first : undefined;
}

/** Why several service accounts are in one entry. */
function sharedBecause({ role: { facts }, users, patterns }: RoleUsers): string | undefined {
  const names = [...new Set(users.map(({ account }) => nameOf(account)))];
  // Without a reason they stop at dual: a later step takes the role from the next one.
  if (patterns.length > 0) return undefined;
  return names.length < 2 ? undefined : `as found, ${listed(names, 8)} use role ${facts.name} together`;
}

/** Why accounts by pattern stay: only at `irsa` does nothing keep the next one out. */
function patternReason(open: string, stage: Stage): string | undefined {
  if (stage !== 'irsa') return undefined;
  const who = open === '' ? 'every service account of the cluster' : `service accounts by a pattern (${open})`;
  return `its trust policy admits ${who}, and AWS has no patterns for associations`;
}

/** Why service accounts at `irsa` cannot move. Past `irsa` nothing is written: an entry changes nothing in AWS, and the gate names the objects. */
function staysBecause({ users, found: { controllers } }: RoleUsers, stage: Stage): string | undefined {
  const stuck = users.find(({ account }) => account.running.stuck.length > 0);
  if (stuck !== undefined) {
    const where = stuck.account.running.compute === 'windows' ? 'Windows' : 'Fargate';
    const who = users.length === 1 ? '' : ` (${userName(stuck, { users })})`;
    return `found on ${where}${who}, where Pod Identity has no agent`;
  }
  if (stage !== 'irsa') return undefined;
  const { objects, templates } = controllers;
  const uses = users.flatMap(({ account }) => {
    const own = templates.filter(
      (one) => one.namespace === account.namespace && one.serviceAccount === account.name && one.finished !== true,
    );
    const used = { ...account, pods: [...account.pods, ...own], cluster: templates };
    return kindsFor(used)
      .flatMap((kind) => usesOf(kind, objects, used))
      .filter(({ mode, versionUnknown }) => neverMoves(mode) && versionUnknown !== true);
  });
  const reasons = uses.map(({ mode, controller }) =>
    reasonOf(uses.filter((use) => use.mode.mode === mode.mode && use.controller === controller)),
  );
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join('; ');
}

/** The permissions of a role as an entry: AWS's own policies by name, inline documents whole. */
export function permissionsEntry(
  { attached, inline }: RolePolicyFacts,
  partition: Partition,
): WorkloadEntry['permissions'] {
  const own = `arn:${partition}:iam::aws:policy/`;
  const managedPolicies = attached.map((arn) => (arn.startsWith(own) ? arn.slice(own.length) : arn));
  const hasInline = Object.keys(inline).length > 0;
  if (managedPolicies.length === 0 && !hasInline) return undefined;
  return { ...(managedPolicies.length > 0 && { managedPolicies }), ...(hasInline && { inlinePolicies: inline }) };
}

/** Images of the AWS CLI, whose tag is its version. Source: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-docker.html */
const CLI_IMAGE = /^(?:public\.ecr\.aws\/aws-cli\/aws-cli|(?:docker\.io\/)?amazon\/aws-cli):(\d+\.\d+\.\d+)(?:@|$)/;

/** The SDK of pods whose images are all the AWS CLI's own. Nothing else in a cluster states an SDK, and a guess would open a gate. */
function sdkOf(pods: readonly PodFacts[]): WorkloadEntry['sdk'] {
  const images = new Set(pods.flatMap(({ containers }) => containers.map(({ image }) => image)));
  const versions = [...images].map((image) => CLI_IMAGE.exec(image)?.[1]);
  const known = versions.flatMap((version) => version ?? []);
  if (known.length === 0 || known.length < versions.length) return undefined;
  const [oldest = ''] = known.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { language: 'cli', version: oldest };
}
