import type { TrailEvent } from '../../../src/estate/aws/AwsPort';
import { targetOf } from '../../blueprint/inventoryOf';
import { irsaPod, podIdentityPod, podOf, ROLE, webIdentityEvent, type World } from '../agreedWorld';
import { roleUsedCases } from './cutoverCases';
import type { GateCase } from './GateCase';
import { containerOf, templateOf } from '../facts';

const KUBECTL = String.raw`kubectl --context arn:aws:eks:us-west-2:333333333333:cluster/prod-main -n production`;

const throttledAt = (at: string, error = 'ThrottlingException'): TrailEvent => ({
  id: `t-${at}`,
  name: 'AssumeRoleForPodIdentity',
  at,
  roleArns: [],
  error,
});
const MANY = Array.from({ length: 101 }, (_, index) => irsaPod({}, { name: `orders-api-${index}` }));

const secretStore = (world: World) => {
  const auth = { jwt: { serviceAccountRef: { name: 'orders-api' } } };
  const fields = { spec: { provider: { aws: { auth } } } };
  world.customObjects = {
    'secretstores.external-secrets.io': [{ namespace: 'production', name: 'orders', fields }],
  };
};

const mountpointVolume = (world: World) => {
  const csi = { driver: 's3.csi.aws.com', volumeAttributes: { authenticationSource: 'pod' } };
  const spec = { csi, claimRef: { namespace: 'production', name: 'orders' } };
  world.customObjects = { persistentvolumes: [{ name: 'orders', fields: { spec } }] };
  world.templates = [templateOf({ volumeClaims: ['orders'] })];
};

export const DUAL_CASES: readonly GateCase[] = [
  ...(['prepared', 'dual'] as const).flatMap((at): readonly GateCase[] => [
    {
      title: `EKS Auth throttled in the last hour (at ${at})`,
      check: 'eks-auth-rate',
      holds: 'no',
      at,
      change: (world) => world.events.push(throttledAt('2026-11-21T11:20:00Z'), throttledAt('2026-11-21T11:40:00Z')),
      found: /EKS Auth throttled 2 requests in us-west-2 in the last hour, the last at 2026-11-21T11:40:00Z/,
      remedy: /npx podlift gate pilot --environment prod/,
    },
    {
      title: `EKS Auth throttled before, and denied a request since (at ${at})`,
      check: 'eks-auth-rate',
      holds: 'yes',
      at,
      change: (world) =>
        world.events.push(
          throttledAt('2026-11-21T10:40:00Z'),
          throttledAt('2026-11-21T11:40:00Z', 'AccessDeniedException'),
        ),
      found: /throttled no request in us-west-2 in the last hour/,
    },
  ]),
  {
    title: 'more pods to restart than EKS Auth takes at once: a warning',
    check: 'eks-auth-rate',
    holds: 'yes',
    at: 'prepared',
    change: (world) => world.pods.push(...MANY),
    found:
      /102 pods have to restart in us-west-2, and each requests credentials .*: more than 100 at once can be throttled/,
    remedy: /Restart the workloads one after the other/,
  },
  {
    title: 'no association',
    check: 'association',
    holds: 'no',
    change: (world) => (world.associations = []),
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'an association with another role',
    check: 'association',
    holds: 'no',
    change: (world) => (world.associations[0] = { ...world.associations[0]!, roleArn: `${ROLE}-2` }),
    found: /its role is .*-2, should be /,
  },
  {
    title: 'an association without the target role',
    check: 'association',
    holds: 'no',
    setting: { targets: [targetOf({ via: 'association' })] },
    change: (world) => {
      const association = { ...world.associations[0]! };
      delete association.targetRoleArn;
      world.associations[0] = association;
    },
    found: /its target role is none, should be arn/,
  },
  {
    title: 'an association that sends no session tags',
    check: 'association',
    holds: 'no',
    change: (world) => (world.associations[0] = { ...world.associations[0]!, disableSessionTags: true }),
    found: /session tags are disabled, should be enabled/,
  },
  {
    title: 'an association with a session policy',
    check: 'association',
    holds: 'no',
    change: (world) =>
      (world.associations[0] = {
        ...world.associations[0]!,
        sessionPolicy: { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } },
      }),
    found: /its session policy is {"Statement":.*}, should be none/,
    remedy: /An apply does not remove the session policy\..*\n.*eks delete-pod-identity-association/,
  },
  ...(
    [
      ['Deployment', /rollout restart deployment\/orders-api$/m],
      ['StatefulSet', /rollout restart statefulset\/orders-api$/m],
      ['DaemonSet', /rollout restart daemonset\/orders-api$/m],
      ['Job', /Job production\/orders-api: wait until it ends, or delete it\. A CronJob creates/],
      ['Rollout', /delete pod orders-api-old$/m],
    ] as const
  ).map(([kind, remedy]): GateCase => ({
    title: `a pod of a ${kind} that was never restarted`,
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod({}, { owner: { kind, name: 'orders-api' } })),
    found: /1 of 2 pods started before Pod Identity was set up .*: orders-api-old/,
    remedy,
  })),
  {
    title: 'the command is for its cluster and namespace',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod()),
    remedy: new RegExp(`\n${KUBECTL} rollout restart deployment/orders-api$`),
  },
  {
    title: 'a pod that was made by hand',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => {
      const pod = { ...irsaPod() };
      delete pod.owner;
      world.pods.push(pod);
    },
    remedy: /created by hand/,
  },
  {
    title: 'a pod with no credentials at all, created before the association had spread',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(podOf()),
  },
  {
    title: 'an old pod that is ending still holds web identity',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod({}, { ending: true })),
    remedy: /ending/,
  },
  {
    title: 'a pod that sets web identity beside Pod Identity',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(podIdentityPod({ AWS_WEB_IDENTITY_TOKEN_FILE: '/etc/token' })),
    found: /SDKs use web identity before Pod Identity/,
  },
  {
    title: 'container credentials of something other than EKS',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(podIdentityPod({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/etc/other' })),
  },
  {
    title: 'a sidecar without variables',
    check: 'pod-credentials',
    holds: 'yes',
    change: (world) => {
      const pod = podIdentityPod();
      world.pods.push({ ...pod, containers: [...pod.containers, containerOf({ name: 'proxy' })] });
    },
  },
  ...roleUsedCases('2026-11-14T08:59:59Z'),
  {
    title: 'no web identity in the last 24 hours',
    check: 'annotation-readers',
    holds: 'yes',
    setting: { wave: { soak: '1h' } },
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-20T11:59:59Z' })),
    found: /no web identity session in the last 1d; CloudTrail is up to 15 minutes late/,
  },
  {
    title: 'a controller assumed the role by web identity three hours ago',
    check: 'annotation-readers',
    holds: 'no',
    setting: { wave: { soak: undefined as never } },
    change: (world) =>
      world.events.push(
        webIdentityEvent({
          at: '2026-11-21T09:00:00Z',
          userAgent: 'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22',
          session: 'external-secrets-provider-aws',
        }),
      ),
    found:
      /sessions in the last 1d: 1, the last at 2026-11-21T09:00:00Z by system:serviceaccount:production:orders-api \(aws-sdk-go-v2\/1.30.3, session external-secrets-provider-aws\)/,
    remedy: /If no further session starts, the gate can pass after 2026-11-22T09:00:01.000Z:\nnpx podlift gate pilot/,
  },
  {
    title: 'a controller whose object is on the cluster assumed the role by web identity',
    check: 'annotation-readers',
    holds: 'no',
    change: (world) => {
      world.events.push(webIdentityEvent({ at: '2026-11-21T09:00:00Z' }));
      secretStore(world);
    },
    found:
      /1, the last at 2026-11-21T09:00:00Z by .*\nObjects whose controllers assume the role: SecretStore production\/orders of External Secrets\.$/,
  },
  {
    title: 'a volume whose driver uses web identity as long as there is an annotation',
    check: 'annotation-readers',
    holds: 'no',
    change: (world) => {
      world.events.push(webIdentityEvent({ at: '2026-11-21T09:00:00Z', userAgent: 'mountpoint-s3/1.19.0' }));
      mountpointVolume(world);
    },
    found:
      /Objects whose controllers assume the role: PersistentVolume orders of Mountpoint for Amazon S3 CSI driver\.$/,
    remedy:
      /PersistentVolume orders .*: it uses Pod Identity as soon as there is no annotation\. .*--accept annotation-readers:orders-api --because REASON\. Restart the pods after the step\.\nIf no further session/,
  },
  {
    title: 'an object of a controller, and nobody assumed the role by web identity',
    check: 'annotation-readers',
    holds: 'yes',
    change: secretStore,
    found: /no web identity session in the last/,
  },
  {
    title: 'a web identity session, and the kinds of controllers cannot be read',
    check: 'annotation-readers',
    holds: 'no',
    change: (world) => {
      world.events.push(webIdentityEvent({ at: '2026-11-21T09:00:00Z' }));
      secretStore(world);
      world.unanswered.customObjects = 'denied';
    },
    found: /1, the last at 2026-11-21T09:00:00Z.*\nCould not be read: get \S+\.external-secrets\.io -A \(denied\)\./,
  },
  {
    title: 'a web identity session, and the API groups cannot be read',
    check: 'annotation-readers',
    holds: 'no',
    change: (world) => {
      world.events.push(webIdentityEvent({ at: '2026-11-21T09:00:00Z' }));
      world.unanswered.apiGroups = 'denied';
    },
    found: /1, the last at 2026-11-21T09:00:00Z.*\nCould not be read: get --raw \/apis \(denied\)\.$/,
  },
  {
    title: 'a web identity three days ago, and the soak is longer than a day',
    check: 'annotation-readers',
    holds: 'no',
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-18T12:00:00Z' })),
    found: /in the last 7d: 1/,
    remedy: /after 2026-11-25T12:00:01.000Z/,
  },
  {
    title: 'GitHub on the same role',
    check: 'annotation-readers',
    holds: 'yes',
    change: (world) =>
      world.events.push(
        webIdentityEvent({
          at: '2026-11-21T09:00:00Z',
          provider: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com',
        }),
      ),
  },
  {
    title: 'an attempt that was denied',
    check: 'annotation-readers',
    holds: 'yes',
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-21T09:00:00Z', error: 'AccessDenied' })),
    found: /1 denied/,
  },
  { title: 'no pod runs', check: 'pod-credentials', holds: 'yes', change: (world) => (world.pods = []) },
  {
    title: 'an old pod that is over',
    check: 'pod-credentials',
    holds: 'yes',
    change: (world) => world.pods.push(irsaPod({}, { phase: 'Failed' })),
  },
];
