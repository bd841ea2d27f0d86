import { agent } from './checks/agent';
import { agentOnNodes } from './checks/agentOnNodes';
import { annotation } from './checks/annotation';
import { association } from './checks/association';
import { cluster } from './checks/cluster';
import { compute } from './checks/compute';
import { credentialChain } from './checks/credentialChain';
import { networkPolicy } from './checks/networkPolicy';
import { nodeRole } from './checks/nodeRole';
import { oidcProvider } from './checks/oidcProvider';
import { permissions } from './checks/permissions';
import { podCredentials } from './checks/podCredentials';
import { proxy } from './checks/proxy';
import { role } from './checks/role';
import { sdk } from './checks/sdk';
import { selfAssume } from './checks/selfAssume';
import { serviceAccount } from './checks/serviceAccount';
import { targetHop } from './checks/targetHop';
import { trust } from './checks/trust';
import type { DoctorCheck } from './DoctorCheck';
import type { Judge } from './Judge';

/** A check of the doctor. */
export interface DoctorRow {
  readonly check: DoctorCheck;
  /** What it makes sure of. */
  readonly asks: string;
  /** Why it matters, in a sentence. */
  readonly explains: string;
  /** Earlier checks whose problem explains a finding of this one. */
  readonly after: readonly DoctorCheck[];
  readonly judge: Judge;
}

/** The checks in the order of causes. `access` is asked with `--action` alone. */
export const DOCTOR_TABLE: readonly (Omit<DoctorRow, 'judge'> & { readonly judge?: Judge })[] = [
  {
    check: 'cluster',
    asks: 'the cluster is there, knows Pod Identity, and is the one to which the context leads',
    explains: 'What another cluster’s pods show says nothing about this one’s.',
    after: [],
    judge: cluster,
  },
  {
    check: 'compute',
    asks: 'its pods are on nodes where the agent can run',
    explains:
      'Fargate and Windows nodes have no agent: with an association, pods there lose IRSA and get nothing instead.',
    after: ['cluster'],
    judge: compute,
  },
  {
    check: 'service-account',
    asks: 'the service account exists',
    explains: 'Annotation and association are read from the service account when a pod is admitted.',
    after: ['cluster'],
    judge: serviceAccount,
  },
  {
    check: 'role',
    asks: 'the role exists, under its path',
    explains: 'Every way to credentials ends at this role.',
    after: [],
    judge: role,
  },
  {
    check: 'agent',
    asks: 'the agent is built in, or its add-on is `ACTIVE`',
    explains: 'The agent on the node is whom an SDK asks for the pod’s credentials.',
    after: ['cluster'],
    judge: agent,
  },
  {
    check: 'agent-on-nodes',
    asks: 'a pod of the agent is ready on the node of each of its pods; nobody else takes port 80 of the node',
    explains: 'An agent elsewhere does not help: the address is local to the node.',
    after: ['cluster', 'compute', 'agent'],
    judge: agentOnNodes,
  },
  {
    check: 'node-role',
    asks: 'the role of its nodes may `eks-auth:AssumeRoleForPodIdentity`, evaluated',
    explains: 'The agent has no role of its own: it asks EKS with that of its node.',
    after: ['cluster', 'compute'],
    judge: nodeRole,
  },
  {
    check: 'association',
    asks: 'the association names this role, its target role and session tags; or there is none, before `dual`',
    explains: 'EKS hands out the role of the association, whatever the annotation says.',
    after: ['cluster'],
    judge: association,
  },
  {
    check: 'oidc-provider',
    asks: 'the cluster’s OIDC provider is in IAM, and takes the audience of IRSA’s tokens',
    explains: 'Without it STS refuses the tokens of the cluster, whatever the role trusts.',
    after: ['cluster'],
    judge: oidcProvider,
  },
  {
    check: 'annotation',
    asks: 'the service account is annotated with this role, or no longer, as the stage says',
    explains: 'Without an association, the annotation alone decides what a new pod gets.',
    after: ['cluster', 'service-account'],
    judge: annotation,
  },
  {
    check: 'trust',
    asks: 'the role’s trust policy lets its pods in by each way that the stage promises, evaluated',
    explains: 'A single condition that fails keeps every pod out, at the next refresh at the latest.',
    after: ['role'],
    judge: trust,
  },
  {
    check: 'permissions',
    asks: 'the role has the policies that the blueprint says, and any at all',
    explains: 'Credentials of a role that may do nothing are refused by every service.',
    after: ['role'],
    judge: permissions,
  },
  {
    check: 'pod-credentials',
    asks: 'its pods have the variables and the projected token of the stage; who was admitted before must be restarted',
    explains: 'A pod is given its way to credentials once, when it is admitted.',
    after: ['cluster', 'compute', 'service-account', 'association', 'annotation'],
    judge: podCredentials,
  },
  {
    check: 'sdk',
    asks: 'the SDK is new enough for Pod Identity',
    explains: 'An older one passes Pod Identity by and takes the node’s role without a word.',
    after: [],
    judge: sdk,
  },
  {
    check: 'credential-chain',
    asks: 'the SDK takes what the pod was given: no keys, profile or web identity before it',
    explains: 'An SDK takes the first credentials that it finds, and does not say which.',
    after: ['cluster', 'pod-credentials', 'sdk'],
    judge: credentialChain,
  },
  {
    check: 'proxy',
    asks: 'no proxy stands between its pods and the agent: `NO_PROXY` has 169.254.170.23, or [fd00:ec2::23]',
    explains: 'A proxy cannot reach the agent: the address is local to the node.',
    after: ['cluster'],
    judge: proxy,
  },
  {
    check: 'network-policy',
    asks: 'no NetworkPolicy shuts its pods off from port 80 of the agent',
    explains: 'A policy that limits egress drops the request for credentials, and the SDK waits and gives up.',
    after: ['cluster'],
    judge: networkPolicy,
  },
  {
    check: 'target-hop',
    asks: 'each target role is reached from what a pod holds, `sts:TagSession` at both ends, evaluated',
    explains: 'Session tags are sent again at every hop, and without sts:TagSession the hop is refused.',
    after: ['role', 'permissions', 'association'],
    judge: targetHop,
  },
  {
    check: 'self-assume',
    asks: 'a role that may assume itself may do so with session tags, too',
    explains: 'An app that assumes its own role needed no sts:TagSession on IRSA, and needs it on Pod Identity.',
    after: ['role', 'trust', 'permissions'],
    judge: selfAssume,
  },
  {
    check: 'access',
    asks: 'with `--action` and `--resource`: what a new pod holds may do it, evaluated',
    explains: 'The role’s own policies, its boundary and the session’s tags decide together.',
    after: ['role', 'association', 'permissions'],
  },
];
