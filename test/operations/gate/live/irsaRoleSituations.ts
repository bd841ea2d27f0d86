import { CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { deleteAssociationOfRemedy, roleAt, TRUST_OF_SOMEONE } from './foreignTrust';
import { type Live, NAME, NAMESPACE } from './liveWorld';
import type { Situation } from './Situation';

const trust = (live: Live, document: unknown) =>
  live
    .iam()
    .send(new UpdateAssumeRolePolicyCommand({ RoleName: 'prod-orders-api', PolicyDocument: JSON.stringify(document) }));

/** The pod template is applied anew as it should be. */
const redeployed = async (live: Live) => {
  await live.deploy();
  return undefined;
};

const hardCoded = (
  title: string,
  env: Record<string, string>,
  found: RegExp,
  also: readonly string[] = [],
): Situation => ({
  also,
  title,
  check: 'credential-chain',
  change: (live) => live.deploy({ env }),
  found,
  remedy:
    /Remove the variables from the pod template.*\nkubectl --context prod-main -n production get pods --field-selector metadata\.name=orders-api-\S+ -o yaml/,
  mend: redeployed,
});

const CROSSPLANE = [{ Key: 'crossplane-name', Value: 'orders' }];

/** From irsa to prepared: the role, its trust, what pod specs set, the service account. */
export const IRSA_ROLE_SITUATIONS: readonly Situation[] = [
  {
    title: 'the role is missing',
    check: 'role',
    podsFrom: 'none',
    setting: { workload: { permissions: { inlinePolicies: {}, managedPolicies: [], statements: [] } } },
    change: (live) => live.iam().send(new DeleteRoleCommand({ RoleName: 'prod-orders-api' })),
    found: /there is no role prod-orders-api/,
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'the role is there under another path',
    check: 'role',
    podsFrom: 'none',
    setting: { workload: { permissions: { inlinePolicies: {}, managedPolicies: [], statements: [] } } },
    change: async (live) => {
      await live.iam().send(new DeleteRoleCommand({ RoleName: 'prod-orders-api' }));
      const AssumeRolePolicyDocument = JSON.stringify(roleAt('irsa').trust);
      await live
        .iam()
        .send(new CreateRoleCommand({ RoleName: 'prod-orders-api', Path: '/team/', AssumeRolePolicyDocument }));
    },
    found: /is arn:aws:iam::333333333333:role\/team\/prod-orders-api, not arn/,
    remedy: /Write the path of the role into workloads\.orders-api\.role/,
    mend: async (live) => {
      await live.iam().send(new DeleteRoleCommand({ RoleName: 'prod-orders-api' }));
      const AssumeRolePolicyDocument = JSON.stringify(roleAt('irsa').trust);
      await live.iam().send(new CreateRoleCommand({ RoleName: 'prod-orders-api', AssumeRolePolicyDocument }));
      return undefined;
    },
  },
  {
    title: 'somebody has given the role’s trust to another service account',
    check: 'trust',
    change: (live) => trust(live, JSON.parse(JSON.stringify(roleAt('irsa').trust).replaceAll(NAME, 'payments'))),
    found: /denies its pods the role through web identity/,
    remedy: /npx cdktf plan prod-identity/,
  },
  {
    title: 'somebody has added a statement to the role’s trust',
    check: 'trust',
    change: (live) => {
      const { Version, Statement } = roleAt('irsa').trust;
      return trust(live, { Version, Statement: [...[Statement].flat(), TRUST_OF_SOMEONE] });
    },
    found: /0 statements missing, 1 statement too many/,
    remedy: /npx cdktf apply prod-identity/,
  },
  hardCoded(
    'a pod spec sets another role',
    { AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/old' },
    /deployment\/orders-api app: AWS_ROLE_ARN=arn:aws:iam::333333333333:role\/old/,
    // The webhook adds no token beside the variable.
    ['pod-credentials no'],
  ),
  hardCoded(
    'a pod spec sets another token file',
    { AWS_ROLE_ARN: roleAt('irsa').arn, AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/own/token' },
    /AWS_WEB_IDENTITY_TOKEN_FILE=\/var\/run\/own\/token/,
  ),
  {
    title: 'Crossplane owns the role, by its tags',
    check: 'adoption',
    change: (live) => live.iam().send(new TagRoleCommand({ RoleName: 'prod-orders-api', Tags: CROSSPLANE })),
    found:
      /the role prod-orders-api belongs to Crossplane \(managed resource orders\): it sets what podlift changes again/,
    remedy: /managementPolicies: \[Observe\]/,
    mend: async (live) => {
      await live.iam().send(new UntagRoleCommand({ RoleName: 'prod-orders-api', TagKeys: ['crossplane-name'] }));
      return undefined;
    },
  },
  {
    title: 'the trust policy will be over its quota',
    check: 'trust-length',
    claim: { quotas: { trustPolicyLength: 500 } },
    found: /the trust policy of prod-orders-api has \d+ characters at prepared, and the quota is 500/,
    remedy: /quotas: \{ trustPolicyLength/,
    mendedClaim: { quotas: { trustPolicyLength: 4096 } },
  },
  {
    title: 'the service account has lost its annotation',
    short: true,
    check: 'annotation',
    change: (live) => live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn-`),
    found: /is not there, should be arn:aws:iam::333333333333:role\/prod-orders-api/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
  {
    title: 'the service account is gone, and podlift does not manage it',
    check: 'annotation',
    setting: { workload: { serviceAccount: { name: NAME, manage: 'none' } } },
    change: (live) => live.kubectl(`delete serviceaccount ${NAME}`),
    found: /there is no service account production\/orders-api/,
    remedy: /kubectl --context prod-main -n production annotate serviceaccount orders-api --overwrite/,
    mend: async (live, [evidence]) => {
      await live.kubectl(`create serviceaccount ${NAME}`);
      await live.run(evidence!.remedy!.split('\n').at(-1)!);
      return undefined;
    },
  },
  {
    title: 'an association stands already, of a role that trusts Pod Identity since long',
    check: 'association',
    change: async (live) => {
      const roleArn = (
        await live.iam().send(
          new CreateRoleCommand({
            RoleName: 'someone',
            AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: TRUST_OF_SOMEONE }),
          }),
        )
      ).Role?.Arn;
      const association = { clusterName: 'prod-main', namespace: NAMESPACE, serviceAccount: NAME, roleArn };
      await live.eks().send(new CreatePodIdentityAssociationCommand(association));
    },
    found: /a-\w+ names arn:aws:iam::333333333333:role\/someone/,
    remedy:
      /aws eks delete-pod-identity-association --cluster-name prod-main --association-id a-\w+ --region us-west-2$/,
    mend: deleteAssociationOfRemedy,
  },
];
