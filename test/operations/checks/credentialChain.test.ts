import type { Stage } from '../../../src/inventory/Inventory';
import { hardCodedVariables } from '../../../src/operations/checks/credentialChain';
import type { World } from '../agreedWorld';
import { containerOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

/** The stages before which nothing may come before Pod Identity. */
const FROM = ['irsa', 'prepared', 'dual', 'cutover'] as const satisfies readonly Stage[];

type Container = Parameters<typeof containerOf>[0];
type Template = Parameters<typeof templateOf>[0];

const template =
  (container: Container, parts: Template = {}) =>
  (world: World): unknown =>
    (world.templates = [templateOf({ name: 'other', ...parts, containers: [containerOf(container)] })]);

const fromObject =
  (kind: 'configmap' | 'secret', variables: readonly string[], more: Container = {}, prefix = '') =>
  (world: World): void => {
    const source = { kind, name: 'settings', ...(prefix !== '' && { prefix }) };
    template({ sources: [source], ...more })(world);
    const objects = kind === 'secret' ? world.secrets : world.configMaps;
    objects['production/settings'] = { variables: [...variables], proxies: {} };
  };

const AGENT = 'http://169.254.170.23/v1/credentials';

describe.each(FROM)('Before the step from %s, a pod template', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'sets the variables of web identity, with 0 replicas',
      template({ env: { AWS_ROLE_ARN: 'arn:x' } }, { replicas: 0 }),
      /^problem: hard-coded, not from the webhook: deployment\/other app: AWS_ROLE_ARN=arn:x$/,
    ],
    [
      'sets an empty role, and the webhook adds nothing',
      template({ env: { AWS_ROLE_ARN: '' } }),
      /^problem: hard-coded, .*AWS_ROLE_ARN=$/,
    ],
    [
      'takes the role from a key of a ConfigMap',
      template({ env: { AWS_ROLE_ARN: 'configmap settings/arn' } }),
      /AWS_ROLE_ARN=configmap settings\/arn$/,
    ],
    [
      'sets the variables of Pod Identity',
      template({ env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: AGENT } }),
      /^problem: hard-coded, .*AWS_CONTAINER_CREDENTIALS_FULL_URI=http/,
    ],
    [
      'sets a token file of Pod Identity',
      template({ env: { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/own/token' } }),
      /^problem: hard-coded, .*AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=\/own\/token/,
    ],
    [
      'is that of a CronJob',
      template({ env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/own' } }, { kind: 'CronJob' }),
      /cronjob\/other app: AWS_WEB_IDENTITY_TOKEN_FILE=\/own$/,
    ],
    [
      'is that of a Job that has finished',
      template({ env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/own' } }, { kind: 'Job', finished: true }),
      /job\/other app: AWS_WEB_IDENTITY_TOKEN_FILE=\/own$/,
    ],
    [
      'sets access keys',
      template({ earlier: ['AWS_ACCESS_KEY_ID'] }),
      /^problem: the SDK finds other credentials before Pod Identity: deployment\/other app uses access keys in its environment: AWS_ACCESS_KEY_ID$/,
    ],
    [
      'sets the container credentials of ECS',
      template({ earlier: ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] }),
      /^problem: .*the container credentials of ECS/,
    ],
    [
      'names a profile',
      template({ earlier: ['AWS_PROFILE'] }),
      /^unknown: could not be checked: the SDK reads a profile first: deployment\/other app: AWS_PROFILE; /,
    ],
    [
      'sets access keys by the names of older SDKs',
      template({ earlier: ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY'] }),
      /^problem: .*uses access keys in its environment: AWS_ACCESS_KEY, AWS_SECRET_KEY$/,
    ],
    [
      'names a profile as the AWS CLI and boto3 read it first',
      template({ earlier: ['AWS_DEFAULT_PROFILE'] }),
      /^unknown: could not be checked: .*deployment\/other app: AWS_DEFAULT_PROFILE; /,
    ],
    ['names a config file', template({ earlier: ['AWS_CONFIG_FILE'] }), /^unknown: .*AWS_CONFIG_FILE/],
    [
      'names a file of credentials',
      template({ earlier: ['AWS_SHARED_CREDENTIALS_FILE'] }),
      /^unknown: .*AWS_SHARED_CREDENTIALS_FILE/,
    ],
    [
      'mounts an AWS config',
      template({ awsFiles: [{ path: '/root/.aws', from: 'configmap aws-config' }] }),
      /^unknown: .*deployment\/other app: \/root\/\.aws \(configmap aws-config\)/,
    ],
    [
      'takes web identity from a ConfigMap',
      fromObject('configmap', ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']),
      /^problem: hard-coded, .*AWS_ROLE_ARN of configmap settings, deployment\/other app: AWS_WEB_IDENTITY_TOKEN_FILE of configmap settings$/,
    ],
    [
      'takes access keys from a Secret',
      fromObject('secret', ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']),
      /^problem: .*access keys in its environment: AWS_ACCESS_KEY_ID of secret settings, AWS_SECRET_ACCESS_KEY of secret settings$/,
    ],
    [
      'takes them by a prefix',
      fromObject('configmap', ['ACCESS_KEY_ID'], {}, 'AWS_'),
      /^problem: .*AWS_ACCESS_KEY_ID of configmap settings$/,
    ],
    [
      'takes variables from a Secret that podlift may not read',
      (world) => {
        fromObject('secret', [])(world);
        world.unanswered = { secret: 'denied' };
      },
      /^unknown: could not be checked: the variables of secret settings \(envFrom of deployment\/other\): denied: /,
    ],
    [
      'takes variables from a ConfigMap that podlift may not read',
      (world) => {
        fromObject('configmap', [])(world);
        world.unanswered = { configMap: 'denied' };
      },
      /^unknown: could not be checked: the variables of configmap settings/,
    ],
    [
      'needs a ConfigMap that does not exist',
      template({ sources: [{ kind: 'configmap', name: 'gone' }] }),
      /^unknown: could not be checked: configmap gone \(envFrom of deployment\/other\) does not exist/,
    ],
  ])('%s: does not pass', async (_, change, found) => {
    expect(await notesOf(judgeStep(hardCodedVariables, from, change))).toEqual([expect.stringMatching(found)]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['sets nothing', () => undefined],
    ['is of another service account', template({ earlier: ['AWS_ACCESS_KEY_ID'] }, { serviceAccount: 'orders-api-2' })],
    ['is of another namespace', template({ earlier: ['AWS_ACCESS_KEY_ID'] }, { namespace: 'staging' })],
    ['takes other variables from a ConfigMap', fromObject('configmap', ['NO_PROXY'])],
    ['has a prefix that makes other variables', fromObject('configmap', ['AWS_ACCESS_KEY_ID'], {}, 'LEGACY_')],
    [
      'clears what a ConfigMap sets',
      fromObject('configmap', ['AWS_ACCESS_KEY_ID'], { cleared: ['AWS_ACCESS_KEY_ID'] }),
    ],
    [
      'takes the webhook’s own variables of Pod Identity from a ConfigMap: the webhook’s replace them',
      fromObject('configmap', ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']),
    ],
    [
      'may go without a ConfigMap that does not exist',
      template({ sources: [{ kind: 'configmap', name: 'gone', optional: true }] }),
    ],
  ])('%s: passes', async (_, change) => {
    expect(await notesOf(judgeStep(hardCodedVariables, from, change))).toEqual([]);
  });
});

it('A Job that has finished is to be deleted, since its template cannot be corrected', async () => {
  const [result] = await judgeStep(
    hardCodedVariables,
    'dual',
    template({ env: { AWS_ROLE_ARN: 'x' } }, { kind: 'Job', finished: true }),
  );
  expect(result!.remedy).toContainEqual({
    run: ['kubectl', '--context', expect.any(String), '-n', 'production', 'delete', 'job', 'other'],
  });
});
