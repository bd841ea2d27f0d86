import { isMeantByName, type PodsWithRole } from '../../comparison/statementAccess';
import { dependsOnAudience, podAccess } from '../../comparison/access';
import { type StandingPlace, standingOf } from '../../comparison/adoption';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Stage, Subject, SubjectPattern, Workload } from '../../inventory/Inventory';
import { matchesWildcards } from '../../inventory/reading/globs';
import type { FoundRole } from './askCluster';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf } from './FoundCluster';

/** A service account that uses a role, and the cluster that it is on. */
export interface RoleUser {
  readonly account: FoundServiceAccount;
  readonly on: FoundCluster;
}

/** A role with all service accounts that use it, on the cluster and on the others of its environment: what one entry adopts. */
export interface RoleUsers {
  readonly role: FoundRole;
  /** By cluster in the order of the environment, then by namespace and name. */
  readonly users: readonly RoleUser[];
  /** The cluster that is discovered. */
  readonly found: FoundCluster;
  /** Who may use the role beside them, by the patterns of its trust policy. */
  readonly patterns: readonly SubjectPattern[];
}

/** The service accounts that name a role and can have it, by their annotation or their association. */
export function usersOf(role: FoundRole, found: FoundCluster): readonly RoleUser[] {
  const { environment } = found;
  const order = environment.clusters.map(({ key }) => key);
  const placeOf = ({ cluster }: FoundCluster) => (order.includes(cluster.key) ? order.indexOf(cluster.key) : Infinity);
  return [found, ...found.others]
    .toSorted((one, other) => placeOf(one) - placeOf(other))
    .flatMap((on) => on.withRole.filter((account) => uses(account, role, on)).map((account) => ({ account, on })));
}

/** The role of its association, or of its annotation where pods can have that one too. */
function uses(account: FoundServiceAccount, { facts, problem }: FoundRole, on: FoundCluster): boolean {
  if (problem !== undefined) return account.roleArn === facts.arn;
  if (account.roleArn === facts.arn) return Object.values(account.access).some(({ result }) => result !== 'denied');
  if (account.annotation !== facts.arn) return false;
  return podAccess(facts, on.environment, podsOf(account), on.cluster, 'irsa').result !== 'denied';
}

/**
 * Whether the trust policy means a service account by its name, so that only other conditions of its statement are open (aws:SourceVpc): the role is for it,
 * and the entry keeps the statement. Not for an audience, which the pods can choose.
 */
export function isMeantUnderConditions({ account, on }: RoleUser): boolean {
  const { role, access } = account;
  const { irsa, 'pod-identity': byEks } = access;
  if (role === undefined || irsa?.result !== 'depends' || byEks?.result === 'depends' || dependsOnAudience(irsa))
    return false;
  return isMeantByName({ role: role.facts, environment: on.environment, cluster: on.cluster, pods: podsOf(account) });
}

/** The pods of the users, each with the role and the cluster. */
export function podsWithRole({ role, users }: Pick<RoleUsers, 'role' | 'users'>): readonly PodsWithRole[] {
  return users.map(({ account, on }) => ({
    role: role.facts,
    environment: on.environment,
    cluster: on.cluster,
    pods: podsOf(account),
  }));
}

/** The clusters of the users, in the order of the environment. */
export function clustersOf({ users }: Pick<RoleUsers, 'users'>): readonly Cluster[] {
  return [...new Map(users.map(({ on }) => [on.cluster.key, on.cluster])).values()];
}

/** The users as subjects of a workload, each name once with its clusters. Those that a pattern admits are none, unless they have an association. */
export function subjectsOf({ users, patterns }: Pick<RoleUsers, 'users' | 'patterns'>): readonly Subject[] {
  const byName = new Map<string, { readonly user: RoleUser; readonly clusters: string[] }>();
  for (const user of users) {
    if (user.account.association === undefined && patterns.some((one) => admits(one, user))) continue;
    const { key } = user.on.cluster;
    const known = byName.get(nameOf(user.account));
    if (known === undefined) byName.set(nameOf(user.account), { user, clusters: [key] });
    else known.clusters.push(key);
  }
  return [...byName.values()].map(({ user: { account }, clusters }, index) => ({
    ...{ namespace: account.namespace, name: account.name, manage: 'none' as const },
    ...{ clusters, isFirst: index === 0 },
  }));
}

function admits({ namespaces, serviceAccounts, clusters }: SubjectPattern, { account, on }: RoleUser): boolean {
  const fits = (patterns: readonly string[], text: string) => patterns.some((one) => matchesWildcards(one, text));
  return (
    clusters.includes(on.cluster.key) && fits(namespaces, account.namespace) && fits(serviceAccounts, account.name)
  );
}

/** The users as the places of which a stage is decided. */
export function standingPlaces({ users }: Pick<RoleUsers, 'users'>): readonly StandingPlace[] {
  return users.map(({ account, on }) => ({
    cluster: on.cluster,
    pods: podsOf(account),
    association: account.association,
  }));
}

/** The stage of one or several users together, by trust policy, associations and annotations. Undefined: they are at none. */
export function stageOf({ role, users, found }: Pick<RoleUsers, 'role' | 'users' | 'found'>): Stage | undefined {
  const { stages } = standingOf(found.environment, standingPlaces({ users }), role.facts);
  // An annotation does nothing any more at the last stage; AWS CDK leaves it.
  return stages.find(
    (one) =>
      one === 'pod-identity' ||
      users.every(({ account }) => STAGE_TABLE[one].annotation === (account.annotation !== undefined)),
  );
}

/** `shop/api`, with its cluster where the users are on several. */
export function userName({ account, on }: RoleUser, { users }: Pick<RoleUsers, 'users'>): string {
  const name = nameOf(account);
  return clustersOf({ users }).length > 1 ? `${name} (cluster ${on.cluster.key})` : name;
}

/** The workload that podlift would compile for the users at a stage. */
export function workloadOf(
  group: RoleUsers,
  stage: Stage,
  trust: Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>,
): Workload {
  const imports = { managedPolicies: [], inlinePolicies: [], associations: {} };
  const { patterns } = group;
  return {
    subjects: subjectsOf(group),
    ...(patterns.length > 0 && { patterns }),
    sessionTags: group.users.every(({ account }) => podsOf(account).sessionTags),
    key: 'found',
    stage,
    compute: 'ec2',
    role: { name: 'found', path: '/', adopt: true, tags: {}, imports, ...trust },
    permissions: { managedPolicies: [], statements: [], inlinePolicies: {} },
    targets: [],
    clusters: clustersOf(group).map(({ key }) => key),
  };
}
