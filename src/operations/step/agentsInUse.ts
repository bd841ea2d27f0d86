import { isDeepStrictEqual } from 'node:util';
import { compile } from '../../blueprint/compile';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { WIDEST_STAGE } from '../../blueprint/stageTable';
import { type Ask, ask } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import { type Cluster, type Environment, type Inventory, isPast } from '../../inventory/Inventory';

/** An agent that an apply of the step would remove, although pods of others need it, or nobody knows whether they do. */
export interface AgentInUse {
  /** The cluster's key. */
  readonly cluster: string;
  /** The associations that are not the inventory's. */
  readonly associations: readonly Pick<AssociationFacts, 'id' | 'namespace' | 'serviceAccount' | 'roleArn'>[];
  /** Why the associations of the cluster could not be read. Absent: they were. */
  readonly unread?: string;
}

/**
 * The agents that stand before a change of stages and not after it, on clusters with an association of another team or tool; and on clusters whose
 * associations could not be read. Pods with an association get nothing without the agent.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
 */
export function agentsInUse(before: Inventory, after: Inventory, key: string): Ask<readonly AgentInUse[]> {
  const environment = before.environments.find((one) => one.key === key);
  const left = new Set(compile(after, key).agents.map(({ cluster }) => cluster));
  const leaving = compile(before, key).agents.flatMap(({ cluster }) => {
    const found = environment?.clusters.find((one) => one.key === cluster);
    return left.has(cluster) || found === undefined ? [] : [found];
  });
  return ask(
    leaving.map(({ arn }) => ({ ask: 'associations', cluster: arn }) as const),
    (...answers) =>
      leaving.flatMap((cluster, index): AgentInUse[] => {
        const answer = answers[index];
        if (answer?.ok !== true) return [{ cluster: cluster.key, associations: [], unread: answer?.message ?? '' }];
        const own = environment === undefined ? [] : ownAssociations(environment, cluster);
        const others = answer.value
          .map(({ id, namespace, serviceAccount, roleArn }) => ({ id, namespace, serviceAccount, roleArn }))
          .filter(({ id: _, ...names }) => !own.some((one) => isDeepStrictEqual(one, names)));
        return others.length === 0 ? [] : [{ cluster: cluster.key, associations: others }];
      }),
  );
}

/** What podlift's own associations of a cluster name: those of an apply that is still due are removed by it. */
function ownAssociations(environment: Environment, cluster: Cluster) {
  return (
    environment.workloads
      .filter(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(cluster.key))
      .flatMap((workload) => compileWorkload(environment, { ...workload, stage: WIDEST_STAGE }).associations)
      // No apply removes one of another tool.
      .filter((association) => association.cluster === cluster.key && association.owner === undefined)
      .map(({ namespace, serviceAccount, roleArn }) => ({ namespace, serviceAccount, roleArn }))
  );
}
