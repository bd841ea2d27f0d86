import type { Cluster } from '../../inventory/Inventory';
import type { ClusterFacts } from '../../estate/aws/AwsPort';
import type { Check } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { awsPlace } from './places';
import { knowsPodIdentity, PLATFORM_MINIMUMS } from './platformMinimums';
import { clustersOfStep } from './workloadsOnClusters';

/** Each cluster of the step is there, and its version and platform know Pod Identity. */
export const clusterVersion: Check = (step, ports, now) =>
  Promise.all(
    clustersOfStep(step).map(async (cluster) => {
      const { account } = step.environment;
      const question = {
        check: 'cluster-version',
        cluster: cluster.key,
        asked: `eks:DescribeCluster ${cluster.name}`,
        of: awsPlace(account, cluster.region),
      } as const;
      const answer = await ports.aws(account, cluster.region).describeCluster(cluster.name);
      return judged(step, now, question, answer, (facts) => judge(cluster, facts));
    }),
  );

function judge(cluster: Cluster, facts: ClusterFacts | undefined): Verdict {
  if (facts === undefined)
    return {
      found: `there is no cluster ${cluster.name}`,
      holds: 'no',
      remedy: `Name the cluster in the inventory as it is in AWS:\naws eks list-clusters --region ${cluster.region}`,
    };
  const { version, platformVersion } = facts;
  const found = `${version} ${platformVersion}, ${facts.status}`;
  const knows = knowsPodIdentity(version, platformVersion);
  if (knows === true) return { found, holds: 'yes' };
  if (knows === undefined)
    return { found: `${found}: not a version that is known`, holds: 'unknown', remedy: 'Look the version up by hand.' };
  const minimum = PLATFORM_MINIMUMS[version];
  return {
    found: `${found}: Pod Identity needs ${minimum === undefined ? '1.24 or later' : `eks.${minimum} or later`}`,
    holds: 'no',
    remedy:
      minimum === undefined
        ? 'Upgrade the cluster first.'
        : 'EKS raises the platform version by itself; an upgrade of the cluster does it at once.',
  };
}
