import { CreateAddonCommand, CreatePodIdentityAssociationCommand, DeleteAddonCommand } from '@aws-sdk/client-eks';
import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { compile } from '../../../../src/blueprint/compile';
import type { Stage } from '../../../../src/inventory/Inventory';
import { targetOf } from '../../../blueprint/inventoryOf';
import type { Setting } from '../../agreedWorld';
import { deleteAssociationOfRemedy, roleAt, TRUST_OF_SOMEONE } from './foreignTrust';
import { create } from './controllerSituations';
import { CONTEXT, DATA, type Live, NAME, NAMESPACE, NEVER, inventoryAt } from './liveWorld';
import type { Situation } from './Situation';

const blueprintAt = (stage: Stage) => compile(inventoryAt(stage, OUTSIDE), 'prod');

const ADDON = { clusterName: 'prod-main', addonName: 'eks-pod-identity-agent' };
const AUTO: Setting = { cluster: { kubernetes: { context: CONTEXT }, autoMode: true } };
const OUTSIDE: Setting = {
  targets: [
    targetOf({ account: { key: 'data-prod', id: DATA, deployRole: `arn:aws:iam::${DATA}:role/podlift-deploy` } }),
  ],
};

const trust = (live: Live, document: unknown, RoleName = 'prod-orders-api', account?: string) =>
  live.iam(account).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(document) }));

const patchAgent = (live: Live, nodeSelector: object | null) =>
  live.kubectl(
    `-n kube-system patch daemonset eks-pod-identity-agent --type merge -p '${JSON.stringify({ spec: { template: { spec: { nodeSelector } } } })}'`,
  );

export const PREPARED_SITUATIONS: readonly Situation[] = [
  {
    title: 'a CiliumNetworkPolicy limits the egress of the pods',
    short: true,
    check: 'network-policy',
    holds: 'unknown',
    change: async (live) => {
      const policy = (name: string, app: string, rules: object) =>
        create(live, 'cilium.io', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies', name, {
          endpointSelector: { matchLabels: { app } },
          ...rules,
        });
      await policy('closed', NAME, { egress: [{ toEntities: ['world'] }] });
      // Policies of other pods and of ingress say nothing.
      await policy('other', 'other', { egress: [] });
      await policy('ingress', NAME, { ingress: [] });
    },
    found:
      /^could not be checked: CiliumNetworkPolicy production\/closed can limit egress of orders-api-\S+, orders-api-\S+, and podlift/,
    remedy: /allow TCP port 80 of 169\.254\.170\.23.*--accept network-policy:orders-api --because REASON/,
    mend: async (live) => {
      await live.kubectl('delete ciliumnetworkpolicies.cilium.io closed');
      return undefined;
    },
  },
  {
    title: 'the stage was written into the inventory, and never applied',
    check: 'trust',
    also: ['agent no', 'agent-on-nodes no', 'role no'],
    podsFrom: 'irsa',
    change: (live) => Promise.all([live.apply(inventoryAt('irsa')), live.eks().send(new DeleteAddonCommand(ADDON))]),
    found: /denies its pods the role through Pod Identity:\nsts:AssumeRole [^]*\nsts:TagSession /,
    remedy: /npx cdktf plan prod-identity\nnpx cdktf apply prod-identity/,
  },
  {
    title: 'the role lets EKS assume it, and not tag the session',
    check: 'trust',
    change: (live) =>
      trust(
        live,
        JSON.parse(JSON.stringify(roleAt('prepared').trust).replaceAll('sts:TagSession', 'sts:SetSourceIdentity')),
      ),
    found: /denies its pods the role through Pod Identity:\nsts:TagSession /,
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'the agent’s add-on is missing',
    check: 'agent-on-nodes',
    also: ['agent no'],
    change: (live) => live.eks().send(new DeleteAddonCommand(ADDON)),
    found: /no pod of the agent is on node-\d\nno pod of the agent is on node-\d/,
    remedy: /get daemonset eks-pod-identity-agent/,
  },
  {
    title: 'the agent’s add-on is not ACTIVE yet',
    check: 'agent',
    change: async (live) => {
      await live.eks().send(new DeleteAddonCommand(ADDON));
      live.sandbox().setTiming({ addonMs: NEVER });
      await live.eks().send(new CreateAddonCommand(ADDON));
    },
    found: /is CREATING/,
    remedy: /aws eks wait addon-active/,
    mend: async (live) => {
      await live.eks().send(new DeleteAddonCommand(ADDON));
      live.sandbox().setTiming({ addonMs: 0 });
      await live.eks().send(new CreateAddonCommand(ADDON));
      return undefined;
    },
  },
  {
    title: 'the agent is not on a node of the workload',
    check: 'agent-on-nodes',
    change: (live) => patchAgent(live, { 'kubernetes.io/hostname': 'node-1' }),
    found: /no pod of the agent is on node-2/,
    remedy: /kubectl --context prod-main -n kube-system get daemonset eks-pod-identity-agent -o yaml/,
    mend: async (live) => {
      await patchAgent(live, null);
      return undefined;
    },
  },
  {
    title: 'a pod has come to a Fargate node since, where no agent runs',
    check: 'compute',
    change: (live) =>
      live.deploy({ name: 'batch', replicas: 1, nodeSelector: { 'eks.amazonaws.com/compute-type': 'fargate' } }),
    found: /on fargate: no agent can run there/,
    remedy: /Move its pods to Linux nodes/,
    mend: async (live) => {
      await live.kubectl('delete deployment batch');
      return undefined;
    },
  },
  {
    title: 'a node group of one’s own beside Auto Mode has no agent',
    check: 'agent-on-nodes',
    setting: AUTO,
    ground: {
      cluster: {
        nodes: [
          { name: 'node-1', compute: 'auto' },
          { name: 'node-2', compute: 'ec2' },
        ],
      },
    },
    change: async (live) => {
      await live.eks().send(new DeleteAddonCommand(ADDON));
      await live.deploy({ nodeSelector: { 'eks.amazonaws.com/compute-type': 'ec2' } });
    },
    found: /no pod of the agent is on node-2/,
    remedy: /get daemonset eks-pod-identity-agent/,
    mend: async (live) => {
      await live.deploy({ nodeSelector: { 'eks.amazonaws.com/compute-type': 'auto' } });
      return undefined;
    },
  },
  {
    title: 'the service account has an association of someone else’s',
    check: 'association',
    change: async (live) => {
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: TRUST_OF_SOMEONE });
      const made = await live.iam().send(new CreateRoleCommand({ RoleName: 'someone', AssumeRolePolicyDocument }));
      const association = { clusterName: 'prod-main', namespace: NAMESPACE, serviceAccount: NAME };
      await live.eks().send(new CreatePodIdentityAssociationCommand({ ...association, roleArn: made.Role?.Arn }));
    },
    found: /a-\w+ names arn:aws:iam::333333333333:role\/someone/,
    remedy: /If another team or tool created the association, first agree/,
    mend: deleteAssociationOfRemedy,
  },
  {
    title: 'an association with the very role was made by hand',
    short: true,
    check: 'association',
    change: (live) => {
      const association = { clusterName: 'prod-main', namespace: NAMESPACE, serviceAccount: NAME };
      return live
        .eks()
        .send(new CreatePodIdentityAssociationCommand({ ...association, roleArn: roleAt('prepared').arn }));
    },
    found: /a-\w+ names arn:aws:iam::333333333333:role\/prod-orders-api/,
    remedy: /If another team or tool created the association, first agree/,
    mend: deleteAssociationOfRemedy,
  },
  {
    title: 'the inline policy of the source role lost sts:TagSession',
    check: 'target-hop',
    also: ['permissions no'],
    setting: OUTSIDE,
    change: (live) => {
      const [role] = blueprintAt('prepared').roles;
      const PolicyDocument = JSON.stringify(role!.inline).replaceAll('sts:TagSession', 'sts:GetCallerIdentity');
      return live.iam().send(new PutRolePolicyCommand({ RoleName: role!.name, PolicyName: 'podlift', PolicyDocument }));
    },
    found: /denied by the source role:\npermissions of prod-orders-api: sts:TagSession/,
    remedy: /npx cdktf apply/,
  },
  {
    title: 'the target role in another account does not serve the tagged hop yet',
    check: 'trust',
    also: ['target-hop no'],
    setting: OUTSIDE,
    change: async (live) => {
      const { targetRoles } = blueprintAt('irsa');
      await trust(live, targetRoles[0]!.trust, targetRoles[0]!.name, DATA);
    },
    found: /the trust policy of \S+ does not match the stage prepared/,
    remedy: /npx cdktf apply prod-targets-data-prod/,
  },
  {
    title: 'the wave before it is behind',
    check: 'wave-order',
    claim: { wave: { after: 'first', soak: '1m' }, waves: [{ key: 'first', stages: { prod: { stage: 'prepared' } } }] },
    found: /first is at prepared, before dual/,
    remedy: /npx podlift gate first --environment prod\nnpx podlift advance first --environment prod/,
    mendedClaim: {
      wave: { after: 'first', soak: '1m' },
      waves: [{ key: 'first', stages: { prod: { stage: 'dual' } } }],
    },
  },
];
