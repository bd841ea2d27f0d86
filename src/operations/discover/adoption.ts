import { recognised } from '../../catalogue/recognise';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { PodsCompute } from '../../comparison/nodes';
import { standingOf } from '../../comparison/adoption';
import { otherOwner } from '../../comparison/otherOwner';
import { compareOidcProvider } from '../../comparison/cluster';
import type { Stage } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { OWNER_NAME } from '../ownedAssociation/ownerRemedy';
import { type HandedOver, letGo, ownedText } from '../otherOwnerText';
import { accountText } from '../remedies';
import type { FoundRole } from './askCluster';
import { type FoundCluster, type FoundServiceAccount, podsOf, usesRole } from './FoundCluster';
import { foundTrust, type FoundTrust } from './foundTrust';
import { isMeantUnderConditions, type RoleUser, type RoleUsers, standingPlaces, userName } from './RoleUsers';
import { leave, leaveOpen, type LeftOut } from './LeftOut';
import type { ProposedOwner, ProposedWorkload } from './Proposal';
import { associationOwnerOf, entryOf, type PatternChoice } from './adoptedEntry';

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
      `${ownedText(`Its role ${role.facts.name}`, owner)}. The section Hand-over says how its owner lets go of it.`,
    tool !== undefined &&
      `Its association ${ids.join(', ')} belongs to ${OWNER_NAME[tool]}: podlift leaves it to the tool. podlift association prints its object.`,
    role.facts.lastUsed === undefined && 'Its role was not used in the last 400 days.',
  ];
  return [...notes.filter((note) => note !== false), ...controllerNotes(users, role)];
}

/** The controllers of the catalogue that the users look like. An entry keeps the policies as they are: only a person can tell whether they are enough. */
function controllerNotes(users: RoleUsers['users'], role: FoundRole): readonly string[] {
  const known = recognised({
    accounts: users.map(({ account }) => account),
    images: users.flatMap(({ account }) =>
      account.pods.flatMap(({ containers }) => containers.map(({ image }) => image)),
    ),
    managedPolicies: role.policies.attached,
  });
  return known.map(
    ({ controller: { name, title }, by }) =>
      `It looks like ${title} (${by.join(', ')}). \`use: [${name}]\` under permissions can stand for its policies: compare them first with npx podlift catalogue ${name}. The entry keeps them as they are.`,
  );
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
  const staysWithTool = associationOwnerOf({ users }) !== undefined;
  return [
    ...owned(facts.arn, facts.tags, { kind: 'role', id: facts.name, policies: ofPolicies, workload }),
    // The association of an add-on is the add-on's, and one that the entry leaves to its tool is not handed over.
    ...users.flatMap(({ account: { association }, on }) =>
      association === undefined || addon || staysWithTool
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
