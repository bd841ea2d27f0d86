import { checkQuotas } from '../../src/blueprint/checkQuotas';
import { compile } from '../../src/blueprint/compile';
import { QUOTAS } from '../../src/blueprint/quotas';
import type { Environment } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf, targetOf, workloadOf } from './inventoryOf';

function problemsOf(...environments: Environment[]) {
  const inventory = inventoryOf(...environments);
  return checkQuotas(
    inventory,
    inventory.environments.map(({ key }) => compile(inventory, key)),
  );
}

const KEYS = ['main', 'batch', 'blue', 'green'];
const fourClusters = { clusters: KEYS.map((key) => clusterOf({ key })) };
const policies = (count: number) =>
  Array.from({ length: count }, (_, index) => `arn:aws:iam::333333333333:policy/p${index}`);
const many = (count: number, parts: Parameters<typeof workloadOf>[0] = {}) =>
  Array.from({ length: count }, (_, index) => workloadOf({ ...parts, key: `w${index}` }));
const withPermissions = (permissions: Partial<ReturnType<typeof workloadOf>['permissions']>) =>
  environmentOf({
    workloads: [
      workloadOf({ permissions: { inlinePolicies: {}, managedPolicies: [], statements: [], ...permissions } }),
    ],
  });

describe('the quotas', () => {
  it('find nothing in an ordinary environment', () => {
    expect(problemsOf(environmentOf({ workloads: [workloadOf({ stage: 'dual', targets: [targetOf()] })] }))).toEqual(
      [],
    );
  });

  it.each([
    [
      'trust policy',
      environmentOf({ ...fourClusters, workloads: [workloadOf({ stage: 'dual', clusters: KEYS })] }),
      'workloads.orders-api',
      /2\d{3} characters in a trust policy .*quota of 2048/,
    ],
    [
      'managed policies',
      withPermissions({ inlinePolicies: {}, managedPolicies: policies(11) }),
      'workloads.orders-api.permissions.managedPolicies',
      /11 managed policies .*quota of 10/,
    ],
    [
      'inline policies',
      withPermissions({
        statements: [
          {
            actions: ['s3:GetObject'],
            resources: Array.from({ length: 400 }, (_, i) => `arn:aws:s3:::acme-bucket-${i}/*`),
          },
        ],
      }),
      'workloads.orders-api.permissions',
      /characters in the inline policies .*quota of 10240/,
    ],
    [
      'roles',
      environmentOf({ workloads: many(1001) }),
      'accounts.apps-prod',
      /1001 roles in an account .*quota of 1000/,
    ],
    [
      'associations',
      environmentOf({ quotas: { rolesPerAccount: 5000 }, workloads: many(5001, { stage: 'pod-identity' }) }),
      'environments.prod.clusters.main',
      /5001 associations .*quota of 5000/,
    ],
    [
      'tags',
      environmentOf({ tags: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, 'x'])) }),
      'environments.prod.tags',
      /51 tags .*quota of 50/,
    ],
    [
      'OIDC providers',
      environmentOf({
        clusters: Array.from({ length: 101 }, (_, index) =>
          clusterOf({
            key: `c${index}`,
            oidc: { issuer: `https://issuer/${index}`, provider: 'managed', adopt: false },
          }),
        ),
        workloads: [],
      }),
      'accounts.apps-prod',
      /101 OIDC providers .*quota of 100/,
    ],
  ])('find too many or too long: %s', (_what, environment, path, message) => {
    const problem = problemsOf(environment).find((candidate) => candidate.path === path);
    expect(problem).toMatchObject({ severity: 'error', rule: 'quota', message: expect.stringMatching(message) });
    expect(problem?.hint).not.toBe('');
  });

  it('take the environment’s word for a quota that was raised', () => {
    const workloads = [workloadOf({ stage: 'dual', clusters: KEYS })];
    expect(problemsOf(environmentOf({ ...fourClusters, workloads, quotas: { trustPolicyLength: 4096 } }))).toEqual([]);
  });

  it('warn while a wave is at irsa that its trust policy will not fit later', () => {
    const workloads = [workloadOf({ wave: 'pilot', stage: 'irsa', clusters: KEYS })];
    expect(problemsOf(environmentOf({ ...fourClusters, workloads }))).toMatchObject([
      {
        severity: 'warning',
        path: 'workloads.orders-api',
        message: expect.stringContaining('when its wave is past irsa'),
      },
    ]);
  });

  it('count the roles of two environments in one account together', () => {
    const of = (key: string) => environmentOf({ key, workloads: many(501) });
    expect(problemsOf(of('prod'), of('staging'))).toMatchObject([{ message: expect.stringMatching(/^1002 roles/) }]);
  });

  it('count target roles in the account where they stand', () => {
    const account = { key: 'data-prod', id: '444444444444' };
    const workloads = many(1001, { targets: [targetOf({ account })] });
    expect(problemsOf(environmentOf({ workloads, quotas: { rolesPerAccount: 5000 } })).map(({ path }) => path)).toEqual(
      ['accounts.data-prod'],
    );
  });

  it('are never above what AWS grants at most', () => {
    for (const quota of Object.values(QUOTAS)) if ('most' in quota) expect(quota.most).toBeGreaterThan(quota.value);
  });
});
