import type { Environment } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  roleSettingsOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';

const shared = (parts: WorkloadParts) =>
  workloadOf({ role: roleSettingsOf({ name: 'shared' }), sessionTags: false, ...parts });

const TWO = { workloads: [shared({ key: 'one', wave: 'first' }), shared({ key: 'two', wave: 'second' })] };

function messagesOf(environments: readonly Partial<Environment>[], options: Parameters<typeof proveInventory>[1] = {}) {
  const { failures } = proveInventory(inventoryOf(...environments.map((one) => environmentOf(one))), options);
  expect(failures.map(({ rule }) => rule)).toEqual(failures.map(() => 'proof-shared-role'));
  return failures.map(({ message }) => message);
}

const given = (owner: string, user: string) =>
  `in prod: an association of ${user} gives role arn:aws:iam::333333333333:role/shared: the role belongs to workload ${owner}`;
const ofOne = given('one', 'production/two on cluster main of prod');
const ofTwo = given('two', 'production/one on cluster main of prod');

describe('a role that two workloads share is a failure of both', () => {
  it('once for each, whatever the stage', () => {
    expect(messagesOf([TWO])).toEqual([ofOne, ofTwo]);
  });

  it('also where one workload is proved for its group', () => {
    const workloads = TWO.workloads.map((workload) => ({ ...workload, wave: 'first' }));
    expect(messagesOf([{ workloads }], { oncePerGroup: true })).toEqual([ofOne, ofTwo]);
  });

  it('also where only one of them is selected, and then of this one alone', () => {
    expect(messagesOf([TWO], { wave: 'second' })).toEqual([ofTwo]);
  });

  it('also where they are in two environments of one account, on clusters of the same key', () => {
    const environments = [{ workloads: [shared({ key: 'one' })] }, { key: 'dev', workloads: [shared({ key: 'one' })] }];
    const [inProd, inDev] = messagesOf(environments, { oncePerGroup: true });
    expect(inProd).toBe(given('one', 'production/one on cluster main of dev'));
    expect(inDev).toBe(given('one', 'production/one on cluster main of prod').replace('in prod', 'in dev'));
  });
});

it('a role of the same name in another account is another role', () => {
  const environments = [
    { workloads: [shared({ key: 'one' })] },
    { key: 'dev', account: { key: 'dev', id: '222222222222' }, workloads: [shared({ key: 'one' })] },
  ];
  expect(messagesOf(environments)).toEqual([]);
  expect(messagesOf(environments, { oncePerGroup: true })).toEqual([]);
});

it('a workload shares no role with itself on its other clusters', () => {
  const clusters = [clusterOf(), clusterOf({ key: 'batch' })];
  expect(messagesOf([{ clusters, workloads: [shared({ clusters: ['main', 'batch'] })] }])).toEqual([]);
});
