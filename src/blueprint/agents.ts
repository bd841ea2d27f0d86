import type { Environment } from '../inventory/Inventory';
import type { Agent } from './Blueprint';
import { environmentTags } from './environmentTags';
import { STAGE_TABLE } from './stageTable';

/** The add-on of the agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const AGENT_ADDON = 'eks-pod-identity-agent';

/**
 * The agent add-ons of an environment. A cluster has one if a workload on it is past `irsa`, unless Auto Mode has it built in. An agent with
 * `adopt` or `keep` stays at every stage, since associations of others can need it.
 */
export function agents(environment: Environment): Agent[] {
  const past = new Set(
    environment.workloads
      .filter(({ stage }) => STAGE_TABLE[stage].trustsPodIdentity)
      .flatMap(({ clusters }) => clusters),
  );
  return environment.clusters.flatMap(({ key, name, region, agent }) =>
    agent === undefined || !(agent.adopt || agent.keep === true || past.has(key))
      ? []
      : [
          {
            cluster: key,
            clusterName: name,
            region,
            version: agent.version,
            ...(agent.configuration === undefined ? {} : { configuration: JSON.stringify(agent.configuration) }),
            adopt: agent.adopt,
            ...(agent.imports === true ? { imports: true } : {}),
            tags: environmentTags(environment),
          },
        ],
  );
}
