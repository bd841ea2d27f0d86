import { kindsFor, neverMoves, usesOf } from '../../comparison/controllerUse';
import { reasonOf } from '../checks/controllers';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { PodsCompute } from '../../comparison/nodes';
import { standingOf } from '../../comparison/adoption';
import { associationOwner, otherOwner } from '../../comparison/otherOwner';
import { compareOidcProvider } from '../../comparison/cluster';
import { SESSION_DURATION } from '../../comparison/role';
import { isTagOfAws } from '../../comparison/role';
import type { RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { labelOf } from '../../inventory/edit/labelOf';
import { sinceText } from '../../inventory/edit/setStage';
import {
  type AssociationOwner,
  type Cluster,
  type Environment,
  type Partition,
  type Stage,
  STAGES,
} from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { OWNER_NAME } from '../ownedAssociation/ownerRemedy';
import { type HandedOver, letGo, ownedText } from '../otherOwnerText';
import { accountText } from '../remedies';
import type { FoundRole } from './askCluster';
import { oneOrMany } from '../../blueprint/oneOrMany';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf, usesRole } from './FoundCluster';
import { type FoundTrust, foundTrust } from './foundTrust';
import {
  clustersOf,
  isMeantUnderConditions,
  type RoleUser,
  type RoleUsers,
  standingPlaces,
  subjectsOf,
  userName,
} from './RoleUsers';
import { leave, leaveOpen, type LeftOut } from './LeftOut';
import type { ProposedEntry, ProposedOwner, ProposedWorkload, WorkloadEntry } from './Proposal';

/** How an operator wants the accounts of a pattern: they stay at `irsa`, or `podlift expand` finds them. */
export type PatternChoice = 'stay' | 'expand';

/**
 * The workload whose entry adopts a role as it is, with all service accounts that use it, or the reason why there is none: for the first one.
 *
 * @param addon an add-on owns the association, which is imported with the add-on
 */
export function adoptionOf(
  users: RoleUsers,
  { addon = false, patterns = 'stay' }: { readonly addon?: boolean; readonly patterns?: PatternChoice } = {},
): ProposedWorkload | LeftOut {
  const { role, found } = users;
  const own = users.users.filter(({ on }) => on === found).map(({ account }) => account);
  const [account] = own;
  if (account === undefined) throw new Error(`${role.facts.arn} has no user on cluster ${found.cluster.key}`);
  const { dependsOn } = standingOf(found.environment, standingPlaces(users), role.facts);
  const isOpen = ({ account: one, on }: RoleUser) =>
    usesRole(one).result === 'depends' && !isMeantUnderConditions({ account: one, on });
  if (dependsOn !== undefined && (users.users.some(isOpen) || !users.users.some(isMeantUnderConditions)))
    return leaveOpen(account, `whether its pods can assume ${role.facts.arn}, and at which stage it is`, dependsOn);
  const trust = foundTrust(users);
  if ('reason' in trust) return trust;
  const { stage, weak } = trust;
  for (const user of users.users) {
    const left = missingOnCluster(user.account, user.on, stage) ?? stuckPastIrsa(user.account, stage);
    if (left !== undefined) return left;
  }
  const differs = differentSessionTags(users);
  if (differs !== undefined) return differs;
  const entry = entryOf(account, trust, { addon, patterns });
  const notes = [...notesOf(users, role, stage), ...trust.notes, ...patternNotes(trust, account, found, patterns)];
  const owners = ownersOf(users, account.entryKey.key, addon);
  return {
    ...{ key: account.entryKey.key, entry, roleArn: role.facts.arn, notes },
    accounts: users.users.map(({ account: { namespace, name }, on }) => ({ cluster: on.cluster.key, namespace, name })),
    ...(owners.length > 0 && { owners }),
    ...(weak !== undefined && { weak }),
  };
}

/** One entry has session tags for all of its associations, or for none. */
function differentSessionTags(users: RoleUsers): LeftOut | undefined {
  const associated = users.users.filter(({ account }) => account.association !== undefined);
  const without = associated.filter(({ account }) => !podsOf(account).sessionTags);
  const [first] = without;
  if (first === undefined || without.length === associated.length) return undefined;
  const names = without.map((user) => userName(user, users)).join(', ');
  const message = `${users.role.facts.arn} is shared, and only the associations of ${names} send no session tags`;
  const same =
    'Make the session tags of all these associations the same: EKS can update an association. Check the conditions on session tags in the policies first.';
  return leave(first.account, 'shared-role', message, same);
}

/** What an operator should know of an adoption, a sentence each. */
function notesOf({ users }: RoleUsers, role: FoundRole, stage: Stage): readonly string[] {
  const owner = otherOwner(role.facts.tags);
  const listedUsers = (some: (user: RoleUser) => boolean) =>
    users.filter(some).map((user) => userName(user, { users }));
  const annotated = listedUsers(({ account }) => account.annotation !== undefined && stage === 'pod-identity');
  const missing = listedUsers(({ account }) => !account.exists);
  const unused = listedUsers(({ account }) => account.exists && account.pods.length === 0);
  const of = (names: readonly string[]) => (users.length === 1 ? 'it' : listed(names));
  const tool = associationOwnerOf({ users });
  const ids = users.flatMap(({ account }) => account.association?.id ?? []);
  const notes = [
    annotated.length > 0 &&
      `${users.length === 1 ? 'It still has' : `${listed(annotated)} still have`} the annotation ${ROLE_ANNOTATION}, but its role trusts no OIDC provider: remove the annotation.`,
    missing.length > 0 && `There is no service account ${listed(missing)} yet, only its association.`,
    unused.length > 0 && `No pod uses ${of(unused)} now: the compute type of its pods is unknown.`,
    owner !== undefined &&
      `${ownedText(`Its role ${role.facts.name}`, owner)}. How its owner lets go of it is below (Hand-over).`,
    tool !== undefined &&
      `Its association ${ids.join(', ')} belongs to ${OWNER_NAME[tool]}: podlift leaves it to the tool. podlift association prints its object.`,
    role.facts.lastUsed === undefined && 'Its role was not used in the last 400 days.',
  ];
  return notes.filter((note) => note !== false);
}

/** The tools that own what the entry adopts, and how each lets go of it. */
function ownersOf(
  { role: { facts, policies }, users }: RoleUsers,
  workload: string,
  addon: boolean,
): readonly ProposedOwner[] {
  const owned = (of: string, tags: Readonly<Record<string, string>>, what: HandedOver): readonly ProposedOwner[] => {
    const owner = otherOwner(tags);
    return owner === undefined ? [] : [{ of, ...owner, handOver: letGo(owner, what) }];
  };
  const ofPolicies = { attached: policies.attached, inline: Object.keys(policies.inline) };
  return [
    ...owned(facts.arn, facts.tags, { kind: 'role', id: facts.name, policies: ofPolicies, workload }),
    // The association of an add-on is the add-on's.
    ...users.flatMap(({ account: { association }, on }) =>
      association === undefined || addon
        ? []
        : owned(association.id, association.tags, {
            kind: 'association',
            id: `${on.cluster.name},${association.id}`,
          }),
    ),
  ];
}

/** What comes next for accounts by pattern. */
function patternNotes(
  { open, group, stage }: FoundTrust,
  account: FoundServiceAccount,
  { environment }: FoundCluster,
  choice: PatternChoice,
): readonly string[] {
  if (open === undefined) return [];
  const who = open === '' ? 'every service account of the cluster' : `service accounts by a pattern (${open})`;
  const keep = `Its trust policy admits ${who}: keep it, since it admits the next one too.`;
  const { key } = account.entryKey;
  if (group.patterns.length === 0) return [keep];
  const expand = `npx podlift expand -e ${environment.key} --write`;
  if (choice === 'expand' || stage !== 'irsa')
    return [
      keep,
      `AWS has no patterns for associations. Before the wave goes to dual, and after each new namespace, run: ${expand}`,
    ];
  return [
    keep,
    `It stays at irsa. To move it to dual, run discover with --expand, or write a wave in place of stage and because in workloads.${key}; then run: ${expand}`,
  ];
}

/** The cluster lacks what a workload at the stage needs. */
function missingOnCluster(
  account: FoundServiceAccount,
  { cluster, hasOidc, provider, environment }: FoundCluster,
  stage: Stage,
): LeftOut | undefined {
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  if (stage !== 'pod-identity' && !hasOidc) {
    const message = `cluster ${cluster.key} has no oidc in the inventory, but workloads at ${stage} trust its OIDC provider`;
    return leave(account, 'cluster-entry', message, `Write ${at}.oidc: { issuer: "${cluster.oidc?.issuer ?? ''}" }.`);
  }
  if (STAGE_TABLE[stage].newPodUses === 'irsa' && compareOidcProvider(provider).length > 0) {
    const message = `IAM has no OIDC provider of cluster ${cluster.name} for ${IRSA_AUDIENCE}: IRSA works for no service account there`;
    const create = ['eksctl', 'utils', 'associate-iam-oidc-provider', '--approve'];
    const run = [...create, '--cluster', cluster.name, '--region', cluster.region];
    const step = { run, account: accountText(environment.account) };
    return leave(account, 'no-oidc-provider', message, 'Create the OIDC provider:', step);
  }
  if (stage === 'irsa' || cluster.autoMode || cluster.agent !== undefined) return undefined;
  const message = `cluster ${cluster.key} has no agent in the inventory, but workloads at ${stage} need it`;
  const write = `Write ${at}.agent with the version that is installed and adopt: true (or install the agent: without it Pod Identity does not work).`;
  return leave(account, 'cluster-entry', message, write);
}

function stuckPastIrsa(account: FoundServiceAccount, stage: Stage): LeftOut | undefined {
  if (account.running.stuck.length === 0 || stage === 'irsa') return undefined;
  return leave(account, 'compute', `${stuckText(account.running)}, and the service account is at ${stage}`);
}

/** Which pods run where no agent can. */
export function stuckText({ compute, stuck }: PodsCompute): string {
  const names = stuck.map(({ pod }) => pod.name);
  return `${listed(names, 5)} ${names.length === 1 ? 'runs' : 'run'} on ${compute ?? ''}, where there is no agent`;
}

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

function entryOf(
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
  return `its trust policy has a condition on ${[...new Set(keys)].join(', ')}, and requests of Pod Identity come from EKS`;
}

/** The tool that owns the associations of a role's users, by their tags: podlift leaves them to it. One entry leaves all of them to one tool, or none. */
function associationOwnerOf({ users }: Pick<RoleUsers, 'users'>): AssociationOwner | undefined {
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

/** Workloads that have a wave of their own, with the first words of its description. */
const WAVE_KINDS = { addons: 'EKS add-ons ', patterns: 'accounts by pattern ' } as const;
type WaveKind = keyof typeof WAVE_KINDS;

type WhereFound = Pick<FoundCluster, 'inventory' | 'now'> & {
  readonly environment: Pick<Environment, 'key'>;
  readonly cluster: Pick<Cluster, 'key'>;
};

/**
 * The wave for what is found on a cluster at a stage: `<environment>-<cluster>` for workloads at `irsa` (`<cluster>` alone where that is the environment's
 * key, or begins with it and a `-`), `…-<stage>` for later ones, `…-addons` before that for add-ons, none for the last stage. A wave of the inventory is
 * used only for `irsa`, and only while it is at `irsa`: a later wave has a soak that these workloads did not have. Else the name gets `-2`, `-3`, ….
 * The entry is absent where the inventory has the wave. `…-patterns` is for accounts by pattern, which stop at `dual`.
 */
export function waveFor(
  { inventory, environment: { key: environment }, cluster: { key: cluster }, now }: WhereFound,
  stage: Stage,
  kind?: WaveKind,
): { readonly key: string; readonly entry?: ProposedEntry['entry'] } | undefined {
  if (stage === 'pod-identity') return undefined;
  const prefix = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const base = [...prefix, ...(kind === undefined ? [] : [kind]), ...(stage === 'irsa' ? [] : [stage])];
  for (let count = 1; ; count++) {
    const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
    const wave = inventory.waves.find((one) => one.key === key);
    if (wave === undefined) {
      const description = `${kind === undefined ? '' : WAVE_KINDS[kind]}found on ${cluster} of ${environment} at ${stage}`;
      const stages = stage === 'irsa' ? {} : { stages: { [environment]: { stage, since: sinceText(now) } } };
      return { key, entry: { description, ...stages } };
    }
    if (stage === 'irsa' && (wave.stages[environment]?.stage ?? 'irsa') === 'irsa') return { key };
  }
}

/** The waves of proposed workloads that the inventory does not have, and a note on each that it has: all workloads of a wave move together. */
export function newWaves(
  found: FoundCluster,
  workloads: readonly ProposedWorkload[],
): { readonly entries: readonly ProposedEntry[]; readonly notes: readonly string[] } {
  const used = new Set(workloads.map(({ entry }) => entry.wave));
  const kinds = [undefined, ...(Object.keys(WAVE_KINDS) as WaveKind[])];
  const waves = kinds
    .flatMap((kind) => STAGES.flatMap((stage) => waveFor(found, stage, kind) ?? []))
    .filter(({ key }) => used.has(key));
  const joined = waves.filter(({ entry }) => entry === undefined).map(({ key }) => key);
  return {
    entries: waves.flatMap(({ key, entry }) => (entry === undefined ? [] : [{ key, entry }])),
    notes: joined.flatMap((key) => {
      const inWave = found.inventory.environments.flatMap((one) => one.workloads.filter(({ wave }) => wave === key));
      const count = new Set(inWave.map((one) => one.key)).size;
      if (count === 0) return [];
      const those = `${count} ${count === 1 ? 'workload' : 'workloads'}`;
      return [
        `Workloads at irsa join wave ${key}, which has ${those}: all of them move together. To move them separately, write another wave.`,
      ];
    }),
  };
}
