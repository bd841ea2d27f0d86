import type { Call, Permission } from '../api/Action';
import { Fault, validationFault } from '../api/ApiError';
import { type Input, requiredText } from '../api/Input';
import { requestTagContext, tagContext } from '../api/authorise';
import { clusterByName, type ClusterState, recordOf, type Tags } from '../world/World';

// The errors of EKS. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html (Errors of each action)

export function invalidParameter(message: string): Fault {
  return new Fault('InvalidParameterException', 400, message);
}

export function resourceNotFound(message: string): Fault {
  return new Fault('ResourceNotFoundException', 404, message);
}

export function resourceInUse(message: string): Fault {
  return new Fault('ResourceInUseException', 409, message);
}

export function resourceLimitExceeded(message: string): Fault {
  return new Fault('ResourceLimitExceededException', 400, message);
}

/** The `tags` of an EKS request. Throws a validation fault for values that are no text, reserved keys and too many of them. */
export function readTagMap(input: Input, quota: number): Tags {
  const value = input.tags;
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw validationFault('tags must be a map of text to text');
  const tags = recordOf<string>();
  for (const [key, text] of Object.entries(value as Record<string, unknown>)) {
    if (typeof text !== 'string' || text.length > 256)
      throw validationFault(`the value of tag ${key} must be a text of at most 256 characters`);
    if (key.length === 0 || key.length > 128) throw validationFault('a tag key has 1 to 128 characters');
    if (key.toLowerCase().startsWith('aws:'))
      throw validationFault(`tag keys that start with aws: are reserved: ${key}`);
    tags[key] = text;
  }
  if (Object.keys(tags).length > quota) throw validationFault(`a resource has at most ${quota} tags`);
  return tags;
}

const CLUSTER_NAME = { pattern: /^[0-9A-Za-z][A-Za-z0-9\-_]*$/, min: 1, max: 100 };

/** The cluster that a request names, in the caller's account and region. Throws `ResourceNotFoundException`. */
export function findCluster(input: Input, call: Call): ClusterState {
  const name = requiredText(input, 'name', CLUSTER_NAME);
  const cluster = clusterByName(call.state.world, call.account, call.region, name);
  if (cluster === undefined) throw resourceNotFound(`No cluster found for name: ${name}.`);
  return cluster;
}

/** The ARN that the cluster of a request has, whether it exists or not. */
export function clusterArn(input: Input, call: Call): string {
  return `arn:${call.partition}:eks:${call.region}:${call.account}:cluster/${requiredText(input, 'name', CLUSTER_NAME)}`;
}

/** The permission for an action on the cluster that a request names. */
export function onCluster(action: string) {
  return (input: Input, call: Call): readonly Permission[] => {
    const resource = clusterArn(input, call);
    const tags = call.state.world.clusters[resource]?.tags ?? {};
    const context = {
      ...tagContext('aws:ResourceTag', tags),
      ...requestTagContext(readTagMap(input, call.quotas.tagsPerResource)),
    };
    return [{ action, resource, context }];
  };
}
