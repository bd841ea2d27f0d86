import { kubeconfig, KubeconfigError } from '../../stacks/kubeconfig';
import { clusterOf, environmentOf, workloadOf } from '../blueprint/inventoryOf';
import { synthesized } from './synthesized';

describe('the kubeconfig of the Kubernetes provider', () => {
  it.each([
    ['~/.kube/config where the operator names none', [], { configPath: '~/.kube/config' }],
    ['the file of the operator', ['/etc/kube'], { configPath: '/etc/kube' }],
    ['every file of the operator', ['/a', '/b'], { configPaths: ['/a', '/b'] }],
  ])('is %s', (_, files, expected) => {
    expect(kubeconfig({ files })).toEqual(expected);
  });

  const problem = { problem: 'two variables' };

  it('stops a synthesis with a stack of service accounts where the provider cannot read it', () => {
    const clusters = [clusterOf({ kubernetes: { context: 'prod-main' } })];
    const tried = () => synthesized([environmentOf({ clusters, workloads: [workloadOf()] })], undefined, problem);
    expect(tried).toThrow(KubeconfigError);
    expect(tried).toThrow('two variables');
  });

  it('stops no synthesis without such a stack', () => {
    expect(Object.keys(synthesized([environmentOf({ workloads: [workloadOf()] })], undefined, problem))).toEqual([
      'prod-identity',
    ]);
  });
});
