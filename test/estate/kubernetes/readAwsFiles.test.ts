import { awsFilesOf } from '../../../src/estate/kubernetes/readAwsFiles';
import type { ContainerJson, VolumeJson } from '../../../src/estate/kubernetes/podJson';

const config: VolumeJson = { name: 'aws', configMap: { name: 'aws-config' } };
const at = (mountPath: string, subPath?: string): ContainerJson => ({
  name: 'app',
  volumeMounts: [{ name: 'aws', mountPath, ...(subPath === undefined ? {} : { subPath }) }],
});
const pointing = (variable: string, value: string, mountPath: string): ContainerJson => ({
  ...at(mountPath),
  env: [{ name: variable, value }],
});

describe('A mounted AWS file', () => {
  it.each<[string, ContainerJson, VolumeJson, object[]]>([
    ['is the folder .aws of a home', at('/root/.aws/'), config, [{ path: '/root/.aws', from: 'configmap aws-config' }]],
    [
      'is one file of that folder',
      at('/home/app/.aws/config', 'config'),
      config,
      [{ path: '/home/app/.aws/config', from: 'configmap aws-config' }],
    ],
    [
      'comes from a Secret',
      at('/.aws/credentials', 'credentials'),
      { name: 'aws', secret: { secretName: 'keys' } },
      [{ path: '/.aws/credentials', from: 'secret keys' }],
    ],
    [
      'is a file of a volume over the home',
      at('/root'),
      { name: 'aws', configMap: { name: 'home', items: [{ path: '.bashrc' }, { path: '.aws/config' }] } },
      [{ path: '/root/.aws/config', from: 'configmap home' }],
    ],
    [
      'is where AWS_CONFIG_FILE points',
      pointing('AWS_CONFIG_FILE', '/etc/aws/config', '/etc/aws'),
      config,
      [{ path: '/etc/aws', from: 'configmap aws-config' }],
    ],
    [
      'is where AWS_SHARED_CREDENTIALS_FILE points, in a projected volume',
      pointing('AWS_SHARED_CREDENTIALS_FILE', '/vault/keys', '/vault'),
      { name: 'aws', projected: { sources: [{ secret: { name: 'keys' } }] } },
      [{ path: '/vault', from: 'secret keys' }],
    ],
    [
      'comes from any kind of volume',
      at('/root/.aws'),
      { name: 'aws', csi: { driver: 'secrets-store.csi.k8s.io' } },
      [{ path: '/root/.aws', from: 'csi' }],
    ],
    ['is not an empty folder for the cache of an SDK', at('/root/.aws'), { name: 'aws', emptyDir: {} }, []],
    ['is no other file', at('/etc/app'), config, []],
    ['is no folder whose name only ends like it', at('/srv/x.aws'), config, []],
    [
      'is none where the volume lists other files',
      at('/root/.aws'),
      { name: 'aws', configMap: { name: 'cache', items: [{ path: 'cli-cache' }] } },
      [],
    ],
    ['is none where no volume has the name', at('/root/.aws'), { name: 'other' }, []],
  ])('%s', (_, container, volume, found) => {
    expect(awsFilesOf(container, [volume])).toEqual(found);
  });
});
