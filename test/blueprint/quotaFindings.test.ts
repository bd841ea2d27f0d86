import { checkQuotas } from '../../src/blueprint/checkQuotas';
import { compile } from '../../src/blueprint/compile';
import { documentLength } from '../../src/blueprint/documentLength';
import { exceeded } from '../../src/blueprint/exceeded';
import { type QuotaName, QUOTAS } from '../../src/blueprint/quotas';
import type { PolicyDocument } from '../../src/iam/PolicyDocument';
import type { Environment } from '../../src/inventory/Inventory';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  roleSettingsOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from './inventoryOf';

function problemsOf(...environments: Environment[]) {
  const inventory = inventoryOf(...environments);
  return checkQuotas(
    inventory,
    inventory.environments.map(({ key }) => compile(inventory, key)),
  );
}
const found = (...environments: Environment[]) =>
  problemsOf(...environments).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
const withWorkload = (parts: WorkloadParts, environment: Partial<Environment> = {}) =>
  environmentOf({ ...environment, workloads: [workloadOf(parts)] });
const withRole = (parts: Parameters<typeof roleSettingsOf>[0]) => withWorkload({ role: roleSettingsOf(parts) });
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'value']));
const clusters = (count: number) => Array.from({ length: count }, (_, index) => clusterOf({ key: `c${index}` }));
const keysOf = (all: Environment['clusters']) => all.map(({ key }) => key);

/** An inline policy with a number of characters. */
function policyOf(length: number): PolicyDocument & { readonly Statement: { Effect: 'Allow'; Action: string } } {
  const policy = (Action: string) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action } }) as const;
  return policy('x'.repeat(length - documentLength(policy(''))));
}
const inline = (...lengths: number[]) =>
  withWorkload({
    permissions: {
      managedPolicies: [],
      statements: [],
      inlinePolicies: Object.fromEntries(lengths.map((length, index) => [`p${index}`, policyOf(length)])),
    },
  });

describe('a role', () => {
  it.each([
    ['a name as long as IAM allows', withRole({ name: 'n'.repeat(64) })],
    ['a path as long as IAM allows', withRole({ path: `/${'p'.repeat(510)}/` })],
    ['as many tags as IAM allows', withRole({ tags: tags(48) })],
    ['inline policies that are together as long as IAM allows', inline(10_000, 240)],
    [
      'as many managed policies as IAM allows',
      withWorkload({ permissions: { managedPolicies: Array(10).fill('p'), statements: [], inlinePolicies: {} } }),
    ],
  ])('can have %s', (_what, environment) => {
    expect(found(environment)).toEqual([]);
  });

  it.each([
    [
      'a longer name',
      withRole({ name: 'n'.repeat(65) }),
      `workloads.orders-api.role.name: 65 characters in a role name (role ${'n'.repeat(65)} in prod) exceed the quota of 64`,
    ],
    [
      'a longer path',
      withRole({ path: `/${'p'.repeat(511)}/` }),
      'workloads.orders-api.role.path: 513 characters in a role path (role prod-orders-api in prod) exceed the quota of 512',
    ],
    [
      'more tags of its own',
      withRole({ tags: tags(49) }),
      'workloads.orders-api.role.tags: 51 tags on a resource (role prod-orders-api in prod) exceed the quota of 50',
    ],
    [
      'more tags of its environment',
      environmentOf({ tags: tags(49) }),
      'environments.prod.tags: 51 tags on a resource (role prod-orders-api in prod) exceed the quota of 50',
    ],
    [
      'longer inline policies, counted together',
      inline(10_000, 241),
      'workloads.orders-api.permissions: 10241 characters in the inline policies of a role (role prod-orders-api in prod) exceed the quota of 10240',
    ],
    [
      'a longer name in a target account',
      withWorkload({ targets: [targetOf({ role: { name: 'n'.repeat(65), path: '/' } })] }),
      `workloads.orders-api.targets.ledger.role.name: 65 characters in a role name (role ${'n'.repeat(65)} in prod) exceed the quota of 64`,
    ],
  ])('cannot have %s', (_what, environment, problem) => {
    expect(found(environment)).toEqual([`error ${problem}`]);
  });

  it('has the tags of its environment once, if its own tags repeat them', () => {
    const environment = environmentOf({
      tags: tags(48),
      workloads: [workloadOf({ role: roleSettingsOf({ tags: tags(48) }) })],
    });
    expect(found(environment)).toEqual([]);
  });
});

describe('a cluster and an account', () => {
  it('name themselves where they have too much', () => {
    const workloads = Array.from({ length: 5001 }, (_, index) =>
      workloadOf({ key: `w${index}`, stage: 'pod-identity' }),
    );
    const all = clusters(101).map((cluster) => ({
      ...cluster,
      oidc: { ...cluster.oidc!, provider: 'managed' as const },
    }));
    expect(found(environmentOf({ workloads, clusters: [clusterOf(), ...all] }))).toEqual([
      'error environments.prod.clusters.main: 5001 associations on a cluster (cluster main in prod) exceed the quota of 5000',
      'error accounts.apps-prod: 5001 roles in an account (account apps-prod) exceed the quota of 1000',
      'error accounts.apps-prod: 101 OIDC providers in an account (account apps-prod) exceed the quota of 100',
    ]);
  });
});

describe('a quota that two environments of one account raise', () => {
  it.each([
    [2048, 8192, []],
    [8192, 2048, []],
    [2048, 2048, ['error workloads.orders-api']],
  ])('is the higher of %i and %i', (prod, dev, expected) => {
    const all = clusters(4);
    const environments = [
      withWorkload({ stage: 'dual', clusters: keysOf(all) }, { clusters: all, quotas: { trustPolicyLength: prod } }),
      environmentOf({ key: 'dev', workloads: [], quotas: { trustPolicyLength: dev } }),
    ];
    expect(found(...environments).map((problem) => problem.split(':')[0])).toEqual(expected);
  });
});

describe('a trust policy that is too long at a later stage', () => {
  const all = clusters(4);
  const at = (parts: WorkloadParts) => withWorkload({ clusters: keysOf(all), ...parts }, { clusters: all });

  it.each<[string, WorkloadParts, string[]]>([
    ['a warning while its wave is at irsa', { wave: 'pilot', stage: 'irsa' }, ['warning']],
    ['an error at the stage itself, and not a warning too', { wave: 'pilot', stage: 'dual' }, ['error']],
    ['not mentioned without a wave: nobody plans that stage', { stage: 'irsa' }, []],
  ])('is %s', (_what, parts, severities) => {
    expect(problemsOf(at(parts)).map(({ severity }) => severity)).toEqual(severities);
  });

  it('is a warning in the account of a target role, by that account’s own quota', () => {
    const many = clusters(34);
    const workload = { wave: 'pilot', clusters: keysOf(many), targets: [targetOf()] };
    const environment = withWorkload(workload, { clusters: many, quotas: { trustPolicyLength: 20_000 } });
    expect(found(environment)).toEqual([
      expect.stringMatching(
        /^warning workloads\.orders-api\.targets\.ledger: 2\d{3} characters in a trust policy \(role prod-orders-api-ledger in prod, when its wave is past irsa\) exceed the quota of 2048$/,
      ),
    ]);
  });
});

describe('the hint of an exceeded quota', () => {
  it.each<[QuotaName, string]>([
    [
      'trustPolicyLength',
      'Have AWS raise the quota (8192 at most), and write quotas: { trustPolicyLength: … } in the environment. Or shorten the policy: give each cluster a workload of its own, or remove kept statements that nobody needs.',
    ],
    ['inlinePolicyLength', 'Move statements into a managed policy, and list it under managedPolicies.'],
    [
      'rolesPerAccount',
      'Reduce the number. Or have AWS raise the quota (5000 at most), and write quotas: { rolesPerAccount: … } in the environment.',
    ],
    ['tagsPerResource', 'Reduce the number: AWS cannot raise this quota.'],
  ])('for %s says what can be done', (name, hint) => {
    const { value, what } = QUOTAS[name];
    expect(exceeded(name, value, value, 'here', 'mine')).toEqual([]);
    expect(exceeded(name, value + 1, value, 'here', 'mine')).toStrictEqual([
      {
        severity: 'error',
        rule: 'quota',
        path: 'here',
        message: `${value + 1} ${what} (mine) exceed the quota of ${value}`,
        hint,
      },
    ]);
  });
});

describe('the hint of a trust policy that is too long', () => {
  const subjects = (count: number, on: readonly string[]) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ namespace: `team-${index}`, name: `reader-${index}`, manage: 'none' as const, clusters: on },
      isFirst: index === 0,
    }));
  const hintOf = (count: number, on: Environment['clusters'], role: Partial<WorkloadParts['role']> = {}) => {
    const parts = { stage: 'prepared', clusters: keysOf(on), subjects: subjects(count, keysOf(on)) } as const;
    const workload = { ...workloadOf(parts), role: { ...workloadOf(parts).role, ...role } };
    const environment = environmentOf({ clusters: on, workloads: [workload] });
    return problemsOf(environment)
      .filter(({ rule }) => rule === 'quota')
      .map(({ hint }) => hint);
  };
  const KEPT = { Effect: 'Allow', Principal: { AWS: 'x'.repeat(2100) }, Action: 'sts:AssumeRole' } as const;

  it.each<[string, readonly string[], RegExp, RegExp]>([
    [
      'many service accounts on one cluster says how many statements they need, and which quota is enough',
      hintOf(6, clusters(1)),
      /^Have AWS raise the quota to 3072 or more .*trustPolicyLength: 3072 .* Or shorten the policy: give some service accounts a role of their own\. From prepared on, the 6 service accounts need 6 statements/,
      /cluster a workload|kept statements/,
    ],
    [
      'more than AWS allows does not ask AWS',
      hintOf(20, clusters(1)),
      /^AWS raises this quota to 8192 at most\. Shorten the policy: give some service accounts/,
      /Have AWS raise/,
    ],
    [
      'one service account on many clusters is about the clusters',
      hintOf(1, clusters(6)),
      /Or shorten the policy: give each cluster a workload of its own\.$/,
      /service accounts/,
    ],
    [
      'kept statements is about these',
      hintOf(1, clusters(1), { keepTrust: [KEPT] }),
      /^Have AWS raise the quota to 3072 or more .*: remove kept statements that nobody needs\.$/,
      /cluster/,
    ],
  ])('for %s', (_what, hints, expected, not) => {
    expect(hints).toEqual([expect.stringMatching(expected)]);
    expect(hints[0]).not.toMatch(not);
  });
});
