import type { Actions, Call, Output, Permission } from '../api/Action';
import { optionalFlag, optionalText, requiredText, type Input } from '../api/Input';
import { notImplemented } from '../api/Fault';
import { tagContext } from '../api/contextOf';
import { externalIdOf, newAssociation } from '../world/newAssociation';
import { keepSeenAssociation } from '../world/seenState';
import type { AssociationState, ClusterState } from '../world/World';
import { checkRole } from './checkRole';
import { invalidParameter, resourceInUse, resourceLimitExceeded, resourceNotFound } from './faults';
import { clusterArn, findCluster, onCluster } from './findCluster';
import { eksPage } from './listing';
import { passRole, ROLE } from './passRole';
import { readTagMap } from './tagMap';

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
