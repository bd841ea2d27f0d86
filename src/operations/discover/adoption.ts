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
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf } from './FoundCluster';
import { type FoundTrust, foundTrust } from './foundTrust';
import { leave, leaveOpen, type LeftOut } from './LeftOut';
import type { ProposedEntry, ProposedOwner, ProposedWorkload, WorkloadEntry } from './Proposal';

/**
 * The workload whose entry adopts the role of a service account as it is, or the reason why there is none.
 *
 * @param addon an add-on owns the association, which is imported with the add-on
 */
export function adoptionOf(
  account: FoundServiceAccount,
  found: FoundCluster,
  addon = false,
): ProposedWorkload | LeftOut {
  const { role, entryKey } = account;
  if (role === undefined) return leave(account, 'unanswered', `${account.roleArn} is not known`, 'Run discover again.');
  const { environment, cluster } = found;
  const { dependsOn } = standingOf(
    environment,
    [{ cluster, pods: podsOf(account), association: account.association }],
    role.facts,
  );
  if (dependsOn !== undefined)
    return leaveOpen(account, `whether its pods can assume ${role.facts.arn}, and at which stage it is`, dependsOn);
  const trust = foundTrust(account, role, found);
  if ('reason' in trust) return trust;
  const { stage, weak } = trust;
  const left = missingOnCluster(account, found, stage) ?? stuckPastIrsa(account, stage);
  if (left !== undefined) return left;
  const entry = entryOf(account, role, trust, found, addon);
  const notes = notesOf(account, role, stage);
  const owners = ownersOf(account, role, entryKey.key, found, addon);
  return {
    ...{ key: entryKey.key, entry, roleArn: role.facts.arn, notes },
    ...(owners.length > 0 && { owners }),
    ...(weak !== undefined && { weak }),
  };
}

/** What an operator should know of an adoption, a sentence each. */
function notesOf(account: FoundServiceAccount, role: FoundRole, stage: Stage): readonly string[] {
  const { annotation, exists, pods } = account;
  const owner = otherOwner(role.facts.tags);
  const tool = associationOwnerOf(account);
  const notes = [
    annotation !== undefined &&
      stage === 'pod-identity' &&
      `It still has the annotation ${ROLE_ANNOTATION}, but its role trusts no OIDC provider: remove the annotation.`,
    !exists && `There is no service account ${nameOf(account)} yet, only its association.`,
    exists && pods.length === 0 && 'No pod uses it now: the compute type of its pods is unknown.',
    owner !== undefined &&
      `${ownedText(`Its role ${role.facts.name}`, owner)}. How its owner lets go of it is below (Hand-over).`,
    tool !== undefined &&
      `Its association ${account.association?.id ?? ''} belongs to ${OWNER_NAME[tool]}: podlift leaves it to the tool. podlift association prints its object.`,
    role.facts.lastUsed === undefined && 'Its role was not used in the last 400 days.',
  ];
  return notes.filter((note) => note !== false);
}

/** The tools that own what the entry adopts, and how each lets go of it. */
function ownersOf(
  { association }: FoundServiceAccount,
  { facts, policies }: FoundRole,
  workload: string,
  { cluster }: FoundCluster,
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
    ...(association === undefined || addon
      ? []
      : owned(association.id, association.tags, { kind: 'association', id: `${cluster.name},${association.id}` })),
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

function entryOf(
  account: FoundServiceAccount,
  role: FoundRole,
  { stage, fields }: FoundTrust,
  found: FoundCluster,
  addon: boolean,
): WorkloadEntry {
  const { running } = account;
  const { environment, cluster } = found;
  const reason = staysBecause(account, stage, found);
  const { name, path, description, tags, permissionsBoundary, maxSessionDuration } = role.facts;
  const { attached, inline } = role.policies;
  const wave = reason !== undefined ? undefined : waveFor(found, stage, addon)?.key;
  const sdk = sdkOf(account.pods);
  const permissions = permissionsEntry(role.policies, environment.partition);
  const ownTags = Object.entries(tags).filter(([key]) => !isTagOfAws(key));
  const owner = addon ? undefined : associationOwnerOf(account);
  const imports = {
    ...(attached.length > 0 && { managedPolicies: attached }),
    ...(Object.keys(inline).length > 0 && { inlinePolicies: Object.keys(inline) }),
    ...(account.association &&
      !addon &&
      owner === undefined && { associations: { [cluster.key]: account.association.id } }),
  };
  const { environments, clusters, ...inNamespace } = locationFields(account, found);
  return {
    ...(wave === undefined ? { stage } : { wave }),
    ...(reason !== undefined && { because: reason }),
    ...(stage !== 'irsa' && { found: stage }),
    ...inNamespace,
    ...(sdk && { sdk }),
    ...(running.compute !== undefined && { compute: running.compute }),
    ...(!podsOf(account).sessionTags && { sessionTags: false }),
    environments,
    clusters,
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

/** The tool that owns the association of a service account, by its tags: podlift leaves the association to it. */
function associationOwnerOf({ association }: FoundServiceAccount): AssociationOwner | undefined {
  return association && associationOwner(association.tags);
}

/** Why a service account at `irsa` cannot move. Past `irsa` nothing is written: an entry changes nothing in AWS, and the gate names the objects. */
function staysBecause(account: FoundServiceAccount, stage: Stage, found: FoundCluster): string | undefined {
  const { running } = account;
  if (running.stuck.length > 0)
    return `found on ${running.compute === 'windows' ? 'Windows' : 'Fargate'}, where Pod Identity has no agent`;
  if (stage !== 'irsa') return undefined;
  const { objects, templates } = found.controllers;
  const own = templates.filter(
    (one) => one.namespace === account.namespace && one.serviceAccount === account.name && one.finished !== true,
  );
  const used = { ...account, pods: [...account.pods, ...own], cluster: templates };
  const uses = kindsFor(used)
    .flatMap((kind) => usesOf(kind, objects, used))
    .filter(({ mode, versionUnknown }) => neverMoves(mode) && versionUnknown !== true);
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

type WhereFound = Pick<FoundCluster, 'inventory' | 'now'> & {
  readonly environment: Pick<Environment, 'key'>;
  readonly cluster: Pick<Cluster, 'key'>;
};

/**
 * The wave for what is found on a cluster at a stage: `<environment>-<cluster>` for workloads at `irsa` (`<cluster>` alone where that is the environment's
 * key, or begins with it and a `-`), `…-<stage>` for later ones, `…-addons` before that for add-ons, none for the last stage. A wave of the inventory is
 * used only for `irsa`, and only while it is at `irsa`: a later wave has a soak that these workloads did not have. Else the name gets `-2`, `-3`, ….
 * The entry is absent where the inventory has the wave.
 */
export function waveFor(
  { inventory, environment: { key: environment }, cluster: { key: cluster }, now }: WhereFound,
  stage: Stage,
  addons = false,
): { readonly key: string; readonly entry?: ProposedEntry['entry'] } | undefined {
  if (stage === 'pod-identity') return undefined;
  const prefix = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const base = [...prefix, ...(addons ? ['addons'] : []), ...(stage === 'irsa' ? [] : [stage])];
  for (let count = 1; ; count++) {
    const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
    const wave = inventory.waves.find((one) => one.key === key);
    if (wave === undefined) {
      const description = `${addons ? 'EKS add-ons ' : ''}found on ${cluster} of ${environment} at ${stage}`;
      const stages = stage === 'irsa' ? {} : { stages: { [environment]: { stage, since: sinceText(now) } } };
      return { key, entry: { description, ...stages } };
    }
    if (stage === 'irsa' && (wave.stages[environment]?.stage ?? 'irsa') === 'irsa') return { key };
  }
}

/** The waves of proposed workloads that the inventory does not have, and a note on one that it has: all workloads of a wave move together. */
export function newWaves(
  found: FoundCluster,
  workloads: readonly ProposedWorkload[],
  addons = false,
): { readonly entries: readonly ProposedEntry[]; readonly notes: readonly string[] } {
  const used = new Set(workloads.map(({ entry }) => entry.wave));
  const waves = STAGES.flatMap((stage) => waveFor(found, stage, addons) ?? []).filter(({ key }) => used.has(key));
  const joined = waves.find(({ entry }) => entry === undefined)?.key;
  const inWave = found.inventory.environments.flatMap((one) => one.workloads.filter(({ wave }) => wave === joined));
  const count = joined === undefined ? 0 : new Set(inWave.map(({ key }) => key)).size;
  const note = `Workloads at irsa join wave ${joined ?? ''}, which has ${count} ${count === 1 ? 'workload' : 'workloads'}: all of them move together. To move them separately, write another wave.`;
  return {
    entries: waves.flatMap(({ key, entry }) => (entry === undefined ? [] : [{ key, entry }])),
    notes: count === 0 ? [] : [note],
  };
}
