import { agentPod, podOf } from '../agreedWorld';
import { containerOf } from '../facts';
import { ACCOUNT, NODE_POLICY } from './doctorWorld';
import type { Fault } from './Fault';

const CLUSTER = 'prod-main';

export const AGENT_FAULTS: readonly Fault[] = [
  {
    name: 'the add-on is not there',
    stage: 'dual',
    break: (world) => {
      world.addons = {};
      world.pods = world.pods.filter(({ app }) => app === undefined);
    },
    notes: ['agent problem', '(agent-on-nodes problem after agent)'],
    found: /no add-on eks-pod-identity-agent/,
    fix: /npx cdktf apply prod-identity/,
  },
  {
    name: 'the add-on is not there, and nobody needs it yet',
    stage: 'prepared',
    break: (world) => (world.addons = {}),
    notes: ['agent warning'],
    found: /no add-on/,
    fix: /cdktf apply/,
  },
  {
    name: 'the add-on is degraded',
    stage: 'dual',
    break: (world) => (world.addons[CLUSTER] = { ...world.addons[CLUSTER]!, status: 'DEGRADED', issues: ['no IPv6'] }),
    notes: ['agent problem'],
    found: /is DEGRADED: no IPv6/,
    fix: /aws eks wait addon-active/,
  },
  {
    name: 'the cluster has left Auto Mode',
    stage: 'dual',
    setting: { cluster: { autoMode: true } },
    break: (world) => (world.clusters[CLUSTER] = { ...world.clusters[CLUSTER]!, autoMode: false }),
    notes: ['agent problem'],
    found: /the cluster is not in Auto Mode/,
    fix: /remove autoMode/,
  },
  {
    name: 'the agent does not run on the node',
    stage: 'dual',
    break: (world) => (world.pods = world.pods.filter(({ app }) => app === undefined)),
    notes: ['agent-on-nodes problem'],
    found: /no pod of the agent is on node-1/,
    fix: /needs the verb get on daemonsets:\n.*get nodes --field-selector metadata\.name=node-1 -o yaml\n.*get daemonset/,
  },
  {
    name: 'the agent on the node is not ready',
    stage: 'dual',
    break: (world) =>
      (world.pods = world.pods.map((pod) => (pod.app === undefined ? pod : agentPod('node-1', { ready: false })))),
    notes: ['agent-on-nodes problem'],
    found: /agent-node-1 on node-1 is Running, not ready/,
    fix: /needs the verb get on pods and pods\/log:\n.*logs agent-node-1/,
  },
  {
    name: 'another pod takes port 80 of the node',
    stage: 'dual',
    break: (world) =>
      (world.pods = [
        ...world.pods.filter(({ app }) => app === undefined),
        agentPod('node-1', { ready: false }),
        podOf({ namespace: 'edge', name: 'ingress', containers: [containerOf({ hostPorts: [80] })] }),
        podOf({ namespace: 'edge', name: 'far', node: 'node-9', containers: [containerOf({ hostPorts: [80] })] }),
      ]),
    notes: ['agent-on-nodes problem'],
    found: /edge\/ingress takes port 80/,
    fix: /another host port/,
  },
  {
    name: 'the node role has lost its policy',
    stage: 'dual',
    break: (world) => (world.rolePolicies[`${ACCOUNT}/nodes`] = { attached: [], inline: {} }),
    notes: ['node-role problem'],
    found: /nodes, the role of its nodes, does not allow eks-auth:AssumeRoleForPodIdentity/,
    fix: new RegExp(`attach-role-policy --role-name nodes --policy-arn ${NODE_POLICY}`),
  },
  {
    name: 'the node role of Auto Mode has lost its policy',
    stage: 'dual',
    setting: { cluster: { autoMode: true } },
    break: (world) => (world.rolePolicies[`${ACCOUNT}/nodes`] = { attached: [], inline: {} }),
    notes: ['node-role problem'],
    found: /does not allow eks-auth/,
    fix: /attach-role-policy/,
  },
  {
    name: 'the node role’s boundary does not allow it',
    stage: 'dual',
    break: (world) => {
      const boundary = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
      world.managedPolicies[boundary] = { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } };
      world.roles[`${ACCOUNT}/nodes`] = { ...world.roles[`${ACCOUNT}/nodes`]!, permissionsBoundary: boundary };
    },
    notes: ['node-role problem'],
    found: /permissions boundary does not allow it/,
    fix: /Change the policy/,
  },
  {
    name: 'the node is of no node group',
    stage: 'dual',
    break: (world) => (world.nodes = [{ name: 'node-1', os: 'linux' }]),
    notes: ['node-role warning'],
    found: /the role of node-1: not in a managed node group/,
    fix: /^Check that the role of that instance profile allows eks-auth:AssumeRoleForPodIdentity[^\n]*$/,
  },
];
