import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeleteAddonCommand,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  DeleteRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { compile } from '../../../../src/blueprint/compile';
import type { PolicyDocument, Statement } from '../../../../src/iam/PolicyDocument';
import { roleAt } from '../../gate/live/foreignTrust';
import { DATA, inventoryAt, type Live, NAME, STRANGER } from '../../gate/live/liveWorld';

/** What somebody changes by hand, what drift calls it, and how it is fixed where an apply does not fix it. */
export interface ByHand {
  readonly title: string;
  readonly change: (live: Live) => Promise<unknown>;
  readonly kind: string;
  readonly found: RegExp;
  readonly fix?: (live: Live) => Promise<unknown>;
  /** Asked of the cluster itself. */
  readonly kubernetes?: true;
}

const RoleName = 'prod-orders-api';
const ANYONE: Statement = { Effect: 'Allow', Principal: { AWS: STRANGER }, Action: 'sts:AssumeRole' };
const AGENT = { clusterName: 'prod-main', addonName: 'eks-pod-identity-agent' };
const ASSOCIATIONS = compile(inventoryAt('dual'), 'prod').associations;
const BOUNDARY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const statements = ({ Statement }: PolicyDocument) => [Statement].flat() as readonly Statement[];

async function association(live: Live) {
  const list = new ListPodIdentityAssociationsCommand({ clusterName: 'prod-main', serviceAccount: NAME });
  return { clusterName: 'prod-main', associationId: (await live.eks().send(list)).associations?.[0]?.associationId };
}

function trust(live: Live, Statement: readonly Statement[], role = RoleName, account?: string) {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  return live.iam(account).send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
}

export const BY_HAND: readonly ByHand[] = [
  {
    title: 'the role also trusts an account',
    change: (live) => trust(live, [...statements(roleAt('dual').trust), ANYONE]),
    kind: 'trust',
    found: /555555555555/,
  },
  {
    title: 'the role no longer trusts Pod Identity',
    change: (live) => trust(live, statements(roleAt('irsa').trust)),
    kind: 'trust',
    found: /^trust policy of stage irsa$/,
  },
  {
    title: 'the target role also trusts an account',
    change: (live) => trust(live, [ANYONE], 'prod-orders-api-ledger', DATA),
    kind: 'trust',
    found: /555555555555/,
  },
  {
    title: 'the inline policy is deleted',
    change: (live) => live.iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'podlift' })),
    kind: 'inline-policy',
    found: /^no such policy$/,
  },
  {
    title: 'another inline policy is put',
    change: (live) => {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
      });
      return live.iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'debug', PolicyDocument }));
    },
    kind: 'inline-policy',
    found: /"Action":"\*"/,
    fix: (live) => live.iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'debug' })),
  },
  {
    title: 'a managed policy is attached',
    change: (live) => live.iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: BOUNDARY })),
    kind: 'managed-policy',
    found: /^attached$/,
    fix: (live) => live.iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn: BOUNDARY })),
  },
  {
    title: 'the role gets a permissions boundary',
    change: (live) =>
      live.iam().send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: BOUNDARY })),
    kind: 'boundary',
    found: /ReadOnlyAccess$/,
    fix: (live) => live.iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
  },
  {
    title: 'sessions can last longer',
    change: (live) => live.iam().send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 })),
    kind: 'session-duration',
    found: /^7200 seconds$/,
    fix: (live) => live.iam().send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 3600 })),
  },
  {
    title: 'a tag of podlift is changed',
    change: (live) =>
      live.iam().send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'podlift:environment', Value: 'dev' }] })),
    kind: 'tags',
    found: /^podlift:environment=dev$/,
  },
  {
    title: 'the association sends no session tags',
    change: async (live) =>
      live
        .eks()
        .send(new UpdatePodIdentityAssociationCommand({ ...(await association(live)), disableSessionTags: true })),
    kind: 'association',
    found: /session tags disabled$/,
  },
  {
    title: 'the agent has another configuration',
    change: (live) =>
      live.eks().send(new UpdateAddonCommand({ ...AGENT, configurationValues: '{"priorityClassName":"other"}' })),
    kind: 'agent',
    found: /other/,
    fix: (live) => live.eks().send(new UpdateAddonCommand({ ...AGENT, configurationValues: CONFIGURATION.yaml })),
  },
  {
    title: 'the annotation is removed',
    change: (live) => live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn-`),
    kind: 'annotation',
    found: /^none$/,
    kubernetes: true,
  },
  {
    title: 'the association is deleted',
    change: async (live) => live.eks().send(new DeletePodIdentityAssociationCommand(await association(live))),
    kind: 'association',
    found: /^none$/,
    fix: (live) => {
      const { clusterName, namespace, serviceAccount, roleArn, tags } = ASSOCIATIONS[0]!;
      const association = { clusterName, namespace, serviceAccount, roleArn, tags };
      return live.eks().send(new CreatePodIdentityAssociationCommand(association));
    },
  },
  {
    title: 'the agent is deleted',
    change: (live) => live.eks().send(new DeleteAddonCommand(AGENT)),
    kind: 'agent',
    found: /no such add-on/,
    fix: (live) =>
      live.eks().send(
        new CreateAddonCommand({
          ...AGENT,
          addonVersion: 'v1.3.4-eksbuild.1',
          configurationValues: CONFIGURATION.yaml,
          tags: { 'podlift:environment': 'prod' },
        }),
      ),
  },
];

/** The agent's configuration as the inventory has it, and the same as somebody may write it. */
export const CONFIGURATION = {
  inventory: { agent: { additionalArgs: { '-b': '169.254.170.23' } }, priorityClassName: 'system' },
  yaml: 'priorityClassName: system\nagent:\n  additionalArgs: { "-b": 169.254.170.23 }\n',
};
