import type { Workload } from '../../src/inventory/Inventory';
import { loadInventory } from '../../src/inventory/loadInventory';
import { proofGroupOf, proveInventory } from '../../src/proof/proveInventory';
import {
  environmentOf,
  inventoryOf,
  roleSettingsOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';

const none = { managedPolicies: [], statements: [], inlinePolicies: {} };
const READS = { actions: ['s3:GetObject'], resources: ['*'] };

/** Its own permissions keep it from its target. */
const broken = (key: string, parts: WorkloadParts = {}) =>
  workloadOf({
    key,
    targets: [targetOf({ role: { name: `${key}-target`, path: '/' } })],
    permissions: { ...none, statements: [{ effect: 'Deny', actions: ['sts:AssumeRole'], resources: ['*'] }] },
    ...parts,
  });

describe('the proof of several environments', () => {
  const prod = environmentOf({ workloads: [workloadOf({ wave: 'a' }), broken('gone', { wave: 'b' })] });
  const dev = environmentOf({
    key: 'dev',
    account: { key: 'dev', id: '222222222222' },
    workloads: [workloadOf({ wave: 'a' }), workloadOf({ key: 'second', wave: 'b' })],
  });
  const proof = () => proveInventory(inventoryOf(prod, dev));

  it('counts each of them, and their sum', () => {
    const { environments, counts, workloads } = proof();
    expect(environments.map(({ environment }) => environment)).toEqual(['prod', 'dev']);
    expect(workloads).toBe(4);
    for (const key of ['workloads', 'paths', 'mixtures', 'attacks', 'decisions'] as const) {
      const each = environments.map((environment) => environment[key]);
      expect(Math.min(...each)).toBeGreaterThan(0);
      expect(counts[key]).toBe(each.reduce((sum, one) => sum + one));
    }
  });

  it('gives failures to the environment that has them', () => {
    const { environments, failures } = proof();
    expect(environments.map(({ failures: number }) => number)).toEqual([failures.length, 0]);
    expect(failures.length).toBeGreaterThan(0);
  });

  it('says how many workloads of each have an expected loss', () => {
    expect(proof().gated.map(({ workloads }) => workloads.dev)).toEqual([2, 2]);
  });

  it('reads one environment or one wave', () => {
    const of = (options: Parameters<typeof proveInventory>[1]) => {
      const { environments, failures } = proveInventory(inventoryOf(prod, dev), options);
      return [environments.map(({ environment, workloads }) => `${environment} ${workloads}`), failures.length > 0];
    };
    expect(of({ environment: 'dev' })).toEqual([['dev 2'], false]);
    expect(of({ environment: 'prod' })).toEqual([['prod 2'], true]);
    expect(of({ wave: 'a' })).toEqual([['prod 1', 'dev 1'], false]);
    expect(of({ wave: 'b' })).toEqual([['prod 1', 'dev 1'], true]);
    expect(of({ environment: 'no', wave: 'a' })).toEqual([[], false]);
  });
});

it('the example of the repository passes', () => {
  const { failures, accepted } = proveInventory(loadInventory('inventory.yaml').inventory!);
  expect({ failures, accepted }).toEqual({ failures: [], accepted: [] });
});

describe('workloads of one group', () => {
  const keys = ['one', 'two', 'three'];
  const inventory = (make: (key: string) => Workload) => inventoryOf(environmentOf({ workloads: keys.map(make) }));

  it('are all counted', () => {
    const proof = proveInventory(
      inventory((key) => workloadOf({ key })),
      { oncePerGroup: true },
    );
    expect(proof.workloads).toBe(3);
    expect(proof.gated.map(({ workloads }) => workloads)).toEqual([{ prod: 3 }, { prod: 3 }]);
  });

  it('are each named where they fail: tags of the source role pass for those of the session', () => {
    const target = (key: string) => targetOf({ via: 'association', role: { name: `${key}-t`, path: '/' } });
    const second = (key: string) => targetOf({ key: 'second', role: { name: `${key}-s`, path: '/' } });
    const { failures } = proveInventory(
      inventory((key) => workloadOf({ key, targets: [target(key), second(key)] })),
      { oncePerGroup: true },
    );
    expect([...new Set(failures.map(({ workload }) => workload))]).toEqual(keys);
  });

  it.each<[string, WorkloadParts]>([
    ['another path of the role', { role: roleSettingsOf({ path: '/apps/' }) }],
    ['an adopted role', { role: roleSettingsOf({ adopt: true }) }],
    ['no permissions', { permissions: none }],
    ['another wave', { wave: 'pilot' }],
    ['another stage', { stage: 'dual' }],
    ['no session tags', { sessionTags: false }],
    ['a target', { targets: [targetOf()] }],
  ])('do not differ by %s', (_, parts) => {
    const environment = environmentOf();
    expect(proofGroupOf(environment, workloadOf(parts))).toEqual(expect.any(String));
    expect(proofGroupOf(environment, workloadOf(parts))).not.toBe(proofGroupOf(environment, workloadOf()));
  });

  it.each<[string, boolean, WorkloadParts]>([
    ['one that adopts trust', false, { role: roleSettingsOf({ adoptedTrust: { oidc: [{ Effect: 'Allow' }] } }) }],
    [
      'one with an inline policy of its own',
      false,
      { permissions: { ...none, inlinePolicies: { own: { Statement: [] } } } },
    ],
    [
      'one whose target has an inline policy of its own',
      false,
      { targets: [targetOf({ permissions: { ...none, inlinePolicies: { own: { Statement: [] } } } })] },
    ],
    [
      'one that speaks of STS beside other services',
      false,
      { permissions: { ...none, statements: [{ ...READS, actions: ['s3:GetObject', 'sts:AssumeRole'] }] } },
    ],
    [
      'one that speaks of actions of a service by a pattern',
      true,
      { permissions: { ...none, statements: [{ ...READS, actions: ['s3:Get*', 'kms:sts:x'] }] } },
    ],
    [
      'one whose role has a tag like a session tag',
      false,
      { role: roleSettingsOf({ tags: { 'eks-cluster-arn': 'x' } }) },
    ],
    ['one whose role has another tag', true, { role: roleSettingsOf({ tags: { 'my-eks-tag': 'x' } }) }],
  ])('have a form: %s: %s', (_, hasForm, parts) => {
    expect(proofGroupOf(environmentOf(), workloadOf(parts)) !== undefined).toBe(hasForm);
  });
});
