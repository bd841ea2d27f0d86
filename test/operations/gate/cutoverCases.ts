import type { TrailEvent } from '../../../src/estate/aws/AwsPort';
import { NO_IMPORTS, targetOf } from '../../blueprint/inventoryOf';
import { irsaPod, podIdentityEvent, ROLE, webIdentityEvent, type World } from '../agreedWorld';
import type { TemplateFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import type { GateCase } from './GateCase';
import { containerOf, serviceAccountOf, templateOf } from '../facts';

const KEY = '333333333333/prod-orders-api';
const ACCOUNT = 'production/orders-api';
const unused = (world: World) => {
  world.events = world.events.filter(({ name }) => name !== 'AssumeRole');
};
/** The annotation was removed by a write at this time, which left its owner. */
const changedAt = (at: string) => (world: World) => {
  world.serviceAccounts[ACCOUNT] = { ...world.serviceAccounts[ACCOUNT]!, changedAt: at };
};
const untimedAnnotation = (world: World) => {
  const { changedAt: _, ...account } = world.serviceAccounts[ACCOUNT]!;
  world.serviceAccounts[ACCOUNT] = account;
};
const trustEvent = (parts: Partial<TrailEvent> = {}): TrailEvent => ({
  id: 't-1',
  name: 'UpdateAssumeRolePolicy',
  at: '2026-11-21T11:00:00Z',
  roleArns: [],
  role: 'prod-orders-api',
  ...parts,
});
const DATA = { key: 'data-prod', id: '444444444444', deployRole: 'arn:aws:iam::444444444444:role/podlift-deploy' };

/** A container of a pod names another region than its cluster's: CloudTrail has its calls there. */
const inRegion = (regions: Readonly<Record<string, string>>) => (world: World) => {
  const [pod] = world.pods;
  const containers = pod!.containers.map((container) => ({ ...container, regions }));
  world.pods[0] = { ...pod!, containers };
  world.eventRegions = { 'e-1': 'eu-central-1' };
  world.events.push(webIdentityEvent());
};
const REGION_CASES: readonly GateCase[] = [
  {
    title: 'a web identity in a region that nobody names',
    check: 'web-identity-unused',
    holds: 'yes',
    change: inRegion({ AWS_REGION: 'us-west-2' }),
  },
  {
    title: 'a web identity in the region that the pod’s AWS_REGION names',
    check: 'web-identity-unused',
    holds: 'no',
    change: inRegion({ AWS_REGION: 'eu-central-1' }),
  },
  {
    title: 'a web identity in the region that the pod’s AWS_DEFAULT_REGION names',
    check: 'web-identity-unused',
    holds: 'no',
    change: inRegion({ AWS_DEFAULT_REGION: 'eu-central-1' }),
  },
  {
    title: 'a region from a ConfigMap, which the pod does not state',
    check: 'web-identity-unused',
    holds: 'unknown',
    change: inRegion({ AWS_REGION: 'configmap orders/region' }),
    found: /could not be checked: AWS_REGION of container app is configmap orders\/region/,
    remedy: /Write the region into the pod spec/,
  },
  {
    title: 'a web identity in the region that a pod template names, of which no pod runs',
    check: 'web-identity-unused',
    holds: 'no',
    change: (world) => {
      inRegion({})(world);
      const containers = [containerOf({ regions: { AWS_REGION: 'eu-central-1' } })];
      world.templates.push(templateOf({ name: 'asleep', replicas: 0, containers }));
    },
  },
  {
    title: 'a pod of another service account names another region',
    check: 'web-identity-unused',
    holds: 'yes',
    change: (world) => {
      inRegion({ AWS_REGION: 'eu-central-1' })(world);
      world.pods[0] = { ...world.pods[0]!, serviceAccount: 'other' };
    },
  },
];

const cronJob =
  (cron: Partial<NonNullable<TemplateFacts['cron']>>, parts: Partial<TemplateFacts> = {}) =>
  (world: World) =>
    world.templates.push(
      templateOf({
        kind: 'CronJob',
        name: 'report',
        cron: { schedule: '0 3 * * 0', suspended: false, ...cron },
        ...parts,
      }),
    );
const CRON_CASES: readonly GateCase[] = [
  {
    title: 'a CronJob has completed in the stage',
    check: 'soak',
    holds: 'yes',
    change: cronJob({ lastSuccessful: '2026-11-15T03:01:00Z' }),
    found: /each CronJob has completed since 2026-11-14T09:00:00.000Z: report/,
  },
  {
    title: 'a CronJob has not completed in the stage, though it was scheduled',
    check: 'soak',
    holds: 'no',
    change: cronJob({ lastScheduled: '2026-11-15T03:00:00Z', lastSuccessful: '2026-11-08T03:01:00Z' }),
    found:
      /CronJob production\/report has not completed since 2026-11-14T09:00:00.000Z \(last 2026-11-08T03:01:00Z, schedule 0 3 \* \* 0\)/,
    remedy:
      /Wait for its next run; or, if one more run does no harm, start it:\nkubectl .* -n production create job report-once --from=cronjob\/report\n/,
  },
  {
    title: 'a CronJob has never completed',
    check: 'soak',
    holds: 'no',
    change: cronJob({}),
    found: /\(never, schedule/,
  },
  {
    title: 'a suspended CronJob has not run in the stage: it is not seen',
    check: 'soak',
    holds: 'unknown',
    change: cronJob({ suspended: true }),
    found: /^not seen: CronJob production\/report .* and it is suspended/,
    remedy: /Resume the CronJob/,
  },
  {
    title: 'a CronJob of another service account',
    check: 'soak',
    holds: 'yes',
    change: cronJob({}, { serviceAccount: 'other' }),
  },
];

/** Cases of a use of the role; `before` is a time before the stage began. */
export function roleUsedCases(before: string): readonly GateCase[] {
  const not = (title: string, parts: Partial<TrailEvent>): GateCase => ({
    title,
    check: 'role-used',
    holds: 'unknown',
    change: (world) => {
      unused(world);
      world.events.push(podIdentityEvent({}, parts));
    },
    found: /not seen: no session through Pod Identity on main since /,
  });
  const pod = { cluster: 'prod-main', namespace: 'production', serviceAccount: 'orders-api' };
  return [
    {
      title: 'a role that slept',
      check: 'role-used',
      holds: 'unknown',
      change: unused,
      found: /not seen: no session through Pod Identity on main since /,
      remedy:
        /role of orders-api once on main: .*\. IMAGE is any image with the AWS CLI .*:\nnpx podlift probe orders-api --environment prod --image IMAGE\nAfter 15 minutes run the gate again:\nnpx podlift gate/,
    },
    {
      title: 'a session that is older than what an agent renews, in the stage',
      check: 'role-used',
      holds: 'yes',
      change: (world) => {
        unused(world);
        world.events.push(podIdentityEvent({}, { at: '2026-11-15T00:00:00Z' }));
      },
      found: /1 sessions through Pod Identity since 2026-11-14T09:00:00.000Z/,
    },
    not('a session before the stage began', { at: before }),
    not('a session of a pod of another cluster', { pod: { ...pod, cluster: 'other' } }),
    not('a session of a pod of another service account', { pod: { ...pod, serviceAccount: 'orders-api-2' } }),
    not('a session of a pod of another namespace', { pod: { ...pod, namespace: 'staging' } }),
    not('another service that assumed the role', { invokedBy: 'ec2.amazonaws.com' }),
    not('a session that was denied', { error: 'AccessDenied' }),
    not('a session of another role', { roleArns: [`${ROLE}-2`] }),
    {
      title: 'a session without session tags, whose name has the cluster',
      check: 'role-used',
      holds: 'yes',
      change: (world) => {
        unused(world);
        const { pod: _, ...event } = podIdentityEvent();
        world.events.push(event);
      },
    },
    {
      title: 'a session without session tags, whose name has another cluster',
      check: 'role-used',
      holds: 'unknown',
      change: (world) => {
        unused(world);
        const { pod: _, ...event } = podIdentityEvent({ clusterName: 'other' });
        world.events.push(event);
      },
    },
  ];
}

export const CUTOVER_CASES: readonly GateCase[] = [
  ...(['soak', 'web-identity-unused', 'role-used'] as const).flatMap((check): GateCase[] => [
    { title: 'since is missing: it does not count', check, holds: 'yes', setting: { since: undefined } },
    { title: 'since is in the future', check, holds: 'yes', setting: { since: '2026-12-01T00:00:00Z' } },
  ]),
  {
    title: 'the soak is not over',
    check: 'soak',
    holds: 'no',
    setting: { wave: { soak: '14d' } },
    found: /at cutover since 2026-11-14T09:00:00.000Z .* for 7d 3h; the soak is 14d: 6d 21h remaining/,
    remedy: /after 2026-11-28T09:00:00/,
  },
  { title: 'one minute is missing', check: 'soak', holds: 'no', change: changedAt('2026-11-14T12:01:00Z') },
  { title: 'the soak is just over', check: 'soak', holds: 'yes', change: changedAt('2026-11-14T12:00:00Z') },
  {
    title: 'since is old, and the annotation was removed a minute ago',
    check: 'soak',
    holds: 'no',
    setting: { since: '2026-10-01T00:00:00Z' },
    change: changedAt('2026-11-21T11:59:00Z'),
    found: /since 2026-11-21T11:59:00.000Z \(the annotation of production\/orders-api on main\), for 1m/,
  },
  {
    title: 'the empty annotation has an owner since yesterday, and another field of the account changed today',
    check: 'soak',
    holds: 'no',
    change: (world) => {
      const owner = { manager: 'podlift', operation: 'Apply', at: '2026-11-20T12:00:00Z' } as const;
      const account = { ...world.serviceAccounts[ACCOUNT]!, roleOwners: [owner], changedAt: '2026-11-21T11:59:00Z' };
      world.serviceAccounts[ACCOUNT] = account;
    },
    found: /since 2026-11-20T12:00:00.000Z/,
  },
  {
    title: 'another field of the account changed today, and the empty annotation is old',
    check: 'soak',
    holds: 'yes',
    change: (world) => {
      const owner = { manager: 'podlift', operation: 'Apply', at: '2026-11-12T12:00:00Z' } as const;
      const account = { ...world.serviceAccounts[ACCOUNT]!, roleOwners: [owner], changedAt: '2026-11-21T11:59:00Z' };
      world.serviceAccounts[ACCOUNT] = account;
    },
  },
  {
    title: 'somebody removed the annotation, of which Kubernetes keeps no time, and the wave is there since yesterday',
    check: 'soak',
    holds: 'no',
    setting: { since: '2026-11-20T12:00:00Z' },
    found: /since 2026-11-20T12:00:00.000Z \(the last step of the wave: nobody owns the annotation\)/,
  },
  {
    title: 'nothing shows when the annotation changed: the association does',
    check: 'soak',
    holds: 'yes',
    setting: { since: undefined },
    change: untimedAnnotation,
    found: /\(the association of production\/orders-api on main\)/,
  },
  {
    title: 'nothing shows when the annotation and the association changed',
    check: 'soak',
    holds: 'unknown',
    change: (world) => {
      untimedAnnotation(world);
      world.associations = world.associations.map(({ modifiedAt: _, ...association }) => association);
    },
    found:
      /could not be checked: nothing shows when the association of production\/orders-api on main, the annotation of production\/orders-api on main changed/,
    remedy: /Read AWS and the cluster again: .*waves\.pilot\.stages\.prod\.since does not count/,
  },
  {
    title: 'the association was changed an hour ago',
    check: 'soak',
    holds: 'no',
    change: (world) => {
      world.associations = world.associations.map((one) => ({ ...one, modifiedAt: '2026-11-21T11:00:00Z' }));
    },
    found: /\(the association of production\/orders-api on main\), for 1h/,
  },
  {
    title: 'the trust policy was changed an hour ago',
    check: 'soak',
    holds: 'no',
    change: (world) => world.events.push(trustEvent()),
    found: /since 2026-11-21T11:00:00.000Z \(the trust policy of prod-orders-api\), for 1h/,
  },
  {
    title: 'the trust policy of a target role was changed an hour ago',
    check: 'soak',
    holds: 'no',
    setting: { targets: [targetOf({ account: DATA })] },
    change: (world) => world.events.push(trustEvent({ role: 'prod-orders-api-ledger' })),
    found: /\(the trust policy of prod-orders-api-ledger\), for 1h/,
  },
  {
    title: 'the role was created an hour ago',
    check: 'soak',
    holds: 'no',
    change: (world) => {
      world.roles[KEY] = { ...world.roles[KEY]!, createdAt: '2026-11-21T11:00:00Z' };
    },
    found: /\(the creation of role prod-orders-api\), for 1h/,
  },
  ...(
    [
      ['of another role', { role: 'prod-orders-api-2' }],
      ['that was denied', { error: 'AccessDenied' }],
      ['before the annotation went', { at: '2026-11-14T08:00:00Z' }],
    ] as const
  ).map(([title, parts]): GateCase => ({
    title: `a change of the trust policy ${title}`,
    check: 'soak',
    holds: 'yes',
    change: (world) => world.events.push(trustEvent(parts)),
  })),
  {
    title: 'a soak shorter than the delay of CloudTrail',
    check: 'soak',
    holds: 'no',
    setting: { wave: { soak: '1m' } },
    change: changedAt('2026-11-21T11:50:00Z'),
    found: /for 10m; the soak is 1m, and CloudTrail is up to 15 minutes late: 5m remaining/,
    remedy: /after 2026-11-21T12:05:00/,
  },
  {
    title: 'no soak, and the delay of CloudTrail is not over',
    check: 'soak',
    holds: 'no',
    setting: { wave: { soak: undefined as never } },
    change: changedAt('2026-11-21T11:46:00Z'),
    found: /for 14m; the wave has no soak, and CloudTrail is up to 15 minutes late: 1m remaining/,
  },
  {
    title: 'no soak, and the delay of CloudTrail is over',
    check: 'soak',
    holds: 'yes',
    setting: { wave: { soak: undefined as never } },
    change: changedAt('2026-11-21T11:45:00Z'),
  },
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
    title: 'a web identity of the second in which the stage began, since CloudTrail knows no fractions of it',
    check: 'web-identity-unused',
    holds: 'no',
    change: (world) => {
      world.associations = world.associations.map((one) => ({ ...one, modifiedAt: '2026-11-16T00:00:00.900Z' }));
      world.events.push(webIdentityEvent());
    },
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
  {
    title: 'a web identity in the stage, and none in the soak after it: the last one moves the start of the soak',
    check: 'web-identity-unused',
    holds: 'yes',
    setting: { wave: { soak: '2d' } },
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-19T11:00:00Z' })),
    found: /sessions since .*: 1, the last at 2026-11-19T11:00:00Z .*, and none in the soak after it/,
  },
  {
    title: 'a web identity less than the soak ago',
    check: 'web-identity-unused',
    holds: 'no',
    setting: { wave: { soak: '2d' } },
    change: (world) => world.events.push(webIdentityEvent({ at: '2026-11-19T13:00:00Z' })),
    remedy: /the gate can pass after 2026-11-21T13:00:01.000Z:\nnpx podlift gate pilot/,
  },
  ...REGION_CASES,
  ...CRON_CASES,
  ...roleUsedCases('2026-11-14T08:59:59Z'),
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
