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
  /** What the doctor runs. Absent: the gate alone has the check, or it depends on a request (`access`). */
  readonly run?: CheckFunction;
}

/** Every check in the order of causes: what fails first explains what fails after it. The names are public. */
export const CHECK_TABLE = [
  {
    check: 'cluster',
    asks: 'the cluster exists, supports Pod Identity, and is the cluster of the kubeconfig context',
    explains: 'The pods of another cluster are no evidence for this one.',
    after: [],
    reads: ['cluster', 'issuer'],
    run: cluster,
  },
  {
    check: 'compute',
    asks: 'the pods are on nodes where the agent can run',
    explains:
      'Fargate and Windows nodes have no agent: with an association, pods there lose IRSA and get nothing instead.',
    after: ['cluster'],
    reads: ['pods', 'nodes'],
    run: compute,
  },
  {
    check: 'service-account',
    asks: 'the service account exists',
    explains: 'EKS reads the annotation and the association of the service account when a pod is admitted.',
    after: ['cluster'],
    reads: ['serviceAccount'],
    run: serviceAccount,
  },
  {
    check: 'role',
    asks: 'the role exists under its path; an adopted role is at the stage of its entry',
    explains: 'Both modes give pods the credentials of this role.',
    after: [],
    reads: ['role', 'association'],
    run: role,
  },
  {
    check: 'agent',
    asks: 'the agent is built in (Auto Mode), or its add-on is `ACTIVE`',
    explains: 'An SDK requests the credentials of its pod from the agent on the node.',
    after: ['cluster'],
    reads: ['cluster', 'addon', 'pods', 'role'],
    run: agent,
  },
  {
    check: 'agent-on-nodes',
    asks: 'a pod of the agent is ready on the node of each pod, and no other pod uses port 80 of the node',
    explains: 'An agent on another node does not help: its address is local to the node.',
    after: ['cluster', 'compute', 'agent'],
    reads: ['pods', 'nodes', 'allPods'],
    run: agentOnNodes,
  },
  {
    check: 'node-role',
    asks: 'the role of the nodes allows `eks-auth:AssumeRoleForPodIdentity`, evaluated',
    explains: 'The agent has no role of its own: it calls EKS with the role of its node.',
    after: ['cluster', 'compute'],
    reads: ['pods', 'nodes', 'cluster', 'nodeGroups', 'role', 'rolePolicies', 'managedPolicy'],
    run: nodeRole,
  },
  {
    check: 'association',
    asks: 'the association names this role, its target role, session tags and owner; before `dual` there is none',
    explains: 'EKS gives pods the role of the association, whatever the annotation says.',
    after: ['cluster'],
    reads: ['association', 'role'],
    run: association,
  },
  {
    check: 'oidc-provider',
    asks: 'IAM has the OIDC provider of the cluster, and the provider accepts the audience of IRSA’s tokens',
    explains: 'Without it STS denies the tokens of the cluster, whatever the trust policy says.',
    after: ['cluster'],
    reads: ['oidcProvider', 'pods', 'role'],
    run: oidcProvider,
  },
  {
    check: 'annotation',
    asks: 'the annotation of the service account names this role, or is removed, depending on the stage',
    explains: 'Without an association, the annotation alone decides what a new pod gets.',
    after: ['cluster', 'service-account'],
    reads: ['serviceAccount'],
    run: annotation,
  },
  {
    check: 'trust',
    asks: 'the trust policy allows the pods to assume the role in each mode of the stage, evaluated',
    explains: 'One condition that fails denies every pod the role, at the next refresh at the latest.',
    after: ['role'],
    reads: ['role', 'pods', 'association'],
    run: trust,
  },
  {
    check: 'permissions',
    asks: 'the role has the policies of the inventory, and at least one policy',
    explains: 'AWS denies everything to a role without permissions.',
    after: ['role'],
    reads: ['rolePolicies', 'role'],
    run: permissions,
  },
  {
    check: 'pod-credentials',
    asks: 'the pods have the variables and the projected token of the stage; older pods must be restarted',
    explains: 'The EKS webhook sets the mode of a pod once, when the pod is admitted.',
    after: ['cluster', 'compute', 'service-account', 'association', 'annotation'],
    reads: ['pods'],
    run: podCredentials,
  },
  {
    check: 'sdk',
    asks: 'the SDK is new enough for Pod Identity',
    explains: 'An older SDK ignores Pod Identity and uses the role of the node without a message.',
    after: [],
    reads: [],
    run: sdk,
  },
  {
    check: 'credential-chain',
    asks: 'the SDK uses the credentials that the pod received: no access keys, profile or web identity take precedence',
    explains: 'An SDK uses the first credentials that it finds, and does not report which.',
    after: ['cluster', 'pod-credentials', 'sdk'],
    reads: ['pods'],
    run: credentialChain,
  },
  {
    check: 'proxy',
    asks: 'no proxy is between the pods and the agent: `NO_PROXY` has 169.254.170.23, or [fd00:ec2::23]',
    explains: 'A proxy cannot reach the agent: its address is local to the node.',
    after: ['cluster'],
    reads: ['pods'],
    run: proxy,
  },
  {
    check: 'network-policy',
    asks: 'no NetworkPolicy blocks the pods from port 80 of the agent',
    explains: 'A policy that limits egress drops the request for credentials, and the SDK waits and gives up.',
    after: ['cluster'],
    reads: ['pods', 'networkPolicies'],
    run: networkPolicy,
  },
  {
    check: 'target-hop',
    asks: 'pods can assume each target role, with `sts:TagSession` at both ends, evaluated',
    explains: 'STS sends session tags again at every hop, and denies the hop without `sts:TagSession`.',
    after: ['role', 'permissions', 'association'],
    reads: ['role', 'pods', 'association', 'rolePolicies', 'managedPolicy'],
    run: targetHop,
  },
  {
    check: 'self-assume',
    asks: 'a role that can assume itself can do so with session tags too',
    explains: 'An app that assumes its own role needs no `sts:TagSession` on IRSA, and needs it on Pod Identity.',
    after: ['role', 'trust', 'permissions'],
    reads: ['role', 'association', 'rolePolicies', 'managedPolicy'],
    run: selfAssume,
  },
  {
    check: 'access',
    asks: 'with `--action` and `--resource`: a new pod is allowed to do the action on the resource, evaluated',
    explains: 'The policies of the role, its boundary and the session tags decide together.',
    after: ['role', 'association', 'permissions'],
    reads: ['association', 'role', 'rolePolicies', 'managedPolicy'],
  },
  {
    check: 'adoption',
    asks: 'an adopted role is at most one step from its stage, and its first apply removes nothing that is not in the entry',
    explains: 'The first apply writes the role as the entry says, and removes the rest.',
    after: [],
    reads: ['role', 'association', 'rolePolicies'],
  },
  {
    check: 'trust-length',
    asks: 'every trust policy fits the quota of its account at all later stages',
    explains: 'IAM rejects a trust policy that is longer than the quota.',
    after: [],
    reads: [],
  },
  {
    check: 'soak',
    asks: 'the stage has lasted at least the `soak` of the wave',
    explains: 'Some problems show only after days: a job that runs once a week, a pod that never restarts.',
    after: [],
    reads: [],
  },
  {
    check: 'web-identity-unused',
    asks: 'no pod has assumed the role through web identity since the stage began',
    explains: 'Pods that still use web identity lose the role at the next stage.',
    after: [],
    reads: ['events'],
  },
  {
    check: 'role-used',
    asks: 'the role was used since the stage began',
    explains: 'An unused role is no evidence that the new mode works.',
    after: [],
    reads: ['role', 'events'],
  },
  {
    check: 'restart-needed',
    asks: 'running pods keep their credentials after the step back, or the remedy restarts them',
    explains: 'Pods keep the mode that they received, and a step back can remove that mode.',
    after: [],
    reads: ['pods'],
  },
  {
    check: 'wave-order',
    asks: 'waves keep their order',
    explains: 'Later waves move only after the earlier ones showed no problem.',
    after: [],
    reads: [],
  },
] as const satisfies readonly CheckRow[];

export type CheckName = (typeof CHECK_TABLE)[number]['check'];
