import type { Actions, Call, Output } from '../api/Action';
import { Fault } from '../api/Fault';
import { trailPodIdentity } from '../cloudtrail/assumeEvents';
import { requiredText, type Input } from '../api/Input';
import { findCluster, onCluster } from '../eks/findCluster';
import { seenAssociation } from '../world/seenState';
import { assumeForPod } from './assumeForPod';
import { checkPodToken } from './podToken';

function assumeRoleForPodIdentity(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const pod = checkPodToken(requiredText(input, 'token'), cluster, call);
  const { namespace, serviceAccount } = pod;
  const association = seenAssociation(call.state, cluster, namespace, serviceAccount);
  if (association === undefined) {
    throw new Fault(
      'ResourceNotFoundException',
      404,
      `No Pod Identity association was found for service account ${namespace}/${serviceAccount} in cluster ${cluster.name}.`,
      { action: 'eks-auth:AssumeRoleForPodIdentity', resource: cluster.arn },
    );
  }
  const session = assumeForPod(association, cluster, pod, call);
  return {
    subject: { namespace, serviceAccount },
    audience: 'pods.eks.amazonaws.com',
    podIdentityAssociation: { associationArn: association.arn, associationId: association.id },
    assumedRoleUser: { arn: session.arn, assumeRoleId: `${session.roleId}:${session.name}` },
    credentials: {
      sessionToken: session.token,
      secretAccessKey: session.secretAccessKey,
      accessKeyId: session.accessKeyId,
      expiration: session.expiresAt,
    },
  };
}

/** EKS Auth: one action, called by the agent with the role of its node. */
export const podIdentityActions: Actions = {
  AssumeRoleForPodIdentity: {
    permissions: onCluster('eks-auth:AssumeRoleForPodIdentity'),
    handle: assumeRoleForPodIdentity,
    trail: trailPodIdentity,
  },
};
