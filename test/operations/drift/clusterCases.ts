import type { FieldOwner } from '../../../src/estate/kubernetes/KubernetesPort';
import { ROLE, type World } from '../agreedWorld';
import { ownAddonOf } from '../facts';
import type { DriftCase } from './DriftCase';
import { clusterOf } from '../../blueprint/inventoryOf';

const APPLY = /npx cdktf plan prod-identity\nnpx cdktf apply prod-identity$/;
const ANNOTATION = 'eks.amazonaws.com/role-arn';
const ACCOUNT = 'production/orders-api';
const WHERE = /^production\/orders-api on prod-main$/;

function annotate(world: World, role: string | undefined, ...roleOwners: readonly FieldOwner[]): void {
  const account = world.serviceAccounts[ACCOUNT]!;
  const annotations = role === undefined ? {} : { [ANNOTATION]: role };
  world.serviceAccounts[ACCOUNT] = { ...account, annotations, roleOwners };
}

function associate(world: World, change: object): void {
  world.associations = world.associations.map((one) => ({ ...one, ...change }));
}

const managed = (provider: 'managed' | 'existing') => ({
  cluster: { oidc: { ...clusterOf().oidc!, provider } },
});
const ebs = {
  cluster: {
    addons: [
      {
        name: 'aws-ebs-csi-driver',
        version: 'v1.40.0-eksbuild.1',
        serviceAccounts: { 'orders-api': 'orders-api' },
        adopt: false,
      },
    ],
  },
};
const EBS = ownAddonOf({ name: 'aws-ebs-csi-driver', version: 'v1.40.0-eksbuild.1', serviceAccountRoleArn: ROLE });
/** Like a world in which the add-on made the association. */
const owned = { ownerArn: EBS.arn };

export const CLUSTER_CASES: readonly DriftCase[] = [
  {
    title: 'the association is gone',
    change: (world) => {
      world.associations = [];
    },
    kind: 'association',
    where: WHERE,
    expected: /^role arn:aws:iam::333333333333:role\/prod-orders-api, session tags enabled$/,
    found: /^none$/,
    effect: /^new pods get no credentials .*; if an apply had created the association before, running pods lose theirs/,
    remedy: APPLY,
  },
  {
    title: 'the association names another role',
    change: (world) => {
      associate(world, { roleArn: `${ROLE}-2` });
    },
    kind: 'association',
    where: WHERE,
    expected: /role\/prod-orders-api,/,
    found: /^a-1: role \S+prod-orders-api-2,/,
    effect: /new pods get \S+prod-orders-api-2$/,
    remedy: APPLY,
  },
  {
    title: 'the association hands out a target role',
    change: (world) => {
      associate(world, { targetRoleArn: 'arn:aws:iam::444444444444:role/x' });
    },
    kind: 'association',
    where: WHERE,
    expected: /^role \S+, session/,
    found: /target role arn:aws:iam::444444444444:role\/x/,
    effect: /new pods get arn:aws:iam::444444444444:role\/x/,
    remedy: APPLY,
  },
  {
    title: 'the association sends no session tags',
    change: (world) => {
      associate(world, { disableSessionTags: true });
    },
    kind: 'association',
    where: WHERE,
    expected: /session tags enabled/,
    found: /session tags disabled/,
    effect: /conditions on session tags fail/,
    remedy: APPLY,
  },
  {
    title: 'the association has a session policy',
    change: (world) => {
      associate(world, { sessionPolicy: { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } } });
    },
    kind: 'association',
    where: WHERE,
    expected: /session tags enabled$/,
    found: /, session policy {"Statement":{"Effect":"Allow","Action":"s3:Get\*","Resource":"\*"}}$/,
    effect: /^sessions have only the permissions that the session policy allows too$/,
    remedy:
      /An apply does not remove the session policy\. .*\naws .*eks delete-pod-identity-association .*--association-id a-1 .*\n.*apply:\nnpx cdktf plan/,
  },
  {
    title: 'an add-on owns the association',
    change: (world) => {
      associate(world, owned);
    },
    kind: 'association',
    where: WHERE,
    expected: /enabled$/,
    found: /owned by add-on aws-ebs-csi-driver$/,
    remedy:
      /^If another team or tool created the association, .*\.\nOtherwise .* apply:\nnpx cdktf plan prod-identity\nnpx cdktf apply prod-identity$/,
  },
  {
    title: 'the association has lost its tags',
    change: (world) => {
      associate(world, { tags: { 'podlift:environment': 'prod' } });
    },
    kind: 'tags',
    where: WHERE,
    expected: /^podlift:workload=orders-api$/,
    found: /^podlift:workload=\(none\)$/,
    remedy: APPLY,
  },
  {
    title: 'there is an association that the stage does not have',
    stage: 'prepared',
    change: (world) => {
      const association = { id: 'a-2', namespace: 'production', serviceAccount: 'orders-api' };
      world.associations = [{ ...association, roleArn: ROLE, disableSessionTags: false, tags: {} }];
    },
    kind: 'association',
    where: WHERE,
    expected: /^none at prepared$/,
    found: /^a-2: role/,
    effect: /new pods get \S+prod-orders-api through Pod Identity/,
    remedy:
      /\naws eks delete-pod-identity-association --cluster-name prod-main --association-id a-2 --region us-west-2$/,
  },
  {
    title: 'the annotation is gone',
    change: (world) => {
      annotate(world, undefined);
    },
    kind: 'annotation',
    where: WHERE,
    expected: /prod-orders-api$/,
    found: /^none$/,
    effect: /no web identity/,
    remedy: /annotate serviceaccount orders-api --overwrite eks\.amazonaws\.com\/role-arn=arn/,
  },
  {
    title: 'the annotation names another role, on an account that Terraform manages',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    change: (world) => {
      annotate(world, `${ROLE}-2`);
    },
    kind: 'annotation',
    where: WHERE,
    expected: /prod-orders-api$/,
    found: /prod-orders-api-2$/,
    effect: /instead/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main$/,
  },
  {
    title: 'the annotation stands where the stage has none, on an account that nobody manages',
    stage: 'cutover',
    setting: { workload: { serviceAccount: { name: 'orders-api', manage: 'none' } } },
    change: (world) => {
      annotate(world, ROLE);
    },
    kind: 'annotation',
    where: WHERE,
    expected: /^none$/,
    found: /prod-orders-api$/,
    effect: /without an association/,
    remedy: /annotate serviceaccount orders-api eks\.amazonaws\.com\/role-arn-$/,
  },
  {
    title: 'the service account is gone',
    change: (world) => {
      world.serviceAccounts = {};
    },
    kind: 'annotation',
    where: WHERE,
    expected: /prod-orders-api$/,
    found: /no such service account/,
    effect: /no pod can run with it/,
    remedy:
      /Create the service account where its manifests are kept \(GitOps\), or run:\nkubectl --context \S+ -n production create serviceaccount orders-api\nkubectl \S+ \S+ -n production annotate serviceaccount orders-api --overwrite \S+prod-orders-api$/,
  },
  {
    title: 'a service account that Terraform makes is gone, at a stage without annotation',
    stage: 'pod-identity',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    change: (world) => {
      world.serviceAccounts = {};
    },
    kind: 'annotation',
    where: WHERE,
    expected: /^none$/,
    found: /no such service account/,
    effect: /no pod can run with it/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main$/,
  },
  {
    title: 'a service account that Terraform annotates is gone, at a stage without annotation',
    stage: 'cutover',
    setting: {
      cluster: { kubernetes: { context: 'prod-main' } },
      workload: { serviceAccount: { name: 'orders-api', manage: 'annotate' } },
    },
    change: (world) => {
      world.serviceAccounts = {};
    },
    kind: 'annotation',
    where: WHERE,
    expected: /^none$/,
    found: /no such service account/,
    effect: /no pod can run with it/,
    remedy:
      /create serviceaccount orders-api\nThen .*\n(npx cdktf .*\n)+npx cdktf apply prod-identity prod-service-accounts-main$/,
  },
  {
    title: 'somebody set the annotation again at pod-identity, where podlift owns nothing',
    stage: 'pod-identity',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    change: (world) => {
      annotate(world, ROLE, { manager: 'kubectl-annotate', operation: 'Update' });
    },
    kind: 'annotation',
    where: WHERE,
    expected: /^none$/,
    found: /prod-orders-api$/,
    effect: /without an association/,
    remedy:
      /^An apply changes nothing at pod-identity.*\nkubectl \S+ prod-main -n production annotate serviceaccount orders-api eks\.amazonaws\.com\/role-arn-$/,
  },
  {
    title: 'the agent is gone',
    change: (world) => {
      world.addons = {};
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^eks-pod-identity-agent v1\.3\.4-eksbuild\.1$/,
    found: /no such add-on/,
    effect: /no credentials through Pod Identity/,
    remedy: APPLY,
  },
  {
    title: 'the agent has no tag of podlift: others can have made it',
    change: (world) => {
      world.addons = { 'prod-main': ownAddonOf({ tags: {} }) };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^eks-pod-identity-agent v1\.3\.4-eksbuild\.1 with the tag podlift:environment: prod$/,
    found: /^no such tag$/,
    effect: /^If others made the add-on, an apply fails with ResourceInUseException \(409\)$/,
    remedy:
      /^To adopt it, write agent: \{ version: v1\.3\.4-eksbuild\.1, adopt: true \} into cluster main .*\nIf podlift made it, .* apply:\nnpx cdktf plan/,
  },
  {
    title: 'others made the agent before the first step',
    stage: 'irsa',
    change: (world) => {
      world.addons = { 'prod-main': ownAddonOf({ tags: {} }) };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^no eks-pod-identity-agent yet/,
    found: /^eks-pod-identity-agent v1\.3\.4-eksbuild\.1, made by others$/,
    effect: /^the apply of the step to prepared fails with ResourceInUseException \(409\)$/,
    remedy: /^To adopt it, write agent: \{ version: v1\.3\.4-eksbuild\.1, adopt: true \}/,
  },
  {
    title: 'the agent is of another version',
    change: (world) => {
      world.addons = { 'prod-main': ownAddonOf({ version: 'v1.3.5-eksbuild.1' }) };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^v1\.3\.4-eksbuild\.1$/,
    found: /^v1\.3\.5-eksbuild\.1$/,
    remedy:
      /^To keep v1\.3\.5-eksbuild\.1, write version: v1\.3\.5-eksbuild\.1 into clusters\.main\.agent\.\nTo change .* apply:\nnpx cdktf plan prod-identity\nnpx cdktf apply prod-identity$/,
  },
  {
    title: 'the agent does not run',
    change: (world) => {
      world.addons = {
        'prod-main': ownAddonOf({ status: 'DEGRADED', issues: ['InsufficientNumberOfReplicas: no node'] }),
      };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^ACTIVE$/,
    found: /^DEGRADED: InsufficientNumberOfReplicas: no node$/,
    remedy: /^Inspect the add-on, and fix it:\naws eks describe-addon /,
  },
  {
    title: 'the agent has another configuration',
    setting: { cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: false, configuration: { agent: { a: 1 } } } } },
    change: (world) => {
      world.addons = { 'prod-main': ownAddonOf({ configuration: '{"agent":{"a":2}}' }) };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^configuration \{"agent":\{"a":1\}\}$/,
    found: /"a":2/,
    remedy: APPLY,
  },
  {
    title: 'the cluster is not in Auto Mode',
    setting: { cluster: { autoMode: true, agent: undefined as never } },
    change: (world) => {
      world.clusters = { 'prod-main': { ...world.clusters['prod-main']!, autoMode: false } };
    },
    kind: 'agent',
    where: /^prod-main$/,
    expected: /^built in \(Auto Mode\)$/,
    found: /not in Auto Mode/,
    effect: /no credentials through Pod Identity/,
    remedy: /^In clusters\.main, remove autoMode/,
  },
  {
    title: 'an add-on has another role',
    setting: ebs,
    change: (world) => {
      world.otherAddons = { 'prod-main': [{ ...EBS, serviceAccountRoleArn: `${ROLE}-2` }] };
      associate(world, owned);
    },
    kind: 'addon',
    where: /^aws-ebs-csi-driver on prod-main$/,
    expected: /^service account role \S+prod-orders-api$/,
    found: /-2$/,
    remedy: APPLY,
  },
  {
    title: 'an add-on owns an association that the inventory does not name',
    setting: ebs,
    change: (world) => {
      world.otherAddons = { 'prod-main': [{ ...EBS, associationArns: ['arn:a', 'arn:b'] }] };
      associate(world, owned);
      world.associations = [
        ...world.associations,
        { ...world.associations[0]!, ...owned, id: 'a-node', serviceAccount: 'ebs-csi-node-sa' },
      ];
    },
    kind: 'addon',
    where: /^aws-ebs-csi-driver on prod-main$/,
    expected: /^associations of orders-api alone$/,
    found: /also production\/ebs-csi-node-sa/,
    effect: /an apply removes these associations/,
    remedy:
      /^Before you apply, name their service accounts in clusters\.main\.addons\.aws-ebs-csi-driver\.serviceAccounts/,
  },
  {
    title: 'the OIDC provider is gone',
    setting: managed('managed'),
    change: (world) => {
      world.oidcProviders = {};
    },
    kind: 'oidc-provider',
    where: /:oidc-provider\//,
    expected: /sts\.amazonaws\.com/,
    found: /no such provider/,
    effect: /no pod of the cluster/,
    remedy: APPLY,
  },
];
