import type { ContainerFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { proxy } from '../../../src/operations/checks/proxy';
import { irsaPod, type World } from '../agreedWorld';
import { changed, pods } from '../doctor/Fault';
import { containerOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

const PROXY = { HTTP_PROXY: 'http://proxy:3128' };

/** The pods use IRSA still, and have this in their container. */
const onIrsa =
  (container: Partial<ContainerFacts>) =>
  (world: World): unknown => {
    pods(world, irsaPod());
    return changed(world, container);
  };

const batch =
  (container: Partial<ContainerFacts>) =>
  (world: World): unknown =>
    world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly', containers: [containerOf(container)] }));

const fromConfigMap =
  (proxies: Readonly<Record<string, string>>, container: Partial<ContainerFacts> = {}) =>
  (world: World): void => {
    batch({ sources: [{ kind: 'configmap', name: 'proxies' }], ...container })(world);
    world.configMaps['production/proxies'] = { variables: Object.keys(proxies), proxies };
  };

describe.each(['prepared', 'dual'] as const)('Before the step from %s, a proxy', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'of pods that use IRSA',
      onIrsa({ proxy: { ...PROXY, NO_PROXY: '.svc' } }),
      /^problem: requests to the agent \(http:\/\/169\.254\.170\.23\) go through a proxy: app: HTTP_PROXY with NO_PROXY \.svc \(orders-api-old\)$/,
    ],
    ['of a CronJob', batch({ proxy: PROXY }), /^problem: .*app: HTTP_PROXY with NO_PROXY unset \(cronjob\/nightly\)$/],
    [
      'from a ConfigMap, in lower case',
      fromConfigMap({ http_proxy: 'http://proxy', no_proxy: 'localhost' }),
      /^problem: .*app: HTTP_PROXY with NO_PROXY localhost \(cronjob\/nightly\)$/,
    ],
    [
      'whose exceptions are a key of a ConfigMap',
      onIrsa({ proxy: { ...PROXY, NO_PROXY: 'configmap proxies/none' } }),
      /^unknown: could not be checked: a value of NO_PROXY/,
    ],
    [
      'with the exception of the other address, on a cluster of IPv6',
      (world) => {
        onIrsa({ proxy: { ...PROXY, NO_PROXY: '169.254.170.23' } })(world);
        world.clusters['prod-main'] = { ...world.clusters['prod-main']!, ipFamily: 'ipv6' };
      },
      /^problem: requests to the agent \(http:\/\/\[fd00:ec2::23\]\)/,
    ],
  ])('%s: does not pass', async (_, change, found) => {
    expect(await notesOf(judgeStep(proxy, from, change))).toEqual([expect.stringMatching(found)]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['that is not there', () => undefined],
    ['with the exception', onIrsa({ proxy: { ...PROXY, NO_PROXY: 'localhost,169.254.170.23,[fd00:ec2::23]' } })],
    ['with the exception in a ConfigMap', fromConfigMap({ HTTP_PROXY: 'http://proxy', NO_PROXY: '169.254.170.23' })],
    [
      'of a ConfigMap that the container clears',
      fromConfigMap({ HTTP_PROXY: 'http://proxy' }, { cleared: ['HTTP_PROXY'] }),
    ],
    [
      'of a ConfigMap whose exceptions the container replaces',
      fromConfigMap({ HTTP_PROXY: 'http://proxy', NO_PROXY: '' }, { proxy: { NO_PROXY: '169.254.170.23' } }),
    ],
  ])('%s: passes', async (_, change) => {
    expect(await notesOf(judgeStep(proxy, from, change))).toEqual([]);
  });
});
