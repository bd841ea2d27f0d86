import { join } from 'node:path';
import { terraformVariables } from '../../../src/runners/engine/terraformVariables';
import { folderOf, removeFolders } from '../../inventory/fixtures';

afterAll(removeFolders);

const HOME = '/nowhere';
const kubernetes = ({
  TF_VAR_kubeconfig,
  KUBE_CONFIG_PATHS,
  KUBE_CONFIG_PATH,
}: Readonly<Record<string, string | undefined>>) => ({
  variable: TF_VAR_kubeconfig,
  paths: KUBE_CONFIG_PATHS,
  path: KUBE_CONFIG_PATH,
});

describe('the kubeconfig of Terraform’s Kubernetes provider', () => {
  it.each([
    ['no KUBECONFIG: the default', {}, { variable: '', paths: '/nowhere/.kube/config' }],
    ['one file, from the folder of the operator', { KUBECONFIG: 'a' }, { variable: '', paths: '/work/a' }],
    ['several files', { KUBECONFIG: '/k/a::b' }, { variable: '', paths: '/k/a:/work/b' }],
    ['the variable of the operator', { KUBECONFIG: '/k/a', TF_VAR_kubeconfig: '/mine' }, { variable: '/mine' }],
    [
      'not the provider’s own variable beside it',
      { KUBECONFIG: '/k/a', KUBE_CONFIG_PATH: '/other' },
      { variable: '', paths: '/k/a' },
    ],
  ])('%s', (_, env, expected) => {
    expect(kubernetes(terraformVariables({ HOME, ...env }, '/cache', '/work'))).toEqual({
      paths: undefined,
      path: undefined,
      ...expected,
    });
  });
});

describe('the plugin cache', () => {
  const configured = folderOf({
    '.terraformrc': 'plugin_cache_dir = "/mine"\n',
    'my.rc': '  plugin_cache_dir = "/mine"\n',
  });
  const without = folderOf({ '.terraformrc': 'disable_checkpoint = true\n# plugin_cache_dir = "/mine"\n' });

  it.each<[string, Record<string, string>, string | undefined]>([
    ['is podlift’s own', { HOME }, '/cache'],
    ['is the operator’s of the environment', { HOME, TF_PLUGIN_CACHE_DIR: '/mine' }, '/mine'],
    ['is the operator’s of ~/.terraformrc', { HOME: configured }, undefined],
    ['is the operator’s of TF_CLI_CONFIG_FILE', { HOME, TF_CLI_CONFIG_FILE: join(configured, 'my.rc') }, undefined],
    ['is podlift’s own with a configuration without one', { HOME: without }, '/cache'],
  ])('%s', (_, env, cache) => {
    expect(terraformVariables(env, '/cache', '/work').TF_PLUGIN_CACHE_DIR).toBe(cache);
  });
});

it('relative paths of the operator’s variables start in the folder of the operator', () => {
  const { TF_CLI_CONFIG_FILE, TF_PLUGIN_CACHE_DIR, TF_LOG_PATH } = terraformVariables(
    { HOME, TF_CLI_CONFIG_FILE: 'my.rc', TF_PLUGIN_CACHE_DIR: 'cache', TF_LOG_PATH: '/log' },
    '/cache',
    '/work',
  );
  expect([TF_CLI_CONFIG_FILE, TF_PLUGIN_CACHE_DIR, TF_LOG_PATH]).toEqual(['/work/my.rc', '/work/cache', '/log']);
});
