import { irsaPod, podIdentityPod, podOf, ROLE, type World } from '../agreedWorld';
import { containerOf, templateOf } from '../facts';
import { changed, type Fault, pods } from './Fault';
import type { NetworkPolicyFacts } from '../../../src/estate/kubernetes/KubernetesPort';

export const shut = (parts: Partial<NetworkPolicyFacts> = {}): NetworkPolicyFacts => ({
  name: 'default-deny',
  podLabels: {},
  limitsEgress: true,
  egress: [],
  ...parts,
});

export const policies = (world: World, ...all: NetworkPolicyFacts[]): unknown =>
  (world.networkPolicies = { production: all });

const annotate = (world: World, arn: string): unknown =>
  (world.serviceAccounts['production/orders-api'] = {
    ...world.serviceAccounts['production/orders-api']!,
    annotations: { 'eks.amazonaws.com/role-arn': arn },
  });

const WEB_IDENTITY = {
  AWS_ROLE_ARN: ROLE,
  AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
};

export const POD_FAULTS: readonly Fault[] = [
  {
    name: 'a SecretStore requests a token for the account, which loses its annotation at the next stage',
    stage: 'dual',
    break: (world) =>
      (world.customObjects = {
        'secretstores.external-secrets.io': [
          {
            namespace: 'production',
            name: 'orders',
            fields: { spec: { provider: { aws: { auth: { jwt: { serviceAccountRef: { name: 'orders-api' } } } } } } },
          },
        ],
      }),
    notes: ['controllers warning'],
    found: /SecretStore production\/orders of External Secrets: .*AssumeRoleWithWebIdentity/,
    fix: /Remove spec\.provider\.aws\.auth/,
  },
  {
    name: 'a SecretProviderClass still asks for the annotation, which is gone',
    stage: 'cutover',
    break: (world) => {
      world.customObjects = {
        'secretproviderclasses.secrets-store.csi.x-k8s.io': [
          { namespace: 'production', name: 'orders', fields: { spec: { provider: 'aws' } } },
        ],
      };
      world.templates = [templateOf({ secretProviderClasses: ['orders'] })];
    },
    notes: ['controllers problem'],
    found: /does not work at cutover: spec\.parameters\.usePodIdentity is not set/,
    fix: /patch secretproviderclasses\.secrets-store\.csi\.x-k8s\.io orders --type=merge/,
  },
  {
    name: 'a pod names its session',
    stage: 'dual',
    break: (world) => changed(world, { namesSession: true }),
    notes: ['session-name warning'],
    found: /AWS_ROLE_SESSION_NAME has no effect on Pod Identity/,
    fix: /Remove AWS_ROLE_SESSION_NAME from the pod template at the stage pod-identity/,
  },
  {
    name: 'pods were admitted before the association',
    stage: 'dual',
    break: (world) => pods(world, irsaPod(), podIdentityPod()),
    notes: ['pod-credentials warning'],
    found: /1 of 2 pods started before Pod Identity was set up and still use web identity \(IRSA\): orders-api-old/,
    fix: /rollout restart deployment\/orders-api/,
  },
  {
    name: 'pods that were never restarted lose their trust',
    stage: 'pod-identity',
    break: (world) => pods(world, irsaPod()),
    notes: ['pod-credentials problem'],
    found: /still use web identity/,
    fix: /rollout restart/,
  },
  {
    name: 'pods hold Pod Identity after the way back',
    stage: 'prepared',
    break: (world) => pods(world, podIdentityPod()),
    notes: ['pod-credentials problem'],
    found: /started before web identity \(IRSA\) was set up and still use Pod Identity/,
    fix: /rollout restart/,
  },
  {
    name: 'a pod was given nothing',
    stage: 'dual',
    break: (world) => pods(world, podOf()),
    notes: ['pod-credentials problem'],
    found: /received no credentials and use the role of the node/,
    fix: /rollout restart/,
  },
  {
    name: 'a pod was given nothing, for want of the association',
    stage: 'dual',
    break: (world) => {
      world.associations = [];
      pods(world, podOf());
    },
    notes: ['association problem', '(pod-credentials problem after association)'],
    found: /there is no association/,
    fix: /cdktf apply/,
  },
  {
    name: 'a pod has the variables without the token',
    stage: 'dual',
    break: (world) => pods(world, podIdentityPod({}, { tokenVolumes: {} })),
    notes: ['pod-credentials problem'],
    found: /no volume with a token for pods\.eks\.amazonaws\.com/,
    fix: /Remove the variables/,
  },
  {
    name: 'the token has another audience',
    stage: 'irsa',
    break: (world) => pods(world, irsaPod({}, { tokenVolumes: { 'aws-iam-token': 'vault' } })),
    notes: ['pod-credentials problem'],
    found: /no volume with a token for sts\.amazonaws\.com/,
    fix: /Remove the variables/,
  },
  {
    name: 'the SDK is too old',
    stage: 'dual',
    setting: { workload: { sdk: { language: 'python', version: '1.26.0' } } },
    break: () => undefined,
    notes: ['sdk problem', '(credential-chain problem after sdk)'],
    found: /python 1\.26\.0 does not support Pod Identity/,
    fix: /Upgrade the python SDK in the image to 1\.34\.41/,
  },
  {
    name: 'the SDK is not declared',
    stage: 'dual',
    setting: { undeclaredSdk: true },
    break: () => undefined,
    notes: ['sdk warning'],
    found: /does not declare the SDK/,
    fix: /sdk: \{ language/,
  },
  {
    name: 'keys are hard-coded',
    stage: 'dual',
    break: (world) => changed(world, { earlier: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }),
    notes: ['credential-chain problem'],
    found:
      /app: the SDK uses access keys in its environment \(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY\) before Pod Identity/,
    fix: /Remove the variables/,
  },
  {
    name: 'keys are hard-coded on IRSA',
    stage: 'irsa',
    break: (world) => changed(world, { earlier: ['AWS_ACCESS_KEY_ID'] }),
    notes: ['credential-chain problem'],
    found: /before web identity/,
    fix: /Remove the variables/,
  },
  {
    name: 'web identity is hard-coded beside Pod Identity',
    stage: 'cutover',
    break: (world) => pods(world, podIdentityPod(WEB_IDENTITY)),
    notes: ['credential-chain problem'],
    found: /uses web identity \(AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE\) before Pod Identity/,
    fix: /Remove the variables/,
  },
  {
    name: 'a pod was admitted under another annotation',
    stage: 'irsa',
    break: (world) => pods(world, irsaPod({ AWS_ROLE_ARN: 'arn:other' })),
    notes: ['pod-credentials problem'],
    found: /1 of 1 pods were admitted when the annotation named arn:other: orders-api-old/,
    fix: /^Restart these pods\..*\nkubectl --context \S+ -n production rollout restart deployment\/orders-api$/,
  },
  {
    name: 'a pod was admitted under the annotation that still stands',
    stage: 'irsa',
    break: (world) => {
      pods(world, irsaPod({ AWS_ROLE_ARN: 'arn:other' }));
      annotate(world, 'arn:other');
    },
    notes: ['annotation problem', '(pod-credentials problem after annotation)'],
    found: /role-arn is arn:other/,
    fix: /annotate serviceaccount orders-api/,
  },
  ...(
    [
      ['a role and a token of another path', { AWS_ROLE_ARN: 'arn:other', AWS_WEB_IDENTITY_TOKEN_FILE: '/own' }],
      ['a token of another path', { AWS_WEB_IDENTITY_TOKEN_FILE: '/own' }],
      ['a role that comes from a secret', { AWS_ROLE_ARN: 'secret orders/arn' }],
    ] as const
  ).map(([name, env]): Fault => ({
    name: `${name} is hard-coded`,
    stage: 'irsa',
    break: (world) => pods(world, irsaPod(env)),
    notes: ['credential-chain problem'],
    found: /hard-coded, not from the webhook: app: AWS_/,
    fix: /Remove the variables/,
  })),
  {
    name: 'credentials of ECS are in the environment',
    stage: 'dual',
    break: (world) => changed(world, { earlier: ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] }),
    notes: ['credential-chain problem'],
    found: /container credentials of ECS/,
    fix: /Remove the variables/,
  },
  {
    name: 'a template without pods has keys from a ConfigMap',
    stage: 'prepared',
    break: (world) => {
      const sources = [{ kind: 'configmap', name: 'settings' }] as const;
      world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly', containers: [containerOf({ sources })] }));
      world.configMaps['production/settings'] = { variables: ['AWS_ACCESS_KEY_ID'], proxies: {} };
    },
    notes: ['credential-chain problem'],
    found:
      /before Pod Identity: cronjob\/nightly app uses access keys in its environment: AWS_ACCESS_KEY_ID of configmap/,
    fix: /Remove the variables/,
  },
  {
    name: 'variables come from a Secret that podlift may not read',
    stage: 'dual',
    break: (world) => {
      changed(world, { sources: [{ kind: 'secret', name: 'orders' }] });
      world.unanswered = { secret: 'denied' };
    },
    notes: ['credential-chain unknown'],
    found: /the variables of secret orders/,
    fix: /podlift-read-secrets/,
  },
  {
    name: 'a profile comes first',
    stage: 'dual',
    break: (world) => changed(world, { earlier: ['AWS_PROFILE', 'AWS_CONFIG_FILE'] }),
    notes: ['credential-chain warning'],
    found: /reads a profile first: app: AWS_PROFILE, AWS_CONFIG_FILE/,
    fix: /Check that the file has no credentials/,
  },
  {
    name: 'a proxy without an exception',
    stage: 'dual',
    break: (world) => changed(world, { proxy: { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '.svc,10.0.0.0/8' } }),
    notes: ['proxy problem'],
    found: /go through a proxy: app: HTTP_PROXY with NO_PROXY \.svc,10\.0\.0\.0\/8/,
    fix: /Add 169\.254\.170\.23 to NO_PROXY/,
  },
  {
    name: 'a proxy for HTTPS without an exception',
    stage: 'dual',
    break: (world) => changed(world, { proxy: { HTTPS_PROXY: 'http://proxy:3128' } }),
    notes: ['proxy warning'],
    found: /may go through a proxy/,
    fix: /Add 169\.254\.170\.23/,
  },
  {
    name: 'a proxy on a cluster of IPv6',
    stage: 'dual',
    break: (world) => {
      pods(world, podIdentityPod({ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://[fd00:ec2::23]/v1/credentials' }));
      changed(world, { proxy: { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '169.254.170.23' } });
    },
    notes: ['proxy problem'],
    found: /http:\/\/\[fd00:ec2::23\]/,
    fix: /Add \[fd00:ec2::23\] to NO_PROXY/,
  },
  {
    name: 'a proxy comes from a ConfigMap',
    stage: 'dual',
    break: (world) => {
      changed(world, { sources: [{ kind: 'configmap', name: 'proxies' }] });
      world.configMaps['production/proxies'] = { variables: ['HTTP_PROXY'], proxies: { HTTP_PROXY: 'http://proxy' } };
    },
    notes: ['proxy problem'],
    found: /go through a proxy: app: HTTP_PROXY with NO_PROXY unset/,
    fix: /Add 169\.254\.170\.23/,
  },
  {
    name: 'a NetworkPolicy that Cilium enforces allows only ranges',
    stage: 'dual',
    break: (world) => {
      policies(world, shut({ egress: [{ blocks: [{ cidr: '0.0.0.0/0', except: [] }] }] }));
      const labels = { 'k8s-app': 'cilium' };
      world.templates.push(templateOf({ namespace: 'kube-system', kind: 'DaemonSet', name: 'cilium', labels }));
    },
    notes: ['network-policy unknown'],
    found: /an ipBlock rule does not admit it/,
    fix: /toEntities: \[host\]/,
  },
  {
    name: 'a CiliumNetworkPolicy may shut the pods',
    stage: 'dual',
    break: (world) =>
      (world.enginePolicies = {
        'ciliumnetworkpolicies.cilium.io': [{ namespace: 'production', name: 'closed', limits: true }],
      }),
    notes: ['network-policy unknown'],
    found: /CiliumNetworkPolicy production\/closed can limit egress/,
    fix: /allow TCP port 80 of 169\.254\.170\.23/,
  },
  {
    name: 'a NetworkPolicy shuts everything',
    stage: 'dual',
    break: (world) => policies(world, shut()),
    notes: ['network-policy problem'],
    found: /NetworkPolicy default-deny limits egress, and nothing allows 169\.254\.170\.23\/32 port 80/,
    fix: /cidr: 169\.254\.170\.23\/32/,
  },
  {
    name: 'a NetworkPolicy allows all but link-local addresses',
    stage: 'dual',
    break: (world) =>
      policies(world, shut({ egress: [{ blocks: [{ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] }] }] })),
    notes: ['network-policy problem'],
    found: /nothing allows/,
    fix: /egress rule/,
  },
  {
    name: 'a NetworkPolicy allows other ports',
    stage: 'dual',
    break: (world) => policies(world, shut({ egress: [{ ports: [{ from: 443, to: 443 }] }] })),
    notes: ['network-policy problem'],
    found: /port 80/,
    fix: /port: 80/,
  },
  {
    name: 'a NetworkPolicy that selects by expressions shuts',
    stage: 'dual',
    break: (world) => policies(world, { name: 'default-deny', limitsEgress: true, egress: [] }),
    notes: ['network-policy unknown'],
    found: /selects pods by expressions/,
    fix: /egress rule/,
  },
];
