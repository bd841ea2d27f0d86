import { parseArn } from '../../iam/Arn';
import type { Statement } from '../../iam/PolicyDocument';
import { matchAction } from '../../iam/matchAction';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { notImplemented } from '../api/ApiError';
import { type Input, optionalFlag, optionalText, requiredText } from '../api/Input';
import { tagContext } from '../api/authorise';
import { eksPage } from '../api/pages';
import { listOf, trustPolicy } from '../iam/roles';
import type { AssociationState, ClusterState } from '../world/World';
import { keepSeenAssociation, seenRole } from '../world/delayedChanges';
import { externalIdOf, newAssociation } from '../world/newEntities';
import { clusterArn, findCluster, invalidParameter, onCluster, readTagMap, resourceInUse, resourceLimitExceeded, resourceNotFound } from './eksRequest';

/** Lengths of a role's ARN. */
export const ROLE = { min: 20, max: 2048 };

/**
 * Whoever hands EKS a role must be allowed to pass it to the service that takes it. Nothing for no role.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passRole(
  roleArn: string | undefined,
  input: Input,
  call: Call,
  service = 'pods.eks.amazonaws.com',
): readonly Permission[] {
  // A role of another account is refused as such, before anyone asks who may pass it.
  if (roleArn === undefined || parseArn(roleArn)?.account !== call.account) return [];
  const context = { 'iam:PassedToService': service, 'iam:AssociatedResourceArn': clusterArn(input, call) };
  return [{ action: 'iam:PassRole', resource: roleArn, context }];
}

const POD_IDENTITY = 'pods.eks.amazonaws.com';

function trustsPodIdentity(statement: Statement): boolean {
  const { Principal } = statement;
  return (
    statement.Effect === 'Allow' && typeof Principal === 'object' && listOf(Principal.Service).includes(POD_IDENTITY)
  );
}

/**
 * Checks the role of an association as EKS does: it exists, in the cluster's account, and its trust policy names
 * `pods.eks.amazonaws.com` with `sts:AssumeRole` and `sts:TagSession`; conditions are not looked at until a pod asks.
 * Throws `InvalidParameterException`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html; the messages as hashicorp/terraform-provider-aws
 * waits for them (internal/service/eks/pod_identity_association.go) and #41483 reports them.
 */
export function checkRole(roleArn: string, cluster: ClusterState, call: Call): void {
  const parts = parseArn(roleArn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) {
    throw invalidParameter(`Role ARN provided in the request is not valid: ${roleArn}`);
  }
  if (parts.account !== cluster.account) throw invalidParameter('Cross-account pass role is not allowed.');
  const role = seenRole(call.state, roleArn);
  if (role === undefined) throw invalidParameter('Role provided in the request does not exist.');
  const statements = listOf(trustPolicy(call.state.world, role).document.Statement).filter(trustsPodIdentity);
  const trusted = ['sts:assumerole', 'sts:tagsession'].every((action) =>
    statements.some((statement) => matchAction(statement, action)),
  );
  if (!trusted) throw invalidParameter('Trust policy of the role provided in the request is invalid');
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
    tags: association.tags,
    createdAt: new Date(association.createdAt),
    modifiedAt: new Date(association.modifiedAt),
  };
}

/** A target role may be in any account; whether it can be assumed shows when a pod asks. */
function checkTarget(targetRoleArn: string | undefined): void {
  if (targetRoleArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/[!-~]+$/.test(targetRoleArn)) {
    throw invalidParameter(`Target role ARN provided in the request is not valid: ${targetRoleArn}`);
  }
}

function refuseSessionPolicy(input: Input): void {
  if (input.policy !== undefined && input.policy !== null)
    throw notImplemented('eks: the session policy of an association');
}

/** Makes an association after all checks. Throws the errors of CreatePodIdentityAssociation. `ownerArn` is the add-on's that wants it. */
export function createAssociation(
  input: Input,
  cluster: ClusterState,
  call: Call,
  ownerArn?: string,
): AssociationState {
  refuseSessionPolicy(input);
  const namespace = readName(input, 'namespace', NAMESPACE);
  const serviceAccount = readName(input, 'serviceAccount', SERVICE_ACCOUNT);
  const roleArn = requiredText(input, 'roleArn', ROLE);
  const targetRoleArn = optionalText(input, 'targetRoleArn', ROLE);
  const disableSessionTags = optionalFlag(input, 'disableSessionTags') ?? false;
  const tags = readTagMap(input, call.quotas.tagsPerResource);
  checkTarget(targetRoleArn);
  checkRole(roleArn, cluster, call);
  const all = Object.values(cluster.associations);
  const taken = all.find((other) => other.namespace === namespace && other.serviceAccount === serviceAccount);
  if (taken !== undefined) throw resourceInUse(`Association already exists: ${taken.id}`);
  const quota = call.quotas.associationsPerCluster;
  if (all.length >= quota)
    throw resourceLimitExceeded(`The cluster has its quota of ${quota} Pod Identity associations.`);
  const wanted = {
    namespace,
    serviceAccount,
    roleArn,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    disableSessionTags,
    tags,
  };
  const association = newAssociation(cluster, wanted, call.time.toISOString(), ownerArn);
  keepSeenAssociation(call.state, cluster, namespace, serviceAccount, call.lateMs);
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
 * Takes an association away. One that an add-on owns goes too when it is named directly, and the add-on forgets it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html ("You also can directly update or delete the pod identity
 * association if necessary")
 */
export function removeAssociation(association: AssociationState, cluster: ClusterState, call: Call): void {
  keepSeenAssociation(call.state, cluster, association.namespace, association.serviceAccount, call.lateMs);
  Reflect.deleteProperty(cluster.associations, association.id);
  for (const addon of Object.values(cluster.addons)) {
    addon.associations = addon.associations.filter((arn) => arn !== association.arn);
  }
}

function update(input: Input, call: Call): Output {
  refuseSessionPolicy(input);
  const cluster = findCluster(input, call);
  const association = findAssociation(input, cluster);
  const roleArn = optionalText(input, 'roleArn', ROLE) ?? association.roleArn;
  // An empty text takes the target away.
  const target = optionalText(input, 'targetRoleArn', { max: 2048 }) ?? association.targetRoleArn ?? '';
  const disableSessionTags = optionalFlag(input, 'disableSessionTags') ?? association.disableSessionTags;
  checkTarget(target === '' ? undefined : target);
  checkRole(roleArn, cluster, call);
  keepSeenAssociation(call.state, cluster, association.namespace, association.serviceAccount, call.lateMs);
  association.roleArn = roleArn;
  association.disableSessionTags = disableSessionTags;
  association.modifiedAt = call.time.toISOString();
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

/** Pod Identity associations. */
export const associationActions: Actions = {
  CreatePodIdentityAssociation: {
    permissions: (input, call) => [
      ...onCluster('eks:CreatePodIdentityAssociation')(input, call),
      ...passRole(optionalText(input, 'roleArn', ROLE), input, call),
    ],
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      return { association: associationView(createAssociation(input, cluster, call), cluster) };
    },
  },
  DescribePodIdentityAssociation: {
    permissions: onAssociation('eks:DescribePodIdentityAssociation'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      return { association: associationView(findAssociation(input, cluster), cluster) };
    },
  },
  UpdatePodIdentityAssociation: {
    permissions: (input, call) => [
      ...onAssociation('eks:UpdatePodIdentityAssociation')(input, call),
      ...passRole(optionalText(input, 'roleArn', ROLE), input, call),
    ],
    handle: update,
  },
  DeletePodIdentityAssociation: {
    permissions: onAssociation('eks:DeletePodIdentityAssociation'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const association = findAssociation(input, cluster);
      removeAssociation(association, cluster, call);
      return { association: associationView(association, cluster) };
    },
  },
  ListPodIdentityAssociations: { permissions: onCluster('eks:ListPodIdentityAssociations'), handle: list },
};
