import { oidcProviderArn } from '../../blueprint/arns';
import type { Answer } from '../../estate/aws/AwsPort';
import { AGENT_ADDON } from '../../blueprint/agents';
import { AGENT_NAMESPACE } from '../evidence/agentAddon';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Ports } from '../../estate/Ports';
import { nodesWithoutAgent } from './agentReady';
import type { Facts } from './Facts';
import { gatherNodeRoles } from './gatherNodeRoles';
import type { Patient } from './Patient';
import { readRole } from './readPermissions';

/** Pods that are over hold no credentials that anyone uses. */
const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

const NOTHING: Answer<readonly never[]> = { ok: true, value: [] };

/** Asks AWS and the cluster all that the checks judge of a patient. Nothing is changed anywhere, and it never rejects. */
export async function gatherFacts(patient: Patient, ports: Ports): Promise<Facts> {
  const { environment, workload, cluster, parts } = patient;
  const { account, partition } = environment;
  const { namespace, serviceAccount } = workload;
  const eks = ports.aws(account, cluster.region);
  const iam = ports.aws(account, environment.region);
  const kubernetes = ports.kubernetes(environment.key, cluster);

  const [found, issuer, serviceAccountFacts, pods, nodes, agentPods, networkPolicies, agent, associations, source] =
    await Promise.all([
      eks.describeCluster(cluster.name),
      kubernetes.issuer(),
      kubernetes.serviceAccount(namespace, serviceAccount.name),
      kubernetes.pods(namespace),
      kubernetes.nodes(),
      kubernetes.pods(AGENT_NAMESPACE),
      kubernetes.networkPolicies(namespace),
      eks.addon(cluster.name, AGENT_ADDON),
      eks.associations(cluster.name, [{ namespace, serviceAccount: serviceAccount.name }]),
      readRole(iam, parts.role.name),
    ]);
  const own = mapped(pods, (all) => all.filter((pod) => isOf(patient, pod)));
  const lost = own.ok && nodes.ok && agentPods.ok ? nodesWithoutAgent(own.value, nodes.value, agentPods.value) : [];
  const [targets, provider, nodeRoles, neighbours] = await Promise.all([
    Promise.all(
      parts.targetRoles.map(async (target) => ({
        target,
        ...(await readRole(ports.aws(target.account, environment.region), target.name)),
      })),
    ),
    cluster.oidc === undefined
      ? undefined
      : iam.oidcProvider(oidcProviderArn(partition, account.id, cluster.oidc.issuer)),
    gatherNodeRoles(patient, eks, iam, { cluster: found, nodes, pods: own }),
    lost.length > 0 ? kubernetes.allPods() : NOTHING,
  ]);
  return {
    cluster: found,
    issuer,
    serviceAccount: serviceAccountFacts,
    pods: own,
    nodes,
    agentPods,
    neighbours,
    networkPolicies,
    agent,
    association: mapped(associations, (all) =>
      all.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name),
    ),
    source,
    targets,
    ...(provider === undefined ? {} : { provider }),
    nodeRoles,
  };
}

function isOf({ workload }: Patient, { serviceAccount, phase, ending }: PodFacts): boolean {
  return serviceAccount === workload.serviceAccount.name && !OVER.has(phase) && !ending;
}

function mapped<T, R>(answer: Answer<T>, change: (value: T) => R): Answer<R> {
  return answer.ok ? { ok: true, value: change(answer.value) } : answer;
}
