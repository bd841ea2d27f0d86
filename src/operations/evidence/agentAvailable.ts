import { identityStackName } from '../../inventory/stackNames';
import { agents } from '../../blueprint/agents';
import type { Cluster } from '../../inventory/Inventory';
import type { AddonFacts, ClusterFacts } from '../../estate/aws/AwsPort';
import { AGENT_ADDON } from '../../blueprint/agents';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { awsPlace } from './places';
import { clustersOfStep } from './workloadsOnClusters';

/** States in which EKS still works on an add-on. */
const UNDER_WAY: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/**
 * Each cluster of the step has the agent: built in (Auto Mode, as EKS says and not only the inventory), as an add-on that is `ACTIVE`,
 * or it comes with the plan of this very step.
 */
export const agentAvailable: Check = (step, ports, now) =>
  Promise.all(
    clustersOfStep(step).map(async (cluster) => {
      const { account } = step.environment;
      const port = ports.aws(account, cluster.region);
      const question = {
        check: 'agent-available',
        cluster: cluster.key,
        of: awsPlace(account, cluster.region),
      } as const;
      if (cluster.autoMode)
        return judged(
          step,
          now,
          { ...question, asked: `eks:DescribeCluster ${cluster.name}` },
          await port.describeCluster(cluster.name),
          (facts) => builtIn(cluster, facts),
        );
      return judged(
        step,
        now,
        { ...question, asked: `eks:DescribeAddon ${AGENT_ADDON} on ${cluster.name}` },
        await port.addon(cluster.name, AGENT_ADDON),
        (addon) => asAddon(step, cluster, addon),
      );
    }),
  );

function builtIn({ key, name }: Cluster, facts: ClusterFacts | undefined): Verdict {
  if (facts?.autoMode === true) return { found: 'Auto Mode: the agent is built in', holds: 'yes' };
  return {
    found: facts === undefined ? `there is no cluster ${name}` : 'the cluster is not in Auto Mode',
    holds: 'no',
    remedy: `Take autoMode out of cluster ${key} in the inventory and give it an agent: { version: … }.`,
  };
}

function asAddon(step: Step, { key, name, region }: Cluster, addon: AddonFacts | undefined): Verdict {
  if (addon?.status === 'ACTIVE') return { found: `${addon.version} is ACTIVE`, holds: 'yes' };
  if (addon !== undefined) {
    const found = `${addon.version} is ${addon.status}${addon.issues.length > 0 ? `: ${addon.issues.join('; ')}` : ''}`;
    const wait = `aws eks wait addon-active --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${region}`;
    const look = `aws eks describe-addon --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${region}`;
    return { found, holds: 'no', remedy: UNDER_WAY.has(addon.status) ? wait : `Repair the add-on:\n${look}` };
  }
  const planned = plannedAgent(step, key);
  if (planned !== undefined)
    return { found: `not there yet: ${planned} comes with ${identityStackName(step.environment.key)}`, holds: 'yes' };
  return {
    found: 'no agent, and none in the inventory',
    holds: 'no',
    remedy: `Write agent: { version: v1.3.4-eksbuild.1 } into cluster ${key} of environment ${step.environment.key}.`,
  };
}

/** The agent's version that the blueprint has for a cluster once the step is taken. */
function plannedAgent({ environment, workloads, to }: Step, cluster: string): string | undefined {
  const moving = new Set(workloads.map(({ key }) => key));
  const after = environment.workloads.map((workload) =>
    moving.has(workload.key) ? { ...workload, stage: to } : workload,
  );
  return agents({ ...environment, workloads: after }).find((agent) => agent.cluster === cluster)?.version;
}
