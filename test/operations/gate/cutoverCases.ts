import { NO_IMPORTS } from '../../blueprint/inventoryOf';
import { irsaPod, ROLE, webIdentityEvent, type World } from '../agreedWorld';
import type { GateCase } from './GateCase';
import { serviceAccountOf } from '../facts';

const KEY = '333333333333/prod-orders-api';
const unused = (world: World) => {
  world.roles[KEY] = { ...world.roles[KEY]!, lastUsed: '2026-11-01T00:00:00Z' };
};

export const CUTOVER_CASES: readonly GateCase[] = [
  ...(['soak', 'web-identity-unused', 'role-used'] as const).flatMap((check): GateCase[] => [
    { title: 'since is missing', check, holds: 'no', setting: { since: undefined }, remedy: /since: 2026-11-21T12:00/ },
    { title: 'since is in the future', check, holds: 'no', setting: { since: '2026-12-01T00:00:00Z' } },
  ]),
  {
    title: 'the soak is not over',
    check: 'soak',
    holds: 'no',
    setting: { wave: { soak: '14d' } },
    found: /7d 3h, the soak is 14d: 6d 21h remaining/,
    remedy: /after 2026-11-28T09:00:00/,
  },
  { title: 'one minute is missing', check: 'soak', holds: 'no', setting: { since: '2026-11-14T12:01:00Z' } },
  { title: 'the soak is just over', check: 'soak', holds: 'yes', setting: { since: '2026-11-14T12:00:00Z' } },
  {
    title: 'a role taken by web identity since',
    check: 'web-identity-unused',
    holds: 'no',
    change: (world) => world.events.push(webIdentityEvent()),
    found: /sessions since .*: 1, .*system:serviceaccount:production:orders-api/,
    remedy: /restart/,
  },
  {
    title: 'a web identity of no named provider',
    check: 'web-identity-unused',
    holds: 'no',
    change: (world) => {
      const event = { ...webIdentityEvent() };
      delete event.provider;
      world.events.push(event);
    },
  },
  {
    title: 'a web identity before the stage began',
    check: 'web-identity-unused',
    holds: 'yes',
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-14T08:59:59Z' })),
    found: /no web identity session since .*15 minutes late/,
  },
  {
    title: 'a web identity of another role',
    check: 'web-identity-unused',
    holds: 'yes',
    change: (world) => world.events.push(webIdentityEvent({ roleArns: [`${ROLE}-2`] })),
  },
  {
    title: 'GitHub on the same role',
    check: 'web-identity-unused',
    holds: 'yes',
    change: (world) =>
      world.events.push(
        webIdentityEvent({ provider: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' }),
      ),
  },
  {
    title: 'an attempt that was denied',
    check: 'web-identity-unused',
    holds: 'yes',
    change: (world) => world.events.push(webIdentityEvent({ error: 'AccessDenied' })),
    found: /1 denied/,
  },
  { title: 'a role that slept', check: 'role-used', holds: 'no', change: unused, found: /not used since/ },
  {
    title: 'a role that EKS took, which IAM does not know yet',
    check: 'role-used',
    holds: 'yes',
    change: (world) => {
      unused(world);
      world.events.push(webIdentityEvent({ name: 'AssumeRole', invokedBy: 'pods.eks.amazonaws.com' }));
    },
    found: /1 sessions through Pod Identity/,
  },
  {
    title: 'a role that someone else assumed',
    check: 'role-used',
    holds: 'no',
    change: (world) => {
      unused(world);
      world.events.push(webIdentityEvent({ name: 'AssumeRole', invokedBy: 'ec2.amazonaws.com' }));
    },
  },
  ...(
    [
      ['its pod asked EKS Auth', 'prod-main', 'orders-api', 'yes'],
      ['a pod of another cluster asked', 'other', 'orders-api', 'no'],
      ['a pod of another service account asked', 'prod-main', 'orders-api-2', 'no'],
    ] as const
  ).map(([title, cluster, serviceAccount, holds]): GateCase => ({
    title,
    check: 'role-used',
    holds,
    change: (world) => {
      unused(world);
      const pod = { cluster, namespace: 'production', serviceAccount };
      world.events.push(webIdentityEvent({ name: 'AssumeRoleForPodIdentity', roleArns: [], pod }));
    },
  })),
  {
    title: 'the annotation is there still',
    check: 'annotation',
    holds: 'no',
    change: (world) =>
      (world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api', {
        'eks.amazonaws.com/role-arn': ROLE,
      })),
    remedy: /annotate serviceaccount orders-api eks\.amazonaws\.com\/role-arn-$/,
  },
  {
    title: 'the annotation is there still, and Terraform’s',
    check: 'annotation',
    holds: 'no',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    change: (world) =>
      (world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api', {
        'eks.amazonaws.com/role-arn': ROLE,
      })),
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
  {
    title: 'the annotation is empty, and Terraform’s',
    check: 'annotation',
    holds: 'yes',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    change: (world) =>
      (world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api', {
        'eks.amazonaws.com/role-arn': '',
      })),
    found: /^no annotation, as at cutover$/,
  },
  {
    title: 'the service account that podlift annotates is gone',
    check: 'annotation',
    holds: 'no',
    setting: {
      cluster: { kubernetes: { context: 'prod-main' } },
      workload: { serviceAccount: { name: 'orders-api', manage: 'annotate' } },
    },
    change: (world) => (world.serviceAccounts = {}),
    remedy: /create serviceaccount orders-api\nThen /,
  },
  {
    title: 'a pod that still holds web identity',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod()),
  },
  {
    title: 'the OIDC trust was taken away by hand',
    check: 'trust',
    holds: 'no',
    change: (world) => {
      const role = world.roles[KEY]!;
      world.roles[KEY] = { ...role, trust: { Statement: (role.trust.Statement as never[]).slice(1) } };
    },
  },
  {
    title: 'an adopted role that GitHub may take too',
    check: 'trust',
    holds: 'yes',
    setting: { workload: { role: { name: 'prod-orders-api', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS } } },
    change: addGitHub,
    found: /1 statement of others/,
  },
  { title: 'a role of podlift’s that GitHub may take too', check: 'trust', holds: 'no', change: addGitHub },
];

function addGitHub(world: World) {
  const role = world.roles[KEY]!;
  const github = {
    Effect: 'Allow' as const,
    Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
  };
  world.roles[KEY] = { ...role, trust: { Statement: [...(role.trust.Statement as never[]), github] } };
}
