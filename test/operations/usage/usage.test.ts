import type { LastAccessedFacts } from '../../../src/estate/aws/AwsPort';
import type { Estate } from '../../../src/estate/Estate';
import { placesOf } from '../../../src/estate/places';
import type { Stage, Workload } from '../../../src/inventory/Inventory';
import { proposals } from '../../../src/operations/usage/proposal';
import { usage } from '../../../src/operations/usage/usage';
import { environmentOf, inventoryOf, workloadOf, type WorkloadParts } from '../../blueprint/inventoryOf';

const AT = '2026-11-28T00:00:00.000Z';
const USED = '2026-11-20T00:00:00.000Z';
const OLD = '2026-01-01T00:00:00.000Z';
const STATEMENTS = [
  { actions: ['s3:GetObject', 'ssm:GetParameter', 'ssm:GetParameters'], resources: ['arn:aws:s3:::a/*'] },
  { effect: 'Deny', actions: ['ssm:GetParameters'], resources: ['*'] },
  { actions: ['sqs:SendMessage'], resources: ['*'] },
] as const;
const REPORT: LastAccessedFacts = {
  services: [
    { service: 's3', lastAccessed: USED, tracked: [] },
    { service: 'sqs', tracked: [] },
    {
      service: 'ssm',
      lastAccessed: USED,
      tracked: [{ action: 'ssm:GetParameter', lastAccessed: USED }, { action: 'ssm:GetParameters' }],
    },
  ],
};

interface Stands {
  readonly report?: LastAccessedFacts | 'denied';
  readonly createdAt?: string;
}

/** The usage of one workload in some environments, each in an account of its own. */
function usageOf(stands: Readonly<Record<string, Stands>>, parts: WorkloadParts = {}) {
  const permissions = { managedPolicies: [], inlinePolicies: {}, statements: STATEMENTS };
  const environments = Object.keys(stands).map((key, index) => {
    const account = { key, id: String(333_333_333_330 + index) };
    const workload: Workload = workloadOf({ key: 'api', stage: 'pod-identity', permissions, ...parts });
    return environmentOf({ key, account, workloads: [workload] });
  });
  const inventory = { ...inventoryOf(environments[0]!), environments };
  const accounts = Object.fromEntries(
    environments.map(({ key, account, workloads }) => {
      const { report = REPORT, createdAt = OLD } = stands[key]!;
      const { name } = workloads[0]!.role;
      const arn = `arn:aws:iam::${account.id}:role${workloads[0]!.role.path}${name}`;
      const role = {
        ...{ name, path: '/', arn, trust: { Statement: [] }, maxSessionDuration: 3600, tags: {}, createdAt },
      };
      const value = report === 'denied' ? { at: AT, denied: true, message: 'no' } : { at: AT, value: report };
      return [account.id, { roles: { [name]: { at: AT, value: role } }, lastAccessed: { [arn]: value } }];
    }),
  );
  const estate = { format: 'podlift.estate/1', at: AT, accounts, clusters: {} } as unknown as Estate;
  const request = { environments: environments.map(({ key }) => key), days: 90 };
  const roles = usage(inventory, request, estate, placesOf(inventory));
  return { roles, ...proposals(roles, () => STATEMENTS) };
}
const removedOf = (stands: Readonly<Record<string, Stands>>, parts: WorkloadParts = {}) =>
  usageOf(stands, parts).proposals.flatMap(({ removed }) => removed.map(({ action }) => action));

describe('a proposal', () => {
  it('has all statements without the actions that were not used, in the words of the inventory', () => {
    const { proposals: found } = usageOf({ prod: {} });
    expect(found).toEqual([
      {
        workload: 'api',
        path: 'workloads.api.permissions',
        removed: [
          { statement: 0, action: 'ssm:GetParameters' },
          { statement: 2, action: 'sqs:SendMessage' },
        ],
        yaml: `statements:
  - actions:
      - s3:GetObject
      - ssm:GetParameter
    resources:
      - arn:aws:s3:::a/*
  - effect: Deny
    actions:
      - ssm:GetParameters
    resources:
      - "*"
`,
      },
    ]);
  });

  it('removes only what no environment of the workload used', () => {
    const busy: LastAccessedFacts = {
      services: [
        ...REPORT.services.slice(0, 1),
        { service: 'sqs', lastAccessed: USED, tracked: [] },
        REPORT.services[2]!,
      ],
    };
    expect(removedOf({ dev: {}, prod: {} })).toEqual(['ssm:GetParameters', 'sqs:SendMessage']);
    expect(removedOf({ dev: {}, prod: { report: busy } })).toEqual(['ssm:GetParameters']);
  });

  it.each<[string, Stands]>([
    ['the report could not be read', { report: 'denied' }],
    ['the role is younger than 30 days', { createdAt: '2026-11-10T00:00:00.000Z' }],
  ])('is not made where in one environment %s', (_, other) => {
    const { proposals: found, without } = usageOf({ dev: {}, prod: other });
    expect(found).toEqual([]);
    expect(without).toMatchObject([{ workload: 'api', environment: 'prod' }]);
  });

  it.each<[Stage, number]>([
    ['irsa', 1],
    ['prepared', 0],
    ['dual', 0],
    ['cutover', 0],
    ['pod-identity', 1],
  ])('of a workload at %s: %s', (stage, count) => {
    expect(usageOf({ prod: {} }, { stage }).proposals).toHaveLength(count);
  });

  it('is not made where everything was used', () => {
    const all: LastAccessedFacts = {
      services: [
        { service: 's3', lastAccessed: USED, tracked: [] },
        { service: 'sqs', lastAccessed: USED, tracked: [] },
        { service: 'ssm', lastAccessed: USED, tracked: [{ action: 'ssm:GetParameters', lastAccessed: USED }] },
      ],
    };
    expect(usageOf({ prod: { report: all } }).proposals).toEqual([]);
  });
});

describe('the state of a role', () => {
  const stateOf = (stands: Stands) => usageOf({ prod: stands }).roles[0]!;

  it('counts its days up to those of the window', () => {
    expect(stateOf({}).observedDays).toBe(90);
    expect(stateOf({ createdAt: '2026-10-19T00:00:00.000Z' })).toMatchObject({ observedDays: 40, state: 'judged' });
    expect(stateOf({ createdAt: '2026-11-08T00:00:00.000Z' })).toMatchObject({ observedDays: 20, state: 'young' });
  });

  it('says what could not be read', () => {
    const { state, unread } = stateOf({ report: 'denied' });
    expect(state).toBe('unread');
    expect(unread.map(({ asked, reason }) => `${asked}: ${reason}`)).toContain(
      'iam:GenerateServiceLastAccessedDetails arn:aws:iam::333333333330:role/prod-api: denied',
    );
  });
});

it('the statement by which podlift lets the workload assume its targets is none of the inventory', () => {
  const { roles } = usageOf({ prod: {} });
  expect(roles[0]!.permissions.map(({ action }) => action)).not.toContain('sts:AssumeRole');
});

it('a role that administers is too permissive', () => {
  const statements = [{ actions: ['iam:*'], resources: ['*'] }];
  const { roles } = usageOf({ prod: {} }, { permissions: { managedPolicies: [], inlinePolicies: {}, statements } });
  expect(roles[0]!.permissive.map(({ reason }) => reason)).toEqual(['administration', 'any-role']);
});
