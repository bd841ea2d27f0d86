import type { EnginePolicyFacts, NetworkPolicyFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { networkPolicy } from '../../../src/operations/checks/networkPolicy';
import { irsaPod, podOf, type World } from '../agreedWorld';
import { policies, shut } from '../doctor/podFaults';
import { pods } from '../doctor/Fault';
import { containerOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

const AGENT: NetworkPolicyFacts['egress'][number] = { blocks: [{ cidr: '169.254.170.23/32', except: [] }] };

const only =
  (...all: NetworkPolicyFacts[]) =>
  (world: World): unknown =>
    policies(world, ...all);

const byExpression = (operator: 'Exists' | 'DoesNotExist'): NetworkPolicyFacts => ({
  name: 'by-expression',
  podSelector: { labels: {}, expressions: [{ key: 'tier', operator, values: [] }] },
  limitsEgress: true,
  egress: [],
});

const cilium = (world: World): unknown =>
  world.templates.push(
    templateOf({ namespace: 'kube-system', kind: 'DaemonSet', name: 'cilium', labels: { 'k8s-app': 'cilium' } }),
  );

const CILIUM = 'ciliumnetworkpolicies.cilium.io';
const engine =
  (change: Partial<EnginePolicyFacts> = {}, resource = CILIUM) =>
  (world: World): unknown =>
    (world.enginePolicies = {
      [resource]: [
        {
          namespace: 'production',
          name: 'closed',
          limits: true,
          podSelector: { labels: {}, expressions: [] },
          ...change,
        },
      ],
    });
const byTier = (operator: 'Exists' | 'DoesNotExist') => ({
  podSelector: { labels: {}, expressions: [{ key: 'tier', operator, values: [] }] },
});

describe.each(['prepared', 'dual'] as const)('Before the step from %s, a policy of another engine', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'of the namespace',
      engine(),
      /^unknown: could not be checked: CiliumNetworkPolicy production\/closed can limit egress of orders-api-\w+, and podlift does not evaluate/,
    ],
    [
      'of the whole cluster, whose selector is not read',
      (world) => {
        engine({}, 'globalnetworkpolicies.crd.projectcalico.org')(world);
        const { 'globalnetworkpolicies.crd.projectcalico.org': [policy] = [] } = world.enginePolicies ?? {};
        const { limits, name } = policy!;
        world.enginePolicies = { 'globalnetworkpolicies.crd.projectcalico.org': [{ limits, name }] };
      },
      /^unknown: could not be checked: GlobalNetworkPolicy closed can limit egress/,
    ],
    [
      'for the labels of the pods',
      (world) => {
        engine({ podSelector: { labels: { app: 'orders-api' }, expressions: [] } })(world);
        pods(world, irsaPod({}, { labels: { app: 'orders-api' } }));
      },
      /limit egress of orders-api-old, /,
    ],
    ['that selects the pods by an expression', engine(byTier('DoesNotExist')), /closed/],
    [
      'that selects a template with 0 replicas',
      (world) => {
        engine({ podSelector: { labels: { app: 'batch' }, expressions: [] } })(world);
        pods(world);
        world.templates = [templateOf({ name: 'batch', replicas: 0, labels: { app: 'batch' } })];
      },
      /limit egress of deployment\/batch, /,
    ],
    [
      'that cannot be read, beside a NetworkPolicy that allows',
      (world) => {
        only(shut({ egress: [AGENT] }))(world);
        engine()(world);
        world.unanswered.enginePolicies = 'denied';
      },
      /^unknown: denied: no answer to enginePolicies$/,
    ],
  ])('%s: could not be checked', async (_, change, found) => {
    const results = await judgeStep(networkPolicy, from, change);
    expect(await notesOf(Promise.resolve(results))).toContainEqual(expect.stringMatching(found));
    expect(results.filter(({ state }) => state === 'ok')).toHaveLength(1);
  });

  it.each<[string, (world: World) => unknown]>([
    ['that limits no egress', engine({ limits: false })],
    ['of another namespace', engine({ namespace: 'staging' })],
    ['for the labels of other pods', engine({ podSelector: { labels: { app: 'other' }, expressions: [] } })],
    ['that selects other pods by an expression', engine(byTier('Exists'))],
    ['whose kind the cluster has no object of', (world) => (world.enginePolicies = { [CILIUM]: [] })],
    [
      'for pods on the network of the node',
      (world) => {
        engine()(world);
        pods(world, irsaPod({}, { hostNetwork: true }));
      },
    ],
  ])('%s: passes', async (_, change) => {
    expect(await notesOf(judgeStep(networkPolicy, from, change))).toEqual([]);
  });
});

describe.each(['prepared', 'dual'] as const)('Before the step from %s, a NetworkPolicy', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'that blocks the agent from pods that use IRSA',
      (world) => {
        only(shut())(world);
        pods(world, irsaPod());
      },
      /^problem: NetworkPolicy default-deny limits egress, and nothing allows 169\.254\.170\.23\/32 port 80, the agent: orders-api-old$/,
    ],
    [
      'that blocks the agent from the pods of a template with 0 replicas',
      (world) => {
        only(shut({ podLabels: { app: 'batch' } }))(world);
        pods(world);
        world.templates = [templateOf({ name: 'batch', replicas: 0, labels: { app: 'batch' } })];
      },
      /^problem: .*the agent: deployment\/batch$/,
    ],
    ['that selects pods by an expression', only(byExpression('DoesNotExist')), /^problem: NetworkPolicy by-expression/],
    [
      'that allows IPv4 on a cluster of IPv6',
      (world) => {
        only(shut({ egress: [AGENT] }))(world);
        pods(world, irsaPod());
        world.clusters['prod-main'] = { ...world.clusters['prod-main']!, ipFamily: 'ipv6' };
      },
      /nothing allows fd00:ec2::23\/128 port 80/,
    ],
    [
      'that allows the range of the agent, where Cilium judges it',
      (world) => {
        only(shut({ egress: [AGENT] }))(world);
        cilium(world);
      },
      /^unknown: could not be checked: NetworkPolicy default-deny limits egress of orders-api-\w+, and Cilium takes 169\.254\.170\.23, the agent, for the host/,
    ],
    [
      'that allows every range, where pods of Cilium judge it',
      (world) => {
        only(shut({ egress: [{ blocks: [{ cidr: '0.0.0.0/0', except: [] }] }] }))(world);
        world.pods.push(
          podOf({
            namespace: 'kube-system',
            name: 'cni-1',
            serviceAccount: 'cni',
            containers: [containerOf({ image: 'quay.io/cilium/cilium:v1.18.0@sha256:0' })],
          }),
        );
      },
      /^unknown: could not be checked: .*Cilium/,
    ],
  ])('%s: does not pass', async (_, change, found) => {
    expect(await notesOf(judgeStep(networkPolicy, from, change))).toEqual([expect.stringMatching(found)]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['that is not there', () => undefined],
    ['that allows the agent', only(shut({ egress: [AGENT] }))],
    ['that selects other pods by an expression', only(byExpression('Exists'))],
    [
      'of other pods, where Cilium judges it',
      (world) => {
        only(shut({ podLabels: { app: 'other' } }))(world);
        cilium(world);
      },
    ],
    [
      'that allows everything, where Cilium judges it',
      (world) => {
        only(shut({ egress: [{}] }))(world);
        cilium(world);
      },
    ],
    [
      'that is not enforced on the network of the node',
      (world) => {
        only(shut())(world);
        pods(world, irsaPod({}, { hostNetwork: true }));
      },
    ],
  ])('%s: passes', async (_, change) => {
    expect(await notesOf(judgeStep(networkPolicy, from, change))).toEqual([]);
  });
});

it('Before the step from irsa, no pod needs the agent yet', async () => {
  expect(await judgeStep(networkPolicy, 'irsa', only(shut()))).toEqual([]);
});
