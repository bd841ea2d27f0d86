import type { Subject } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, workloadOf } from '../blueprint/inventoryOf';
import { resources, synthesized } from './synthesized';

const CLUSTERS = ['main', 'batch'].map((key) => clusterOf({ key, kubernetes: { context: `prod-${key}` } }));
const KEYS = CLUSTERS.map(({ key }) => key);

function subject(name: string, parts: Partial<Subject> = {}): Subject {
  return { namespace: 'production', name, manage: 'create', clusters: KEYS, isFirst: false, ...parts };
}
const FIRST = subject('orders-api', { isFirst: true });

/** Addresses of all resources, by stack. */
function addresses(...subjects: readonly Subject[]): readonly string[] {
  const workload = workloadOf({ stage: 'dual', clusters: KEYS, subjects });
  const stacks = synthesized([environmentOf({ clusters: CLUSTERS, workloads: [workload] })]);
  return Object.entries(stacks).flatMap(([name, { resource = {} }]) =>
    Object.entries(resource).flatMap(([type, all]) => Object.keys(all).map((id) => `${name} ${type}.${id}`)),
  );
}

const newIn = (before: readonly string[], after: readonly string[]) => after.filter((one) => !before.includes(one));

describe('addresses of a workload with several service accounts', () => {
  const short = addresses(FIRST);
  const several = addresses(
    { ...FIRST, index: 0 },
    subject('orders-worker', { index: 1 }),
    subject('orders-api', { namespace: 'night', clusters: ['batch'], index: 2 }),
  );

  it('stay when the short form becomes subjects, and the other way round', () => {
    expect(addresses({ ...FIRST, index: 0 })).toEqual(short);
    expect(newIn(several, short)).toEqual([]);
  });

  it('have the namespace and the name of each further service account, on each of its clusters', () => {
    const words = newIn(short, several).map((one) => one.replaceAll(/_[0-9A-F]{8}$/g, ''));
    expect(words.filter((one) => one.includes('aws_')).toSorted()).toEqual([
      'prod-identity aws_eks_pod_identity_association.workloads_orders-api_batch_nightorders-api_association',
      'prod-identity aws_eks_pod_identity_association.workloads_orders-api_batch_productionorders-worker_association',
      'prod-identity aws_eks_pod_identity_association.workloads_orders-api_main_productionorders-worker_association',
    ]);
    expect(words.filter((one) => one.includes('kubernetes_service_account_v1')).toSorted()).toHaveLength(3);
  });

  it('stay when others are added, removed, and change places', () => {
    const [second, third] = [subject('b'), subject('c', { namespace: 'x' })];
    expect(addresses(FIRST, third, second).toSorted()).toEqual(addresses(FIRST, second, third).toSorted());
    expect(newIn(addresses(FIRST, second, third), addresses(FIRST, third))).toEqual([]);
  });

  it('differ for names that only a dot or a dash separates', () => {
    const all = addresses(
      FIRST,
      subject('b.c', { namespace: 'a' }),
      subject('b-c', { namespace: 'a' }),
      subject('c', { namespace: 'a-b' }),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((one) => one.includes('aws_eks_pod_identity_association'))).toHaveLength(8);
  });

  it('have their association below the cluster also where the first one is not on the cluster', () => {
    const all = addresses({ ...FIRST, clusters: ['main'] }, subject('orders-worker'));
    expect(all.filter((one) => one.includes('aws_eks_pod_identity_association'))).toHaveLength(3);
  });
});

it('imports the association of each service account by its own id', () => {
  const stackOf = (first: Subject['importIds'], second: Subject['importIds']) => {
    const subjects = [
      { ...FIRST, ...(first && { importIds: first }) },
      subject('orders-worker', second && { importIds: second }),
    ];
    const workload = workloadOf({ stage: 'dual', clusters: KEYS, subjects });
    return synthesized([environmentOf({ clusters: CLUSTERS, workloads: [workload] })])['prod-identity'];
  };
  const ids = (...all: Parameters<typeof stackOf>) =>
    (stackOf(...all)?.import ?? []).flatMap(({ to, id }) =>
      to.startsWith('aws_eks_pod_identity_association') ? [id.replace(/^.*,/, '')] : [],
    );
  expect(ids({ main: 'a-1' }, undefined)).toEqual(['a-1']);
  expect(ids({ main: 'a-1' }, { main: 'a-2' })).toEqual(['a-1', 'a-2']);
  expect(ids(undefined, { main: 'a-2' })).toEqual(['a-2']);
  expect(resources(stackOf({ main: 'a-1' }, undefined), 'aws_eks_pod_identity_association')).toHaveLength(4);
});
