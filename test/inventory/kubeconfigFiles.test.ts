import { delimiter } from 'node:path';
import { kubeconfigFiles } from '../../src/inventory/kubeconfigFiles';

const LISTED = ['/a', 'b/config'].join(delimiter);

describe('the kubeconfig files', () => {
  it.each([
    ['are none where KUBECONFIG is not set', undefined, []],
    ['are none where KUBECONFIG is empty', '', []],
    ['are none where KUBECONFIG has empty entries alone', delimiter, []],
    ['leave an absolute path as it is', '/etc/kube', ['/etc/kube']],
    ['start a relative path in the folder of the operator', 'kubeconfig', ['/here/kubeconfig']],
    ['resolve a path that leads out of the folder', '../kubeconfig', ['/kubeconfig']],
    [
      'keep the order, without empty entries',
      `${delimiter}/a${delimiter}${delimiter}b/config`,
      ['/a', '/here/b/config'],
    ],
    ['take a tilde for a name, as kubectl does', '~/config', ['/here/~/config']],
  ])('%s', (_, KUBECONFIG, files) => {
    expect(kubeconfigFiles({ KUBECONFIG }, '/here')).toEqual({ files });
  });

  it('are a problem where several are listed and KUBE_CONFIG_PATH is set, which names both and says what to do', () => {
    expect(kubeconfigFiles({ KUBECONFIG: LISTED, KUBE_CONFIG_PATH: '/c' }, '/here')).toEqual({
      problem:
        'KUBECONFIG lists 2 files and KUBE_CONFIG_PATH is "/c": Terraform\'s Kubernetes provider accepts only one of the two.\n' +
        'Unset KUBE_CONFIG_PATH, or list one file in KUBECONFIG:\nunset KUBE_CONFIG_PATH',
    });
  });

  it.each([
    ['KUBE_CONFIG_PATH is empty', LISTED, '', 2],
    ['KUBECONFIG names one file', `/a${delimiter}`, '/c', 1],
    ['KUBECONFIG names none', '', '/c', 0],
  ])('are no problem where %s', (_, KUBECONFIG, KUBE_CONFIG_PATH, count) => {
    expect(kubeconfigFiles({ KUBECONFIG, KUBE_CONFIG_PATH }, '/here').files).toHaveLength(count);
  });
});
