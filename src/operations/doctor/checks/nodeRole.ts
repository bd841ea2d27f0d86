import { decide } from '../../../iam/decide';
import { explain } from '../../../iam/explain';
import { shellWord } from '../../../estate/shellWord';
import { named } from '../../checks/named';
import { awsPlace } from '../../evidence/places';
import type { Judgement } from '../DoctorFinding';
import type { Facts, LivePermissions, NodeRole } from '../Facts';
import { severity } from '../inUse';
import type { Judge } from '../Judge';
import { eksLook, iamLook, ill, kubectlLook, unknown, well } from '../judgement';
import type { Patient } from '../Patient';
import { roleNameOf } from '../readPermissions';

/** What the agent asks for with its node's role. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const ACTION = 'eks-auth:AssumeRoleForPodIdentity';

/** AWS's own policies that allow it: the second for nodes of Auto Mode. */
const POLICY = 'AmazonEKSWorkerNodePolicy';

/** The role of each node on which the workload's pods are may ask EKS for pods' credentials, by an evaluation of its policies. */
export const nodeRole: Judge = (patient, facts) => {
  if (!patient.row.trustsPodIdentity || !facts.pods.ok || !facts.nodes.ok) return [];
  const { nodeRoles } = facts;
  if (!nodeRoles.ok)
    return [
      unknown(
        eksLook(patient, `list-nodegroups --cluster-name ${shellWord(patient.cluster.name)}`),
        'eks:DescribeNodegroup',
        nodeRoles,
      ),
    ];
  const untold = nodeRoles.value.filter(({ arn }) => arn === undefined);
  const roles = new Map<string, NodeRole[]>();
  for (const one of nodeRoles.value)
    if (one.arn !== undefined) roles.set(one.arn, [...(roles.get(one.arn) ?? []), one]);
  return [
    ...[...roles].flatMap(([arn, nodes]) => ofRole(patient, facts, arn, nodes)),
    ...(untold.length > 0 ? [notTold(patient, untold)] : []),
  ];
};

function ofRole(patient: Patient, facts: Facts, arn: string, [first]: readonly NodeRole[]): Judgement[] {
  const name = roleNameOf(arn);
  const look = iamLook(patient, `list-attached-role-policies --role-name ${shellWord(name)}`);
  const permissions = first?.permissions;
  if (permissions === undefined) return [];
  if (!permissions.ok) return [unknown(look, 'iam:ListAttachedRolePolicies', permissions)];
  const state = severity(patient, facts, 'pod-identity');
  if (permissions.value === undefined)
    return [ill(look, state, `the nodes’ role ${arn} does not exist`, 'Give the nodes a role that exists.')];
  const decision = decideFor(patient, arn, permissions.value);
  if (decision.allowed) return [well(look, `${name}, the role of its nodes, may ${ACTION}`)];
  return [
    ill(
      look,
      state,
      `${name}, the role of its nodes, may not ${ACTION}:\n${explain(decision)}`,
      decision.reason === 'explicit deny' || decision.reason.includes('boundary')
        ? `Change the policy that keeps it from ${ACTION}.`
        : `Attach the policy that allows it, where the node role is kept, or by hand:\naws iam attach-role-policy --role-name ${shellWord(name)} --policy-arn arn:${patient.environment.partition}:iam::aws:policy/${POLICY}`,
    ),
  ];
}

function decideFor({ cluster }: Patient, arn: string, { identity, boundary }: LivePermissions) {
  return decide(
    { caller: { kind: 'session', roleArn: arn, sessionName: 'node' }, action: ACTION, resource: cluster.arn },
    { identity, ...(boundary === undefined ? {} : { boundary }) },
  );
}

function notTold(patient: Patient, nodes: readonly NodeRole[]): Judgement {
  const names = nodes.map(({ node }) => node);
  const [first = ''] = names;
  const node = shellWord(`metadata.name=${first}`);
  const provider = kubectlLook(
    patient,
    `get nodes --field-selector ${node} -o jsonpath='{.items[0].spec.providerID}'`,
  ).shows;
  const { environment, cluster } = patient;
  return ill(
    {
      of: awsPlace(environment.account, cluster.region),
      // The last part of the provider id is the instance's id.
      shows: `aws ec2 describe-instances --region ${cluster.region} --instance-ids "$(${provider} | sed 's|.*/||')" --query "Reservations[].Instances[].IamInstanceProfile.Arn"`,
    },
    'warning',
    `${named(names)}: of no managed node group and not of Auto Mode, so that their role cannot be asked for`,
    `Check that the role of that instance profile may ${ACTION}, as with ${POLICY}. The command needs ec2:DescribeInstances.`,
  );
}
