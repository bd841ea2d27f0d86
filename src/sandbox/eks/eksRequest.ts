import type { Call, Permission } from '../api/Action';
import { ApiError, validationError } from '../api/ApiError';
import { requestTagContext, tagContext } from '../api/authorise';
import { type Input, requiredText, type TextRule } from '../api/Input';
import { eksClusterArn } from '../world/arns';
import { clusterByName, type ClusterState, recordOf, type Tags } from '../world/World';

// The errors of EKS. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html (Errors of each action)

export function invalidParameter(message: string): ApiError {
  return new ApiError('InvalidParameterException', 400, message);
}

export function resourceNotFound(message: string): ApiError {
  return new ApiError('ResourceNotFoundException', 404, message);
}

export function resourceInUse(message: string): ApiError {
  return new ApiError('ResourceInUseException', 409, message);
}

export function resourceLimitExceeded(message: string): ApiError {
  return new ApiError('ResourceLimitExceededException', 400, message);
}

/**
 * EKS's answer to a role of another account, and to an empty ARN: the check of iam:PassRole.
 * Source: hashicorp/terraform-provider-aws #30645 (CloudTrail's record of an empty ARN), eksctl-io/eksctl #8718
 */
export function crossAccountPassRole(): ApiError {
  return new ApiError('AccessDenied', 403, 'Cross-account pass role is not allowed.');
}

/** The `tags` of a request. Throws a validation error for a value that is not a text, a reserved key or too many tags. */
export function readTagMap(input: Input, quota: number): Tags {
  const value = input.tags;
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw validationError('tags must be a map of text to text');
  const tags = recordOf<string>();
  for (const [key, text] of Object.entries(value as Record<string, unknown>)) {
    if (typeof text !== 'string' || text.length > 256)
      throw validationError(`the value of tag ${key} must be a text of at most 256 characters`);
    if (key.length === 0 || key.length > 128) throw validationError('a tag key has 1 to 128 characters');
    if (key.toLowerCase().startsWith('aws:'))
      throw validationError(`tag keys that start with aws: are reserved: ${key}`);
    tags[key] = text;
  }
  if (Object.keys(tags).length > quota) throw validationError(`a resource has at most ${quota} tags`);
  return tags;
}

const CLUSTER_NAME: TextRule = { pattern: /^[0-9A-Za-z][A-Za-z0-9\-_]*$/, min: 1, max: 100 };

/** DescribeCluster does not check the name, and has no error for it. Source: the shape DescribeClusterRequest of the API model. */
export const ANY_NAME: TextRule = { min: 1 };

/** The cluster that a request names, in the caller's account and region. Throws `ResourceNotFoundException`. */
export function findCluster(input: Input, call: Call, rule: TextRule = CLUSTER_NAME): ClusterState {
  const name = requiredText(input, 'name', rule);
  const cluster = clusterByName(call.state.world, call.account, call.region, name);
  if (cluster === undefined) throw resourceNotFound(`No cluster found for name: ${name}.`);
  return cluster;
}

/** The ARN of the cluster that a request names. The cluster need not exist. */
export function clusterArn(input: Input, call: Call, rule: TextRule = CLUSTER_NAME): string {
  return eksClusterArn(call.region, call.account, requiredText(input, 'name', rule));
}

/** The permission for an action on the cluster that a request names. */
export function onCluster(action: string, rule: TextRule = CLUSTER_NAME) {
  return (input: Input, call: Call): readonly Permission[] => {
    const resource = clusterArn(input, call, rule);
    const tags = call.state.world.clusters[resource]?.tags ?? {};
    const context = {
      ...tagContext('aws:ResourceTag', tags),
      ...requestTagContext(readTagMap(input, call.quotas.tagsPerResource)),
    };
    return [{ action, resource, context }];
  };
}
