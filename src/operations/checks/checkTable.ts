import type { Question } from '../../estate/questions';
import type { StepCheck } from '../gate/Step';
import { adoption } from './adoption';
import { admission } from './admission';
import { agent } from './agent';
import { agentOnNodes } from './agentOnNodes';
import { annotation } from './annotation';
import { annotationReaders } from './annotationReaders';
import { association } from './association';
import type { CheckFunction } from './Check';
import { cluster } from './cluster';
import { compute } from './compute';
import { controllers } from './controllers';
import { credentialChain, hardCodedVariables } from './credentialChain';
import { eksAuthRate } from './eksAuthRate';
import { expandedAccounts, expandedAccountsOfStep } from './expandedAccounts';
import { networkPolicy } from './networkPolicy';
import { nodeRole } from './nodeRole';
import { oidcProvider } from './oidcProvider';
import { permissions } from './permissions';
import { podCredentials } from './podCredentials';
import { proxy } from './proxy';
import { restartNeeded } from './restartNeeded';
import { role } from './role';
import { roleUsed } from './roleUsed';
import { sdk } from './sdk';
import { selfAssume } from './selfAssume';
import { serviceAccount } from './serviceAccount';
import { sessionKeys } from './sessionKeys';
import { sessionName } from './sessionName';
import { soak } from './soak';
import { targetHop } from './targetHop';
import { trust } from './trust';
import { trustLength } from './trustLength';
import { undeclaredHop } from './undeclaredHop';
import { waveOrder } from './waveOrder';
import { webIdentityUnused } from './webIdentityUnused';

/** A check of the gates and of the doctor. */
export interface CheckRow {
  /** What it makes sure of, as Markdown. */
  readonly asks: string;
  /** Why it matters, in one sentence. */
  readonly explains: string;
  /** Earlier checks whose problem explains a result of this one. */
  readonly after: readonly string[];
  /** What it reads, follow-ups included. */
  readonly reads: readonly Question['ask'][];
  /** What the doctor runs. Absent: the gate alone has the check, or it depends on a request (`access`). */
  readonly doctor?: CheckFunction;
  /** The check runs only with this option: it needs a permission that reading does not. */
  readonly onlyWith?: '--admission';
  /** What the gate runs; absent: the doctor alone has the check. */
  readonly gate?: GateCheck;
}

/** A check of the gate: of each workload on each of its clusters, or of the step as a whole. */
export type GateCheck =
  | {
      readonly check: CheckFunction;
      /** What its results are about; equal results are given once. */
      readonly about: 'cluster' | 'workload' | 'workload on cluster';
      /** A check of the doctor that can fail after a step back too: there it finds what costs pods the credentials that they get back. */
      readonly back?: true;
    }
  | { readonly stepCheck: StepCheck };

const TABLE = {
  cluster: {
    asks: 'the cluster exists, supports Pod Identity, and is the cluster of the kubeconfig context',
    explains: 'The pods of another cluster are no evidence for this one.',
    after: [],
    reads: ['cluster', 'issuer'],
    doctor: cluster,
    gate: { check: cluster, about: 'cluster' },
  },
  compute: {
    asks: 'the pods are on nodes where the agent can run',
    explains:
      'Fargate and Windows nodes have no agent: with an association, pods there lose IRSA and get nothing instead.',
    after: ['cluster'],
    reads: ['pods', 'templates', 'nodes', 'addon'],
    doctor: compute,
    gate: { check: compute, about: 'workload on cluster' },
  },
  'service-account': {
    asks: 'the service account exists',
    explains: 'EKS reads the annotation and the association of the service account when a pod is admitted.',
    after: ['cluster'],
    reads: ['serviceAccount'],
    doctor: serviceAccount,
    gate: { check: serviceAccount, about: 'workload on cluster' },
  },
  role: {
    asks: 'the role exists under its path; an adopted role is at the stage of its entry',
    explains: 'Both modes give pods the credentials of this role.',
    after: [],
    reads: ['role', 'association'],
    doctor: role,
    gate: { check: role, about: 'workload' },
  },
  agent: {
    asks: 'the agent is built in (Auto Mode), or its add-on is `ACTIVE`',
    explains: 'An SDK requests the credentials of its pod from the agent on the node.',
    after: ['cluster'],
    reads: ['cluster', 'addon', 'pods', 'role'],
    doctor: agent,
    gate: { check: agent, about: 'cluster' },
  },
  'agent-on-nodes': {
    asks: 'a pod of the agent is ready on the node of each pod, can run on each node that may run the workload, and no other pod uses port 80 or 2703 of the node',
    explains: 'An agent on another node does not help: its address is local to the node.',
    after: ['cluster', 'compute', 'agent'],
    reads: ['pods', 'templates', 'nodes', 'allPods'],
    doctor: agentOnNodes,
    gate: { check: agentOnNodes, about: 'workload on cluster' },
  },
  'node-role': {
    asks: 'the role of the nodes allows `eks-auth:AssumeRoleForPodIdentity`, evaluated',
    explains: 'The agent has no role of its own: it calls EKS with the role of its node.',
    after: ['cluster', 'compute'],
    reads: ['pods', 'nodes', 'cluster', 'nodeGroups', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: nodeRole,
    gate: { check: nodeRole, about: 'cluster' },
  },
  association: {
    asks: 'the association names this role, its target role, session tags and owner; before `dual` there is none',
    explains: 'EKS gives pods the role of the association, whatever the annotation says.',
    after: ['cluster'],
    reads: ['association', 'role', 'serviceAccount'],
    doctor: association,
    gate: { check: association, about: 'workload on cluster' },
  },
  'oidc-provider': {
    asks: 'IAM has the OIDC provider of the cluster, and the provider accepts the audience of IRSA’s tokens',
    explains: 'Without it STS denies the tokens of the cluster, whatever the trust policy says.',
    after: ['cluster'],
    reads: ['oidcProvider', 'pods', 'role'],
    doctor: oidcProvider,
    gate: { check: oidcProvider, about: 'cluster', back: true },
  },
  annotation: {
    asks: 'the annotation of the service account names this role, or is removed, depending on the stage',
    explains: 'Without an association, the annotation alone decides what a new pod gets.',
    after: ['cluster', 'service-account'],
    reads: ['serviceAccount', 'role'],
    doctor: annotation,
    gate: { check: annotation, about: 'workload on cluster' },
  },
  trust: {
    asks: 'the trust policy allows the pods to assume the role in each mode of the stage, evaluated',
    explains: 'One condition that fails denies every pod the role, at the next refresh at the latest.',
    after: ['role'],
    reads: ['role', 'pods', 'association', 'serviceAccount'],
    doctor: trust,
    gate: { check: trust, about: 'workload on cluster' },
  },
  permissions: {
    asks: 'the role has the policies of the inventory, and at least one policy; before a step also: nothing takes back what they give',
    explains: 'AWS denies everything to a role without permissions.',
    after: ['role'],
    reads: ['rolePolicies', 'role', 'managedPolicy'],
    doctor: permissions,
    gate: { check: permissions, about: 'workload' },
  },
  'pod-credentials': {
    asks: 'the pods have the variables and the projected token of the stage; older pods must be restarted',
    explains: 'The EKS webhook sets the mode of a pod once, when the pod is admitted.',
    after: ['cluster', 'compute', 'service-account', 'association', 'annotation'],
    reads: ['pods'],
    doctor: podCredentials,
    gate: { check: podCredentials, about: 'workload on cluster' },
  },
  sdk: {
    asks: 'the SDK is new enough for Pod Identity',
    explains: 'An older SDK ignores Pod Identity and uses the role of the node without a message.',
    after: [],
    reads: [],
    doctor: sdk,
    gate: { check: sdk, about: 'workload' },
  },
  'credential-chain': {
    asks: 'the SDK uses the credentials that the pod receives, by pods and pod templates: no access keys, profile or web identity take precedence',
    explains: 'An SDK uses the first credentials that it finds, and does not report which.',
    after: ['cluster', 'pod-credentials', 'sdk'],
    reads: ['pods', 'templates', 'configMap', 'secret'],
    doctor: credentialChain,
    gate: { check: hardCodedVariables, about: 'workload on cluster' },
  },
  controllers: {
    asks: 'no known controller uses the role in a way that the move ends: a token for the service account, the annotation, a field of its own, an old version',
    explains: 'Controllers such as External Secrets assume the role of a service account from their own pods.',
    after: ['cluster', 'service-account'],
    reads: ['pods', 'templates', 'allTemplates', 'apiGroups', 'customObjects'],
    doctor: controllers,
    gate: { check: controllers, about: 'workload on cluster', back: true },
  },
  proxy: {
    asks: 'no proxy is between the pods and the agent: `NO_PROXY` has 169.254.170.23, or [fd00:ec2::23]',
    explains: 'A proxy cannot reach the agent: its address is local to the node.',
    after: ['cluster'],
    reads: ['cluster', 'pods', 'templates', 'configMap', 'secret'],
    doctor: proxy,
    gate: { check: proxy, about: 'workload on cluster' },
  },
  'network-policy': {
    asks: 'no NetworkPolicy blocks the pods from port 80 of the agent, and no policy of another engine may',
    explains: 'A policy that limits egress drops the request for credentials, and the SDK waits and gives up.',
    after: ['cluster'],
    reads: ['cluster', 'pods', 'templates', 'allTemplates', 'networkPolicies', 'apiGroups', 'enginePolicies'],
    doctor: networkPolicy,
    gate: { check: networkPolicy, about: 'workload on cluster' },
  },
  'target-hop': {
    asks: 'pods can assume each target role, with `sts:TagSession` at both ends, evaluated',
    explains: 'STS sends session tags again at every hop, and denies the hop without `sts:TagSession`.',
    after: ['role', 'permissions', 'association'],
    reads: ['role', 'pods', 'association', 'rolePolicies', 'managedPolicy'],
    doctor: targetHop,
    gate: { check: targetHop, about: 'workload on cluster', back: true },
  },
  'self-assume': {
    asks: 'a role that can assume itself can do so with session tags too',
    explains: 'An app that assumes its own role needs no `sts:TagSession` on IRSA, and needs it on Pod Identity.',
    after: ['role', 'trust', 'permissions'],
    reads: ['role', 'association', 'rolePolicies', 'managedPolicy'],
    doctor: selfAssume,
    gate: { check: selfAssume, about: 'workload on cluster' },
  },
  'undeclared-hop': {
    asks: 'a role that the policies name for `sts:AssumeRole`, and that is no target, accepts sessions with session tags, evaluated',
    explains:
      'An app that assumes a role of its own choice needs no `sts:TagSession` on IRSA, and needs it on Pod Identity.',
    after: ['role', 'permissions', 'association'],
    reads: ['association', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: undeclaredHop,
    gate: { check: undeclaredHop, about: 'workload on cluster' },
  },
  'session-keys': {
    asks: 'the policies and the boundary of the role, and the resource policies that the inventory lists, mean the same for the sessions of IRSA and of Pod Identity, evaluated',
    explains: 'The sessions of the two modes carry other condition keys, and have another name.',
    after: ['role', 'permissions', 'association'],
    reads: ['association', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: sessionKeys,
    gate: { check: sessionKeys, about: 'workload on cluster' },
  },
  'session-name': {
    asks: 'nothing relies on the name of the session: no `AWS_ROLE_SESSION_NAME` in pods and pod templates, and no permission for Amazon MSK',
    explains: 'EKS names the sessions of Pod Identity, and each refresh of the credentials brings a new name.',
    after: ['role', 'permissions'],
    reads: ['pods', 'templates', 'configMap', 'secret', 'role', 'rolePolicies', 'managedPolicy'],
    doctor: sessionName,
    gate: { check: sessionName, about: 'workload on cluster' },
  },
  access: {
    asks: 'with `--action` and `--resource`: a new pod is allowed to do the action on the resource, evaluated',
    explains: 'The policies of the role, its boundary and the session tags decide together.',
    after: ['role', 'association', 'permissions'],
    reads: ['association', 'role', 'rolePolicies', 'managedPolicy'],
  },
  admission: {
    asks: 'with `--admission`: the EKS webhook gives a new pod the credentials of the stage, by a dry run',
    explains: 'The webhook sees an association late, and decides for the whole life of a pod.',
    after: ['cluster', 'service-account', 'association', 'annotation'],
    reads: ['admission'],
    onlyWith: '--admission',
    doctor: admission,
    gate: { check: admission, about: 'workload on cluster' },
  },
  adoption: {
    asks: 'an adopted role is at most one step from its stage, and its first apply removes nothing that is not in the entry; no other controller owns what podlift changes, by the tags',
    explains: 'The first apply writes the role as the entry says, and removes the rest.',
    after: [],
    reads: ['role', 'association', 'oidcProvider', 'rolePolicies'],
    gate: { stepCheck: adoption },
  },
  'trust-length': {
    asks: 'every trust policy fits the quota of its account at all later stages',
    explains: 'IAM rejects a trust policy that is longer than the quota.',
    after: [],
    reads: [],
    gate: { stepCheck: trustLength },
  },
  'annotation-readers': {
    asks: 'nobody else reads the annotation: no web identity session of the role in the last 24 hours, or in the soak if that is longer',
    explains:
      'Controllers such as External Secrets assume the role from their own pods, and lose it with the annotation.',
    after: [],
    reads: ['role', 'pods', 'templates', 'allTemplates', 'apiGroups', 'customObjects', 'events'],
    gate: { stepCheck: annotationReaders },
  },
  'expanded-accounts': {
    asks: 'each service account that a pattern of the workload admits is in `expanded`; a workload with patterns gives a reason to leave `dual`',
    explains:
      'An association names one service account: a new one that a pattern admits has none until the next `podlift expand`.',
    after: ['cluster'],
    reads: ['serviceAccounts', 'associations'],
    doctor: expandedAccounts,
    gate: { stepCheck: expandedAccountsOfStep },
  },
  soak: {
    asks: 'the stage has lasted at least the `soak` of the wave, since AWS and the clusters had it; each CronJob has run in it',
    explains: 'Some problems show only after days: a job that runs once a week, a pod that never restarts.',
    after: [],
    reads: ['role', 'association', 'serviceAccount', 'events', 'templates'],
    gate: { stepCheck: soak },
  },
  'web-identity-unused': {
    asks: 'no pod has assumed the role through web identity since the stage began, or for the soak',
    explains: 'Pods that still use web identity lose the role at the next stage.',
    after: [],
    reads: ['role', 'association', 'serviceAccount', 'pods', 'templates', 'events'],
    gate: { stepCheck: webIdentityUnused },
  },
  'role-used': {
    asks: 'the role was used through Pod Identity on each cluster since the stage began',
    explains: 'An unused role is no evidence that the new mode works. `podlift probe` uses it once.',
    after: [],
    reads: ['role', 'association', 'serviceAccount', 'events', 'roleEvents'],
    gate: { stepCheck: roleUsed },
  },
  'eks-auth-rate': {
    asks: 'EKS Auth throttled no request in the last hour, and the step does not restart too many pods at once',
    explains: 'EKS Auth gives the pods of an account in a region their credentials, and throttles when too many ask.',
    after: [],
    reads: ['events', 'pods'],
    gate: { stepCheck: eksAuthRate },
  },
  'restart-needed': {
    asks: 'running pods keep their credentials after the step back, or the remedy restarts them',
    explains: 'Pods keep the mode that they received, and a step back can remove that mode.',
    after: [],
    reads: ['pods'],
    gate: { check: restartNeeded, about: 'workload on cluster' },
  },
  'wave-order': {
    asks: 'waves keep their order',
    explains: 'Later waves move only after the earlier ones showed no problem.',
    after: [],
    reads: [],
    gate: { stepCheck: waveOrder },
  },
} as const satisfies Readonly<Record<string, CheckRow>>;

export type CheckName = keyof typeof TABLE;

/** The checks that the gate has. */
export type GateCheckName = {
  [K in CheckName]: (typeof TABLE)[K] extends { readonly gate: GateCheck } ? K : never;
}[CheckName];

/** Every check by its public name, in the order of causes: what fails first explains what fails after it. */
export const CHECK_TABLE: Readonly<Record<CheckName, CheckRow>> &
  Readonly<Record<GateCheckName, { readonly gate: GateCheck }>> = TABLE;

export const CHECK_NAMES = Object.keys(TABLE) as readonly CheckName[];
