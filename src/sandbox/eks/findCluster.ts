import type { Call, Permission } from '../api/Action';
import { requestTagContext, tagContext } from '../api/contextOf';
import { requiredText, type Input } from '../api/Input';
import { clusterByName } from '../world/findState';
import type { ClusterState } from '../world/World';
import { resourceNotFound } from './faults';
import { readTagMap } from './tagMap';

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
