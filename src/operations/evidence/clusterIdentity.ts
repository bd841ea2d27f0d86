import type { Cluster } from '../../inventory/Inventory';
import type { ClusterFacts } from '../../estate/aws/AwsPort';
import { contextOf } from '../../estate/kubernetes/contextOf';
import { shellWord } from '../../estate/shellWord';
import type { Check } from './Check';
import { evidenceOf, judged, unanswered, type Verdict } from './evidenceOf';
import { kubectlPlace } from './places';
import { clustersOfStep } from './workloadsOnClusters';

/**
 * Each context leads to the cluster that the inventory means: its API server signs tokens for the issuer that EKS names for that cluster. A
 * context that leads elsewhere would let another cluster's pods speak for this one's. Servers are not compared: proxies and
 * tunnels have addresses of their own.
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */
export const clusterIdentity: Check = (step, ports, now) =>
  Promise.all(
    clustersOfStep(step).map(async (cluster) => {
      const { account } = step.environment;
      const question = {
        check: 'cluster-identity',
        cluster: cluster.key,
        asked: 'get --raw /.well-known/openid-configuration',
        of: kubectlPlace(cluster),
      } as const;
      const [issuer, facts] = await Promise.all([
        ports.kubernetes(step.environment.key, cluster).issuer(),
        ports.aws(account, cluster.region).describeCluster(cluster.name),
      ]);
      if (!facts.ok) return evidenceOf(step, now, question, unanswered(question, facts));
      return judged(step, now, question, issuer, (found) => leadsTo(cluster, found, facts.value));
    }),
  );

/** Whether a context whose API server signs tokens for the issuer `found` leads to a cluster, of which EKS says `facts`. */
export function leadsTo(cluster: Cluster, found: string, facts: ClusterFacts | undefined): Verdict {
  const { name, region, oidc } = cluster;
  const wanted = facts?.issuer;
  if (wanted === undefined)
    return { found: `EKS has no issuer of a cluster ${name}`, holds: 'no', remedy: listing(region) };
  if (found !== wanted)
    return {
      found: `the context leads to another cluster: its issuer is ${found}, that of ${name} is ${wanted}`,
      holds: 'no',
      remedy: `Let the context lead to ${name}:\naws eks update-kubeconfig --name ${shellWord(name)} --region ${region} --alias=${shellWord(contextOf(cluster))}`,
    };
  if (oidc !== undefined && oidc.issuer !== wanted)
    return {
      found: `the issuer of ${name} is ${wanted}, not ${oidc.issuer}`,
      holds: 'no',
      remedy: `Write oidc: { issuer: "${wanted}" } at cluster ${cluster.key} in the inventory.`,
    };
  return { found: `the context leads to ${name}`, holds: 'yes' };
}

function listing(region: string): string {
  return `Name the cluster in the inventory as it is in AWS:\naws eks list-clusters --region ${region}`;
}
