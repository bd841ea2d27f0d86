import { timeContext } from '../../comparison/access';
import { cannotMove, computeOf, nodesOf } from '../../comparison/nodes';
import { need } from '../../estate/ask';
import type { NodeGroupFacts } from '../../estate/aws/AwsPort';
import type { NodeFacts } from '../../estate/kubernetes/KubernetesPort';
import { decide } from '../../iam/decide';
import { explain } from '../../iam/explain';
import { aws, named } from '../remedies';
import {
  type CheckAsk,
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  pass,
  usesPodIdentity,
  type WorkloadOnCluster,
} from './Check';
import { ownPods, severity } from './pods';
import { needPermissions } from './rolePermissions';

/** What the agent requests with the role of its node. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const ACTION = 'eks-auth:AssumeRoleForPodIdentity';

/** AWS's own policy that allows it. */
const POLICY = 'AmazonEKSWorkerNodePolicy';

/**
 * The role of each node on which the workload's pods are can request credentials for pods from EKS, by an evaluation of its policies. The role of a managed
 * node group is known by the node's label, that of Auto Mode by the cluster. Of other nodes (self-managed, Karpenter's, hybrid) the API does not tell the role.
 */
export const nodeRole: CheckFunction = (subject) => {
  const { row, questions, next } = subject;
  if (next === undefined ? !row.trustsPodIdentity : !usesPodIdentity(subject)) return [];
  return need([questions.pods, questions.nodes], (pods, all) => {
    const used = new Set(nodesOf(ownPods(subject, pods)));
    const nodes = all.filter((node) => used.has(node.name) && !cannotMove(computeOf(node)));
    if (nodes.length === 0) return [];
    const state = severity(subject, { ok: true, value: pods }, 'pod-identity');
    return need([questions.cluster], (facts) => {
      const judged = (groups: readonly NodeGroupFacts[]) =>
        judgeRoles(subject, state, nodes, (node) =>
          computeOf(node) === 'auto'
            ? facts?.nodeRoleArn
            : groups.find(({ name }) => name === node.nodeGroup)?.nodeRole,
        );
      if (nodes.every(({ nodeGroup }) => nodeGroup === undefined)) return judged([]);
      return need([{ ask: 'nodeGroups', cluster: questions.cluster.cluster }], judged);
    });
  });
};

function judgeRoles(
  subject: WorkloadOnCluster,
  state: 'problem' | 'warning',
  nodes: readonly NodeFacts[],
  roleOf: (node: NodeFacts) => string | undefined,
): readonly (CheckResult | CheckAsk)[] {
  const roles = new Set(nodes.flatMap((node) => roleOf(node) ?? []));
  const others = nodes.filter((node) => roleOf(node) === undefined).map(({ name }) => name);
  return [
    ...[...roles].map((arn) => judgeRole(subject, state, arn)),
    ...(others.length > 0 ? [withoutRole(subject, others)] : []),
  ];
}

function judgeRole(
  { environment: { account, partition }, cluster, now }: WorkloadOnCluster,
  state: 'problem' | 'warning',
  arn: string,
): CheckAsk {
  // IAM has one role of a name in an account, whatever its path.
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return needPermissions(account, name, (found) => {
    if (found === undefined)
      return fail(state, `the role of the nodes ${arn} does not exist`, 'Give the nodes a role that exists.');
    const { role, identity, boundary } = found;
    const tags = Object.entries(role.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value] as const);
    const context = { ...(now && timeContext(now)), ...Object.fromEntries(tags) };
    const caller = { kind: 'session', roleArn: arn, sessionName: 'node' } as const;
    const decision = decide(
      { caller, action: ACTION, resource: cluster.arn, context, completeKeys: ['aws:PrincipalTag/'] },
      { identity, ...(boundary && { boundary }) },
    );
    if (decision.allowed) return pass(`${name}, the role of its nodes, allows ${ACTION}`);
    if (decision.dependsOn !== undefined)
      return depends(`whether ${name}, the role of its nodes, allows ${ACTION}`, decision.dependsOn);
    const denies = decision.reason === 'explicit deny' || decision.reason === 'permissions boundary does not allow it';
    const policy = `arn:${partition}:iam::aws:policy/${POLICY}`;
    return fail(
      state,
      `${name}, the role of its nodes, does not allow ${ACTION}:\n${explain(decision)}`,
      denies
        ? `Change the policy that denies ${ACTION}.`
        : [
            'Attach the policy that allows it, where the role of the nodes is managed, or by hand:',
            aws(account)`iam attach-role-policy --role-name ${name} --policy-arn ${policy}`,
          ],
    );
  });
}

function withoutRole({ environment, cluster }: WorkloadOnCluster, nodes: readonly string[]): CheckResult {
  const [first = ''] = nodes;
  return fail(
    'warning',
    `the EKS API does not show the role of ${named(nodes)}: not in a managed node group, and not in Auto Mode`,
    `Check that the role of that instance profile allows ${ACTION}, as ${POLICY} does. The command needs ec2:DescribeInstances.`,
    {
      // A node has the private DNS name of its instance. Source: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html (EC2PrivateDNSName)
      inspect: aws(environment.account)`ec2 describe-instances --region ${cluster.region}
        --filters Name=private-dns-name,Values=${first}
        --query Reservations[].Instances[].IamInstanceProfile.Arn`,
    },
  );
}
