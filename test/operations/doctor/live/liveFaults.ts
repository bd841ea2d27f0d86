import {
  DeleteAddonCommand,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import {
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Stage } from '../../../../src/inventory/Inventory';
import { targetOf } from '../../../blueprint/inventoryOf';
import type { Setting } from '../../agreedWorld';
import { CLUSTER, DATA, type Live, NAME } from '../../gate/live/liveWorld';
import { NODE_POLICY, PROVIDER_ARN } from '../doctorWorld';

/** One thing that is broken in a live cluster, and what the doctor must name first. */
export interface LiveFault {
  readonly name: string;
  /** `npm test` has this row too; `npm run test:long` has all rows. */
  readonly short?: true;
  readonly stage: Stage;
  readonly setting?: Setting;
  readonly break: (live: Live) => Promise<unknown>;
  /** As `notes` gives it. */
  readonly first: string;
  /** The workload's pods get no credentials of its role, or not the way that the stage says; false: what breaks shows later. */
  readonly pods: 'fail' | 'work';
}

const ROLE = 'prod-orders-api';
const DATA_PROD = { key: 'data-prod', id: DATA, deployRole: `arn:aws:iam::${DATA}:role/podlift-deploy` };

async function changeTrust(live: Live, change: (text: string) => string, role = ROLE, account?: string) {
  const iam = live.iam(account);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
  const PolicyDocument = change(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
}

async function associationId(live: Live): Promise<string> {
  const { associations = [] } = await live
    .eks()
    .send(new ListPodIdentityAssociationsCommand({ clusterName: CLUSTER.name }));
  return associations[0]?.associationId ?? '';
}

export const LIVE_FAULTS: readonly LiveFault[] = [
  {
    name: 'the association is gone, and the pods with it were made anew',
    stage: 'pod-identity',
    break: async (live) => {
      const id = await associationId(live);
      await live.eks().send(new DeletePodIdentityAssociationCommand({ clusterName: CLUSTER.name, associationId: id }));
      await live.kubectl(`rollout restart deployment/${NAME}`);
    },
    first: 'association problem',
    pods: 'fail',
  },
  {
    name: 'the association names another role',
    stage: 'dual',
    break: async (live) => {
      await live.iam().send(
        new CreateRoleCommand({
          RoleName: 'other',
          AssumeRolePolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'pods.eks.amazonaws.com' },
              Action: ['sts:AssumeRole', 'sts:TagSession'],
            },
          }),
        }),
      );
      const roleArn = 'arn:aws:iam::333333333333:role/other';
      const id = await associationId(live);
      await live
        .eks()
        .send(new UpdatePodIdentityAssociationCommand({ clusterName: CLUSTER.name, associationId: id, roleArn }));
    },
    first: 'association problem',
    pods: 'work',
  },
  {
    name: 'the agent is removed',
    stage: 'dual',
    break: (live) =>
      live.eks().send(new DeleteAddonCommand({ clusterName: CLUSTER.name, addonName: 'eks-pod-identity-agent' })),
    first: 'agent problem',
    pods: 'fail',
  },
  {
    name: 'the node role has lost its policy',
    stage: 'dual',
    break: (live) => live.iam().send(new DetachRolePolicyCommand({ RoleName: 'nodes', PolicyArn: NODE_POLICY })),
    first: 'node-role problem',
    pods: 'fail',
  },
  {
    name: 'the trust asks for another namespace',
    stage: 'pod-identity',
    break: (live) => changeTrust(live, (text) => text.replace('"production"', '"staging"')),
    first: 'trust problem',
    pods: 'fail',
  },
  {
    name: 'the trust has lost sts:TagSession',
    short: true,
    stage: 'pod-identity',
    break: (live) => changeTrust(live, (text) => text.replace(/,\s*"sts:TagSession"/, '')),
    first: 'trust problem',
    pods: 'fail',
  },
  {
    name: 'the OIDC provider is gone',
    stage: 'irsa',
    break: (live) =>
      live.iam().send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: PROVIDER_ARN })),
    first: 'oidc-provider problem',
    pods: 'fail',
  },
  {
    name: 'the trust of IRSA names another service account',
    stage: 'irsa',
    break: (live) => changeTrust(live, (text) => text.replace('production:orders-api', 'production:orders')),
    first: 'trust problem',
    pods: 'fail',
  },
  {
    name: 'the annotation names another role',
    stage: 'irsa',
    break: (live) =>
      live.kubectl(
        `annotate serviceaccount ${NAME} --overwrite eks.amazonaws.com/role-arn=arn:aws:iam::333333333333:role/x`,
      ),
    first: 'annotation problem',
    pods: 'work',
  },
  {
    name: 'the inline policy is gone',
    stage: 'dual',
    break: (live) => live.iam().send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: 'podlift' })),
    first: 'permissions problem',
    pods: 'work',
  },
  {
    name: 'keys are hard-coded',
    stage: 'dual',
    break: (live) => live.deploy({ env: { AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'old' } }),
    first: 'credential-chain problem',
    pods: 'fail',
  },
  {
    name: 'the service account is gone',
    stage: 'dual',
    break: (live) => live.kubectl(`delete serviceaccount ${NAME}`),
    first: 'service-account problem',
    pods: 'work',
  },
  {
    name: 'the pods went to Fargate',
    stage: 'dual',
    break: (live) => live.deploy({ nodeSelector: { 'eks.amazonaws.com/compute-type': 'fargate' } }),
    first: 'compute problem',
    pods: 'fail',
  },
  {
    name: 'the proxy has no exception',
    stage: 'dual',
    break: (live) => live.deploy({ env: { HTTP_PROXY: 'http://proxy.invalid:3128' } }),
    first: 'proxy problem',
    pods: 'work',
  },
  {
    name: 'a NetworkPolicy shuts all egress',
    stage: 'dual',
    break: (live) =>
      live.kubectl(
        'apply -f -',
        JSON.stringify({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'deny', namespace: 'production' },
          spec: { podSelector: {}, policyTypes: ['Egress'] },
        }),
      ),
    first: 'network-policy problem',
    pods: 'work',
  },
  {
    name: 'the target has lost sts:TagSession',
    stage: 'pod-identity',
    setting: { targets: [targetOf({ account: DATA_PROD })] },
    break: (live) =>
      changeTrust(live, (text) => text.replace(/,\s*"sts:TagSession"/, ''), 'prod-orders-api-ledger', DATA),
    first: 'target-hop problem',
    pods: 'work',
  },
  {
    name: 'the source has lost sts:TagSession, and the association hops',
    stage: 'dual',
    setting: { targets: [targetOf({ account: DATA_PROD, via: 'association' })] },
    break: (live) =>
      live.iam().send(
        new PutRolePolicyCommand({
          RoleName: ROLE,
          PolicyName: 'podlift',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Resource: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger',
            },
          }),
        }),
      ),
    first: 'target-hop problem',
    pods: 'fail',
  },
];
