import { parseArn } from '../../iam/Arn';
import type { Statement } from '../../iam/PolicyDocument';
import { matchAction } from '../../iam/matchStatement';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { type Input, optionalFlag, optionalText, requiredText } from '../api/Input';
import { tagContext } from '../api/authorise';
import { eksPage } from '../api/pages';
import { asList, trustPolicy } from '../iam/roles';
import type { AssociationState, ClusterState } from '../world/World';
import { delayAssociationChange, visibleRole } from '../world/delayedChanges';
import { externalIdOf, newAssociation } from '../world/newEntities';
import { onceByToken } from './clientRequestToken';
import {
  clusterArn,
  crossAccountPassRole,
  findCluster,
  invalidParameter,
  onCluster,
  readTagMap,
  resourceInUse,
  resourceLimitExceeded,
  resourceNotFound,
} from './eksRequest';
import { sessionPolicyAfter } from './sessionPolicy';

/** The length of a role's ARN. */
export const ROLE_ARN = { min: 20, max: 2048 };

/**
 * The permission to pass a role to the service that uses it. None without a role.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passRole(
  roleArn: string | undefined,
  input: Input,
  call: Call,
  service = 'pods.eks.amazonaws.com',
): readonly Permission[] {
  // A role of another account is refused with another error.
  if (roleArn === undefined || parseArn(roleArn)?.account !== call.account) return [];
  const context = { 'iam:PassedToService': service, 'iam:AssociatedResourceArn': clusterArn(input, call) };
  return [{ action: 'iam:PassRole', resource: roleArn, context }];
}

const POD_IDENTITY = 'pods.eks.amazonaws.com';

function trustsPodIdentity(statement: Statement): boolean {
  const { Principal } = statement;
  return (
    statement.Effect === 'Allow' && typeof Principal === 'object' && asList(Principal.Service).includes(POD_IDENTITY)
  );
}

/**
 * Checks the role of an association as EKS does: the role exists in the cluster's account, and its trust policy allows
 * `pods.eks.amazonaws.com` to use `sts:AssumeRole` and `sts:TagSession`. Conditions are checked when a pod asks for credentials.
 * Throws `InvalidParameterException`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html. The messages are those that
 * hashicorp/terraform-provider-aws expects (internal/service/eks/pod_identity_association.go) and #41483 reports.
 */
export function checkRole(roleArn: string, cluster: ClusterState, call: Call): void {
  const parts = parseArn(roleArn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) {
    throw invalidParameter(`Role ARN provided in the request is not valid: ${roleArn}`);
  }
  if (parts.account !== cluster.account) throw crossAccountPassRole();
  const role = visibleRole(call.state, roleArn, 'eks');
  if (role === undefined) throw invalidParameter('Role provided in the request does not exist.');
  const statements = asList(trustPolicy(call.state.world, role).document.Statement).filter(trustsPodIdentity);
  const trusted = ['sts:assumerole', 'sts:tagsession'].every((action) =>
    statements.some((statement) => matchAction(statement, action)),
  );
  if (!trusted) throw invalidParameter('Trust policy of the role provided is invalid');
}

// Source of the name rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE_ACCOUNT = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function readName(input: Input, key: 'namespace' | 'serviceAccount', rule: RegExp): string {
  const name = requiredText(input, key);
  if (!rule.test(name))
    throw invalidParameter(`The ${key} provided in the request is not a valid Kubernetes name: ${name}`);
  return name;
}

function summary(association: AssociationState, cluster: ClusterState): Output {
  return {
    clusterName: cluster.name,
    namespace: association.namespace,
    serviceAccount: association.serviceAccount,
    associationArn: association.arn,
    associationId: association.id,
    ownerArn: association.ownerArn,
  };
}

function associationView(association: AssociationState, cluster: ClusterState): Output {
  return {
    ...summary(association, cluster),
    roleArn: association.roleArn,
    targetRoleArn: association.targetRoleArn,
    externalId: association.externalId,
    disableSessionTags: association.disableSessionTags,
    policy: association.policy,
    tags: association.tags,
    createdAt: new Date(association.createdAt),
    modifiedAt: new Date(association.modifiedAt),
  };
}

/**
 * A target role can be in any account of the cluster's partition: no session goes beyond its partition. EKS's answer for another partition is not known. The
 * role's trust policy is checked when a pod asks for credentials.
 */
function checkTarget(targetRoleArn: string | undefined, cluster: ClusterState): void {
  if (targetRoleArn === undefined) return;
  const isRole = /^arn:[\w-]+:iam::\d{12}:role\/[!-~]+$/.test(targetRoleArn);
  if (!isRole || parseArn(targetRoleArn)?.partition !== parseArn(cluster.arn)?.partition) {
    throw invalidParameter(`Target role ARN provided in the request is not valid: ${targetRoleArn}`);
  }
}

/** Creates an association after all checks. `ownerArn` is the ARN of its add-on. Throws the errors of CreatePodIdentityAssociation. */
export function createAssociation(
  input: Input,
  cluster: ClusterState,
  call: Call,
  ownerArn?: string,
): AssociationState {
  const namespace = readName(input, 'namespace', NAMESPACE);
  const serviceAccount = readName(input, 'serviceAccount', SERVICE_ACCOUNT);
  const roleArn = requiredText(input, 'roleArn', ROLE_ARN);
  const targetRoleArn = optionalText(input, 'targetRoleArn', ROLE_ARN);
  const disableSessionTags = optionalFlag(input, 'disableSessionTags') ?? false;
  const tags = readTagMap(input, call.quotas.tagsPerResource);
  const policy = sessionPolicyAfter(undefined, input, disableSessionTags);
  checkTarget(targetRoleArn, cluster);
  checkRole(roleArn, cluster, call);
  const all = Object.values(cluster.associations);
  const existing = all.find((other) => other.namespace === namespace && other.serviceAccount === serviceAccount);
  if (existing !== undefined) throw resourceInUse(`Association already exists: ${existing.id}`);
  const quota = call.quotas.associationsPerCluster;
  if (all.length >= quota)
    throw resourceLimitExceeded(`The cluster has its quota of ${quota} Pod Identity associations.`);
  const wanted = {
    namespace,
    serviceAccount,
    roleArn,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    disableSessionTags,
    ...(policy === undefined ? {} : { policy }),
    tags,
  };
  const association = newAssociation(cluster, wanted, call.time.toISOString(), ownerArn);
  delayAssociationChange(call, cluster, association, 'create');
  cluster.associations[association.id] = association;
  return association;
}

function findAssociation(input: Input, cluster: ClusterState): AssociationState {
  const id = requiredText(input, 'associationId');
  const association = cluster.associations[id];
  if (association === undefined) throw resourceNotFound(`No association found with id: ${id}`);
  return association;
}

/**
 * Removes an association, also from the add-on that owns it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html ("You also can directly update or delete the pod identity
 * association if necessary")
 */
export function removeAssociation(association: AssociationState, cluster: ClusterState, call: Call): void {
  delayAssociationChange(call, cluster, association, 'delete');
  Reflect.deleteProperty(cluster.associations, association.id);
  for (const addon of Object.values(cluster.addons)) {
    addon.associations = addon.associations.filter((arn) => arn !== association.arn);
  }
}

/**
 * "You must change at least one of these in an update." EKS's code and text are not known, nor whether equal values count as a change: they do
 * here. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdatePodIdentityAssociation.html
 */
function requireChange(input: Input): void {
  const isSent = ['roleArn', 'targetRoleArn', 'disableSessionTags', 'policy'].some(
    (key) => input[key] !== undefined && input[key] !== null,
  );
  if (!isSent) throw invalidParameter('The update changes nothing.');
}

function update(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const association = findAssociation(input, cluster);
  requireChange(input);
  const roleArn = optionalText(input, 'roleArn', ROLE_ARN) ?? association.roleArn;
  // An empty text removes the target.
  const target = optionalText(input, 'targetRoleArn', { max: 2048 }) ?? association.targetRoleArn ?? '';
  const disableSessionTags = optionalFlag(input, 'disableSessionTags') ?? association.disableSessionTags;
  const policy = sessionPolicyAfter(association.policy, input, disableSessionTags);
  checkTarget(target === '' ? undefined : target, cluster);
  checkRole(roleArn, cluster, call);
  delayAssociationChange(call, cluster, association, 'update');
  association.roleArn = roleArn;
  association.disableSessionTags = disableSessionTags;
  association.modifiedAt = call.time.toISOString();
  if (policy === undefined) delete association.policy;
  else association.policy = policy;
  if (target === '') {
    delete association.targetRoleArn;
    delete association.externalId;
  } else {
    association.targetRoleArn = target;
    association.externalId = externalIdOf(cluster, association);
  }
  return { association: associationView(association, cluster) };
}

function list(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const namespace = optionalText(input, 'namespace');
  const serviceAccount = optionalText(input, 'serviceAccount');
  const found = Object.values(cluster.associations).filter(
    (association) =>
      (namespace === undefined || association.namespace === namespace) &&
      (serviceAccount === undefined || association.serviceAccount === serviceAccount),
  );
  const { items, nextToken } = eksPage(input, found, (association) => association.id);
  return { associations: items.map((association) => summary(association, cluster)), nextToken };
}

function onAssociation(action: string) {
  return (input: Input, call: Call): readonly Permission[] => {
    const cluster = clusterArn(input, call);
    const id = requiredText(input, 'associationId');
    const tags = call.state.world.clusters[cluster]?.associations[id]?.tags ?? {};
    const resource = `${cluster.replace(':cluster/', ':podidentityassociation/')}/${id}`;
    return [{ action, resource, context: tagContext('aws:ResourceTag', tags) }];
  };
}

const ASSOCIATIONS = '/clusters/{name}/pod-identity-associations';

/** Pod Identity associations. */
export const associationActions: Actions = {
  CreatePodIdentityAssociation: {
    route: `POST ${ASSOCIATIONS}`,
    permissions: (input, call) => [
      ...onCluster('eks:CreatePodIdentityAssociation')(input, call),
      ...passRole(optionalText(input, 'roleArn', ROLE_ARN), input, call),
    ],
    handle: onceByToken('CreatePodIdentityAssociation', (input, call) => {
      const cluster = findCluster(input, call);
      return { association: associationView(createAssociation(input, cluster, call), cluster) };
    }),
  },
  DescribePodIdentityAssociation: {
    route: `GET ${ASSOCIATIONS}/{associationId}`,
    permissions: onAssociation('eks:DescribePodIdentityAssociation'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      return { association: associationView(findAssociation(input, cluster), cluster) };
    },
  },
  UpdatePodIdentityAssociation: {
    route: `POST ${ASSOCIATIONS}/{associationId}`,
    permissions: (input, call) => [
      ...onAssociation('eks:UpdatePodIdentityAssociation')(input, call),
      ...passRole(optionalText(input, 'roleArn', ROLE_ARN), input, call),
    ],
    handle: onceByToken('UpdatePodIdentityAssociation', update),
  },
  DeletePodIdentityAssociation: {
    route: `DELETE ${ASSOCIATIONS}/{associationId}`,
    permissions: onAssociation('eks:DeletePodIdentityAssociation'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const association = findAssociation(input, cluster);
      removeAssociation(association, cluster, call);
      return { association: associationView(association, cluster) };
    },
  },
  ListPodIdentityAssociations: {
    route: `GET ${ASSOCIATIONS}`,
    permissions: onCluster('eks:ListPodIdentityAssociations'),
    handle: list,
  },
};
