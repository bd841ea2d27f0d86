import { clusterOf, environmentOf, targetOf, workloadOf, type WorkloadParts } from '../blueprint/inventoryOf';
import { synthesized } from './synthesized';

const TYPE = 'aws_eks_pod_identity_association';
const stackOf = (parts: WorkloadParts) =>
  synthesized([
    environmentOf({
      clusters: [clusterOf(), clusterOf({ key: 'batch' })],
      workloads: [workloadOf({ stage: 'dual', clusters: ['main', 'batch'], ...parts })],
    }),
  ])['prod-identity']!;
const addresses = (all: Record<string, unknown> = {}) => Object.keys(all).map((id) => `${TYPE}.${id}`);

describe('the stack of a workload whose associations another tool owns', () => {
  const own = addresses(stackOf({}).resource[TYPE]);

  it.each(['irsa', 'prepared', 'dual', 'pod-identity'] as const)(
    'has no association at %s, and forgets those that podlift managed before, without destroying them',
    (stage) => {
      const { resource, removed = [] } = stackOf({ stage, associationOwner: 'ack' });
      expect(own).toHaveLength(2);
      expect(resource[TYPE]).toBeUndefined();
      const forgotten = removed.filter(({ from }) => from.startsWith(TYPE));
      expect(forgotten.map(({ from }) => from).toSorted()).toEqual(own.toSorted());
      for (const { lifecycle } of forgotten) expect(lifecycle).toEqual({ destroy: false });
    },
  );

  it('needs no later provider for what only the other tool writes', () => {
    const version = (parts: WorkloadParts) =>
      stackOf({ targets: [targetOf({ via: 'association' })], ...parts }).terraform.required_providers!.aws!.version;
    expect(version({ associationOwner: 'ack' })).not.toBe(version({}));
  });
});
