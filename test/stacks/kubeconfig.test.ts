import { delimiter } from 'node:path';
import { kubeconfig } from '../../stacks/kubeconfig';

describe('the kubeconfig of the Kubernetes provider', () => {
  it.each([
    ['~/.kube/config when KUBECONFIG is empty', '', { configPath: '~/.kube/config' }],
    ['the file that KUBECONFIG names', '/etc/kube', { configPath: '/etc/kube' }],
    ['every file that KUBECONFIG lists', `/a${delimiter}${delimiter}/b`, { configPaths: ['/a', '/b'] }],
  ])('is %s', (_, listed, expected) => {
    expect(kubeconfig(listed)).toEqual(expected);
  });
});
