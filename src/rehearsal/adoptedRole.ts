import { oneOrMany } from '../blueprint/oneOrMany';
import { issuerName, oidcProviderArn } from '../blueprint/arns';
import { compileWorkload } from '../blueprint/compileWorkload';
import { IRSA_AUDIENCE, serviceAccountSubject, sourceTrust } from '../blueprint/sourceTrust';
import { inlinePolicies } from '../comparison/role';
import type { PolicyDocument, Statement } from '../iam/PolicyDocument';
import {
  type Cluster,
  type Environment,
  type Inventory,
  type Stage,
  subjectName,
  type Workload,
} from '../inventory/Inventory';
import type { SeedRole } from '../sandbox/Seed';
import { awsManagedPolicy, isAwsManaged } from '../sandbox/api/awsManagedPolicies';

/**
 * The role that a workload adopts or that is external. An adopted role is as `eksctl create iamserviceaccount` left it: name, path and policies come from the inventory, trust and
 * tags are those of eksctl, boundary and session duration are AWS's defaults. A plan then shows each change, and each replacement, that the
 * adoption of such a role brings. When the inventory says more about the role (its imports, or its trust as it was found), the role is as
 * the inventory says.
 * `stage`: see `standingStage`.
 * Source: eksctl-io/eksctl pkg/iam/oidc/api.go (trust) and pkg/apis/eksctl.io/v1alpha5/types.go (tags)
 */
export function adoptedRole(environment: Environment, workload: Workload, stage: Stage | undefined): SeedRole {
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  const account = environment.account.id;
  const standing = { ...workload, stage: stage ?? workload.stage };
  if (workload.role.manage === 'external') return externalRole(environment, standing, clusters);
  if (isKnown(workload)) return asInInventory(environment, standing, clusters);
  return {
    account,
    name: workload.role.name,
    path: workload.role.path,
    trust:
      stage === undefined || stage === 'irsa'
        ? eksctlTrust(environment, workload, clusters)
        : sourceTrust(environment, standing, clusters),
    attached: workload.permissions.managedPolicies.filter((arn) => isAttachable(environment, arn)),
    tags: eksctlTags(workload, clusters[0]),
  };
}

/** An external role as its owner keeps it: with the trust policy of its stage, and all permissions that the entry and its hops name. */
function externalRole(environment: Environment, workload: Workload, clusters: readonly Cluster[]): SeedRole {
  const { role } = compileWorkload(environment, workload);
  return {
    account: environment.account.id,
    name: role.name,
    path: role.path,
    trust: sourceTrust(environment, workload, clusters),
    attached: role.managedPolicies.filter((arn) => isAttachable(environment, arn)),
    inline: Object.fromEntries(inlinePolicies(role)),
  };
}

/** True when the inventory says how the role was found, and not only that it exists. */
function isKnown({ role: { imports, adoptedTrust, keepTrust } }: Workload): boolean {
  const { managedPolicies, inlinePolicies, associations } = imports;
  const imported = managedPolicies.length + inlinePolicies.length + Object.keys(associations).length;
  return imported > 0 || adoptedTrust !== undefined || keepTrust !== undefined;
}

function asInInventory(environment: Environment, workload: Workload, clusters: readonly Cluster[]): SeedRole {
  const { name, path, description, tags, permissionsBoundary, maxSessionDuration, imports } = workload.role;
  const { inlinePolicies } = workload.permissions;
  const unlisted = imports.managedPolicies.filter((arn) => isUnlisted(environment, arn));
  return {
    account: environment.account.id,
    name,
    path,
    ...(description === undefined ? {} : { description }),
    trust: sourceTrust(environment, workload, clusters),
    attached: imports.managedPolicies.filter((arn) => isAttachable(environment, arn)),
    ...(unlisted.length === 0 ? {} : { attachedUnlisted: unlisted }),
    inline: Object.fromEntries(
      Object.entries(inlinePolicies).filter(([policy]) => imports.inlinePolicies.includes(policy)),
    ),
    ...(permissionsBoundary === undefined || !isAttachable(environment, permissionsBoundary)
      ? {}
      : { permissionsBoundary }),
    ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
    tags,
  };
}

/**
 * Whether a role of the account can have the policy: one of its own account, or one that AWS has. The others stay away from the role that exists,
 * so that the apply fails where IAM refuses them.
 */
function isAttachable({ account, partition }: Environment, arn: string): boolean {
  const [, of, , , owner] = arn.split(':');
  if (of !== partition) return false;
  return owner === account.id || awsManagedPolicy(arn) !== undefined;
}

/**
 * Whether an imported policy is one of AWS that podlift's list does not have. The role has such a policy in AWS: a deprecated policy stays attached to
 * the roles that have it, and AWS adds policies every week.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-deprecated.html
 */
function isUnlisted({ partition }: Environment, arn: string): boolean {
  return arn.startsWith(`arn:${partition}:iam::aws:`) && isAwsManaged(arn) && awsManagedPolicy(arn) === undefined;
}

function eksctlTrust(environment: Environment, workload: Workload, clusters: readonly Cluster[]): PolicyDocument {
  const issuers = new Set(clusters.flatMap(({ oidc }) => oidc?.issuer ?? []));
  return {
    Version: '2012-10-17',
    Statement: [...issuers].map((issuer) => eksctlStatement(environment, workload, issuer)),
  };
}

function eksctlStatement({ partition, account }: Environment, workload: Workload, issuer: string): Statement {
  const name = issuerName(issuer);
  return {
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn(partition, account.id, issuer) },
    Action: ['sts:AssumeRoleWithWebIdentity'],
    Condition: {
      StringEquals: {
        [`${name}:aud`]: IRSA_AUDIENCE,
        [`${name}:sub`]: oneOrMany(workload.subjects.map((one) => serviceAccountSubject(one.namespace, one.name))),
      },
    },
  };
}

function eksctlTags({ subjects: [first] }: Workload, cluster: Cluster | undefined): Record<string, string> {
  const name = cluster?.name ?? '';
  return {
    'alpha.eksctl.io/cluster-name': name,
    'alpha.eksctl.io/iamserviceaccount-name': first === undefined ? '' : subjectName(first),
    'eksctl.cluster.k8s.io/v1alpha1/cluster-name': name,
  };
}

/**
 * The stage of an adopted role on the sandbox before the first apply: `found` if the entry has it, else `irsa`, as every tool leaves such a
 * role. For an external role the stage of the workload. Undefined for a role that podlift creates, and when podlift's own steps brought the workload to its stage (the stage has `since`): the
 * stage before is not known then.
 */
export function standingStage(
  { waves }: Pick<Inventory, 'waves'>,
  { key }: Pick<Environment, 'key'>,
  { role, found, stage, wave }: Workload,
): Stage | undefined {
  // The owner of an external role writes its trust policy before each step.
  if (role.manage === 'external') return stage;
  if (!role.adopt) return undefined;
  if (found !== undefined || stage === 'irsa') return found ?? stage;
  const moved = waves.find((one) => one.key === wave)?.stages[key]?.since !== undefined;
  return moved ? undefined : 'irsa';
}
