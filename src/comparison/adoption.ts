import { STAGE_TABLE } from '../blueprint/stageTable';
import type { Association, SourceRole } from '../blueprint/Blueprint';
import type { AssociationFacts, RoleFacts, RolePolicyFacts } from '../estate/aws/AwsPort';
import { type Access, eachOnce } from '../iam/credentialAccess';
import type { DecidingCondition } from '../iam/Decision';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { policyDifference, sameMeaning } from '../iam/sameMeaning';
import { type Cluster, type Environment, type Stage, STAGES, type Workload } from '../inventory/Inventory';
import { podAccess, type ServiceAccountPods } from './access';
import { compareAssociation } from './association';
import { comparePermissions, compareRole, compareTags, FORMER_STAGE_TAG, inlinePolicies, isTagOfAws } from './role';
import { showsNoChange } from './showsNoChange';

/** Where a role is, by its trust policy and the associations of each cluster. */
export interface Standing {
  /** More than one where these are the same at several stages, none where they are those of no stage, or where clusters differ. */
  readonly stages: readonly Stage[];
  /** On one cluster at least the role trusts Pod Identity, or there is an association. */
  readonly usesPodIdentity: boolean;
  /** Which stage it is depends on these conditions of the trust policy; `stages` has those that are possible. */
  readonly dependsOn?: readonly DecidingCondition[];
}

/** What is known beside a role, its pods and their associations. */
export interface StandingFacts {
  /** Decides conditions on the time. */
  readonly now?: Date | undefined;
  /** The trust policy that the role has at a stage by its entry: where the same stands in AWS, the role is there, whatever its conditions depend on. */
  readonly trustAt?: (stage: Stage) => PolicyDocument;
}

/** The pods of a service account on a cluster, and the association that stands for them. */
export interface StandingPlace {
  readonly cluster: Cluster;
  readonly pods: ServiceAccountPods;
  readonly association: AssociationFacts | undefined;
}

/** Finds out at which stages a role can be. `places`: every service account of the workload on each of its clusters. */
export function standingOf(
  environment: Environment,
  places: readonly StandingPlace[],
  role: Pick<RoleFacts, 'arn' | 'trust'>,
  { now, trustAt }: StandingFacts = {},
): Standing {
  const found = places.map(({ cluster, pods, association }) => ({
    association: association !== undefined,
    podIdentity: podAccess(role, environment, pods, cluster, 'pod-identity', now),
    oidc: podAccess(role, environment, pods, cluster, 'irsa', now),
  }));
  const usesPodIdentity = found.some(({ association, podIdentity }) => association || podIdentity.result === 'allowed');
  const stages = STAGES.filter((stage) => {
    const row = STAGE_TABLE[stage];
    return found.every(
      ({ association, podIdentity, oidc }) =>
        association === row.association && fits(podIdentity, row.trustsPodIdentity) && fits(oidc, row.trustsOidc),
    );
  });
  const dependsOn = eachOnce(
    found.flatMap(({ podIdentity, oidc }) =>
      [podIdentity, oidc].flatMap((access) => (access.result === 'depends' ? access.dependsOn : [])),
    ),
  );
  if (dependsOn.length === 0) return { stages, usesPodIdentity };
  const same = stages.filter((stage) => trustAt !== undefined && sameMeaning(role.trust, trustAt(stage)));
  return same.length > 0 ? { stages: same, usesPodIdentity } : { stages, usesPodIdentity, dependsOn };
}

/** Whether the pods' access can be the one of a stage. */
function fits({ result }: Access, trusted: boolean): boolean {
  switch (result) {
    case 'allowed':
      return trusted;
    case 'denied':
      return !trusted;
    case 'depends':
      return true;
  }
}

/**
 * The stage of an entry that adopts a role, against AWS. `found`: AWS disagrees with what the entry says was found. `ahead`: the entry is more than
 * one step from where the role is. `unknown`: where the role is depends on conditions of its trust policy.
 */
export type AdoptionMismatch =
  | { readonly what: 'found' | 'ahead'; readonly standing: Standing }
  | { readonly what: 'unknown'; readonly dependsOn: readonly DecidingCondition[] };

/**
 * What is wrong with the stage of an entry that adopts a role; nothing where it is right. Once an apply has adopted the role (`applied`),
 * `found` has served, and a state between two stages is that of an apply which did not end.
 */
export function compareAdoption(
  { stage, found, role }: Pick<Workload, 'stage' | 'found'> & Partial<Pick<Workload, 'role'>>,
  standing: Standing,
  applied: boolean,
): AdoptionMismatch | undefined {
  // No apply takes an external role from pods: what differs later, the comparisons of trust policy and associations say.
  if (role?.manage === 'external' && applied) return undefined;
  const { stages, usesPodIdentity, dependsOn } = standing;
  if (dependsOn !== undefined) return { what: 'unknown', dependsOn };
  if (!applied && found !== undefined && !stages.includes(found)) return { what: 'found', standing };
  if (stages.length === 0) {
    const ahead = !applied && (stage !== 'irsa' || usesPodIdentity);
    return ahead ? { what: 'ahead', standing } : undefined;
  }
  const steps = stages.map((one) => Math.abs(STAGES.indexOf(one) - STAGES.indexOf(stage)));
  return Math.min(...steps) > 1 ? { what: 'ahead', standing } : undefined;
}

/** Something that is on a role and not in the entry that adopts the role. */
export interface AdoptionLoss {
  /** The field of the workload's entry that keeps it: `role.tags`. */
  readonly field: string;
  /** The first apply removes it; false: it stays on the role, unmanaged. */
  readonly removed: boolean;
  /** What it is: names, texts, or a count of statements. */
  readonly what: string;
}

/** What the first apply would remove from an adopted role, or leave on it unmanaged. */
export function adoptionLosses(
  wanted: SourceRole,
  found: RoleFacts,
  policies: RolePolicyFacts | undefined,
): readonly AdoptionLoss[] {
  const tags = Object.keys(found.tags).filter(
    (key) => !isTagOfAws(key) && key !== FORMER_STAGE_TAG && found.tags[key] !== wanted.tags[key],
  );
  const { extra } = policyDifference(found.trust, wanted.trust);
  const permissions = policies === undefined ? [] : comparePermissions(wanted, policies);
  const narrowed = permissions.flatMap((one) => (one.what === 'document' && one.extra.length > 0 ? [one.name] : []));
  const unmanaged = permissions.flatMap((one) =>
    one.what === 'unwanted' ? [one.of === 'managed-policy' ? one.arn : one.name] : [],
  );
  const differs = compareRole(wanted, found);
  const settingOf = (what: 'boundary' | 'session-duration' | 'description') =>
    differs.flatMap((one) => (one.what === what && one.found !== '' ? (one.found ?? []) : []));
  const removed = (field: string, values: readonly string[], textOf: (all: string) => string) =>
    values.length > 0 ? [{ field, removed: true, what: textOf(values.join(', ')) }] : [];
  const counted = `${extra.length} ${extra.length === 1 ? 'statement' : 'statements'}`;
  return [
    ...removed('role.tags', tags, (keys) => `tags ${keys}`),
    ...removed('role.description', settingOf('description'), (text) => `description ${JSON.stringify(text)}`),
    ...(extra.length > 0 ? [{ field: 'role.keepTrust', removed: true, what: `${counted} of its trust policy` }] : []),
    ...removed('permissions.inlinePolicies', narrowed, (names) => `permissions of inline policies ${names}`),
    ...removed('role.permissionsBoundary', settingOf('boundary'), (arn) => `permissions boundary ${arn}`),
    ...removed('role.maxSessionDuration', settingOf('session-duration'), (time) => `session duration ${time} seconds`),
    ...unmanaged.map((policy) => ({ field: 'permissions and role.imports', removed: false, what: `policy ${policy}` })),
  ];
}

/** Whether an association of the blueprint is for the same service account as one that stands. */
type SameAccount = Pick<Association, 'cluster' | 'namespace' | 'serviceAccount'>;

/**
 * What podlift would change of a role and of its associations when it adopts the role, tags aside that it adds: `trust policy`. Documents are compared by
 * their words, as Terraform's provider does. `associations`: those that the blueprint has for the workload; `found.associations`: those that stand for its
 * service accounts, by the key of the cluster.
 */
export function adoptionChanges(
  wanted: SourceRole,
  associations: readonly Association[],
  found: {
    readonly role: RoleFacts;
    readonly policies: RolePolicyFacts;
    readonly associations?: readonly (AssociationFacts & Pick<Association, 'cluster'>)[];
  },
): readonly string[] {
  const { role, policies, associations: standing = [] } = found;
  const settings = compareRole(wanted, role).map(({ what }) => what);
  const permissions = comparePermissions(wanted, policies);
  const documents = inlinePolicies(wanted);
  const isAsFound = ([name, document]: readonly [string, PolicyDocument]) => {
    const is = policies.inline[name];
    return is !== undefined && showsNoChange(document, is);
  };
  const isSame = (one: SameAccount, other: SameAccount) =>
    one.cluster === other.cluster && one.namespace === other.namespace && one.serviceAccount === other.serviceAccount;
  const isUnchanged = (own: Association) => {
    const is = standing.find((one) => isSame(one, own));
    return compareAssociation(own, is).length === 0 && isKeptAs(own, is);
  };
  const changes = {
    'name or path': settings.includes('arn'),
    'trust policy': !showsNoChange(wanted.trust, role.trust),
    description: settings.includes('description'),
    boundary: settings.includes('boundary'),
    'session duration': settings.includes('session-duration'),
    'attached policies': permissions.some(({ of }) => of === 'managed-policy'),
    'inline policies': Object.keys(policies.inline).length !== documents.size || ![...documents].every(isAsFound),
    tags: compareTags(wanted.tags, role.tags).extra.length > 0,
    association:
      !associations.every(isUnchanged) || !standing.every((one) => associations.some((own) => isSame(one, own))),
  };
  return Object.entries(changes).flatMap(([what, is]) => (is ? [what] : []));
}

/** Whether podlift imports the association that stands, or leaves it to the tool that owns it. */
function isKeptAs(own: Association, found: AssociationFacts | undefined): boolean {
  return own.owner === undefined ? own.importId === found?.id : own.importId === undefined;
}
