import type { Question } from '../../estate/questions';
import { agent } from './agent';
import { agentOnNodes } from './agentOnNodes';
import { annotation } from './annotation';
import { association } from './association';
import type { CheckFunction } from './Check';
import { cluster } from './cluster';
import { compute } from './compute';
import { credentialChain } from './credentialChain';
import { networkPolicy } from './networkPolicy';
import { nodeRole } from './nodeRole';
import { oidcProvider } from './oidcProvider';
import { permissions } from './permissions';
import { podCredentials } from './podCredentials';
import { proxy } from './proxy';
import { role } from './role';
import { sdk } from './sdk';
import { selfAssume } from './selfAssume';
import { serviceAccount } from './serviceAccount';
import { targetHop } from './targetHop';
import { trust } from './trust';

/** A check of the gates and of the doctor. */
export interface CheckRow {
  /** Its public name. */
  readonly check: string;
  /** What it makes sure of, as Markdown. */
  readonly asks: string;
  /** Why it matters, in one sentence. */
  readonly explains: string;
  /** Earlier checks whose problem explains a result of this one. */
  readonly after: readonly string[];
  /** What it reads, follow-ups included. */
  readonly reads: readonly Question['ask'][];
  /** The doctor uses it. */
  readonly doctor: boolean;
  /** Absent: the function depends on a request, or on a step. */
  readonly run?: CheckFunction;
}

/** Every check in the order of causes: what fails first explains what fails after it. The names are public. */
export const CHECK_TABLE = [
  {
    check: 'cluster',
    asks: 'the cluster exists, knows Pod Identity, and is the one to which the kubeconfig context leads',
    explains: 'The pods of another cluster say nothing about this one.',
    after: [],
    reads: ['cluster', 'issuer'],
    doctor: true,
    run: cluster,
  },
  {
    check: 'compute',
    asks: 'the pods are on nodes where the agent can run',
    explains:
      'Fargate and Windows nodes have no agent: with an association, pods there lose IRSA and get nothing instead.',
    after: ['cluster'],
    reads: ['pods', 'nodes'],
    doctor: true,
    run: compute,
  },
  {
    check: 'service-account',
    asks: 'the service account exists',
    explains: 'EKS reads annotation and association of the service account when a pod is admitted.',
    after: ['cluster'],
    reads: ['serviceAccount'],
    doctor: true,
    run: serviceAccount,
  },
  {
    check: 'role',
    asks: 'the role exists under its path; an adopted role is at the stage of its entry',
    explains: 'Both modes give pods the credentials of this role.',
    after: [],
    reads: ['role', 'association'],
    doctor: true,
    run: role,
  },
  {
    check: 'agent',
    asks: 'the agent is built in (Auto Mode), or its add-on is `ACTIVE`',
    explains: 'An SDK requests the credentials of its pod from the agent on the node.',
    after: ['cluster'],
    reads: ['cluster', 'addon', 'pods', 'role'],
    doctor: true,
    run: agent,
  },
  {
    check: 'agent-on-nodes',
    asks: 'a pod of the agent is ready on the node of each pod, and no other pod takes port 80 of the node',
    explains: 'An agent on another node does not help: its address is local to the node.',
    after: ['cluster', 'compute', 'agent'],
    reads: ['pods', 'nodes', 'allPods'],
    doctor: true,
    run: agentOnNodes,
  },
  {
    check: 'node-role',
    asks: 'the role of the nodes allows `eks-auth:AssumeRoleForPodIdentity`, evaluated',
    explains: 'The agent has no role of its own: it calls EKS with the role of its node.',
    after: ['cluster', 'compute'],
    reads: ['pods', 'nodes', 'cluster', 'nodeGroups', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: true,
    run: nodeRole,
  },
  {
    check: 'association',
    asks: 'the association names this role, its target role, session tags and owner; before `dual` there is none',
    explains: 'EKS gives pods the role of the association, whatever the annotation says.',
    after: ['cluster'],
    reads: ['association', 'role'],
    doctor: true,
    run: association,
  },
  {
    check: 'oidc-provider',
    asks: 'IAM has the OIDC provider of the cluster, and the provider accepts the audience of IRSA’s tokens',
    explains: 'Without it STS denies the tokens of the cluster, whatever the trust policy says.',
    after: ['cluster'],
    reads: ['oidcProvider', 'pods', 'role'],
    doctor: true,
    run: oidcProvider,
  },
  {
    check: 'annotation',
    asks: 'the annotation of the service account names this role, or is gone, as the stage says',
    explains: 'Without an association, the annotation alone decides what a new pod gets.',
    after: ['cluster', 'service-account'],
    reads: ['serviceAccount'],
    doctor: true,
    run: annotation,
  },
  {
    check: 'trust',
    asks: 'the trust policy allows the pods to assume the role in each mode that the stage promises, evaluated',
    explains: 'One condition that fails denies every pod the role, at the next refresh at the latest.',
    after: ['role'],
    reads: ['role', 'pods', 'association'],
    doctor: true,
    run: trust,
  },
  {
    check: 'permissions',
    asks: 'the role has the policies that the inventory says, and at least one',
    explains: 'AWS denies everything to a role without permissions.',
    after: ['role'],
    reads: ['rolePolicies', 'role'],
    doctor: true,
    run: permissions,
  },
  {
    check: 'pod-credentials',
    asks: 'the pods have the variables and the projected token of the stage; pods from before must be restarted',
    explains: 'A pod receives its mode once, when it is admitted.',
    after: ['cluster', 'compute', 'service-account', 'association', 'annotation'],
    reads: ['pods'],
    doctor: true,
    run: podCredentials,
  },
  {
    check: 'sdk',
    asks: 'the SDK is new enough for Pod Identity',
    explains: 'An older SDK ignores Pod Identity and uses the role of the node without a message.',
    after: [],
    reads: [],
    doctor: true,
    run: sdk,
  },
  {
    check: 'credential-chain',
    asks: 'the SDK uses what the pod received: no keys, profile or web identity come first',
    explains: 'An SDK uses the first credentials that it finds, and does not say which.',
    after: ['cluster', 'pod-credentials', 'sdk'],
    reads: ['pods'],
    doctor: true,
    run: credentialChain,
  },
  {
    check: 'proxy',
    asks: 'no proxy is between the pods and the agent: `NO_PROXY` has 169.254.170.23, or [fd00:ec2::23]',
    explains: 'A proxy cannot reach the agent: its address is local to the node.',
    after: ['cluster'],
    reads: ['pods'],
    doctor: true,
    run: proxy,
  },
  {
    check: 'network-policy',
    asks: 'no NetworkPolicy blocks the pods from port 80 of the agent',
    explains: 'A policy that limits egress drops the request for credentials, and the SDK waits and gives up.',
    after: ['cluster'],
    reads: ['pods', 'networkPolicies'],
    doctor: true,
    run: networkPolicy,
  },
  {
    check: 'target-hop',
    asks: 'pods can assume each target role, with `sts:TagSession` at both ends, evaluated',
    explains: 'STS sends session tags again at every hop, and denies the hop without `sts:TagSession`.',
    after: ['role', 'permissions', 'association'],
    reads: ['role', 'pods', 'association', 'rolePolicies', 'managedPolicy'],
    doctor: true,
    run: targetHop,
  },
  {
    check: 'self-assume',
    asks: 'a role that can assume itself can do so with session tags too',
    explains: 'An app that assumes its own role needs no `sts:TagSession` on IRSA, and needs it on Pod Identity.',
    after: ['role', 'trust', 'permissions'],
    reads: ['role', 'association', 'rolePolicies', 'managedPolicy'],
    doctor: true,
    run: selfAssume,
  },
  {
    check: 'access',
    asks: 'with `--action` and `--resource`: a new pod may do it, evaluated',
    explains: 'The policies of the role, its boundary and the session tags decide together.',
    after: ['role', 'association', 'permissions'],
    reads: ['association', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: true,
  },
] as const satisfies readonly CheckRow[];

export type CheckName = (typeof CHECK_TABLE)[number]['check'];
