import { agentPod, irsaPod, podIdentityPod } from '../agreedWorld';
import { changed, type Fault, pods } from './Fault';
import { policies, shut } from './podFaults';

/** What looks broken and is not. */
export const HARMLESS: readonly Pick<Fault, 'name' | 'stage' | 'break'>[] = [
  {
    name: 'NO_PROXY has the agent',
    stage: 'dual',
    break: (world) => changed(world, { proxy: { HTTP_PROXY: 'http://p', NO_PROXY: 'localhost, 169.254.170.23' } }),
  },
  {
    name: 'a proxy for pods that never ask the agent',
    stage: 'irsa',
    break: (world) => changed(world, { proxy: { HTTP_PROXY: 'http://p' } }),
  },
  {
    name: 'another NetworkPolicy opens what one shuts',
    stage: 'dual',
    break: (world) =>
      policies(
        world,
        shut(),
        shut({ name: 'open', egress: [{ blocks: [{ cidr: '169.254.170.23/32', except: [] }] }] }),
      ),
  },
  {
    name: 'the NetworkPolicy is for other pods',
    stage: 'dual',
    break: (world) => policies(world, shut({ podLabels: { app: 'other' } })),
  },
  {
    name: 'the NetworkPolicy limits ingress alone',
    stage: 'dual',
    break: (world) => policies(world, shut({ limitsEgress: false })),
  },
  {
    name: 'pods on the host’s network are past NetworkPolicies',
    stage: 'dual',
    break: (world) => {
      policies(world, shut());
      pods(world, podIdentityPod({}, { hostNetwork: true }));
    },
  },
  {
    name: 'a sidecar that the webhook passed by',
    stage: 'dual',
    break: (world) => {
      const [pod] = world.pods;
      const sidecar = { ...pod!.containers[0]!, name: 'sidecar', env: {} };
      pods(world, { ...pod!, containers: [...pod!.containers, sidecar] });
    },
  },
  { name: 'no pod runs', stage: 'dual', break: (world) => pods(world) },
  {
    name: 'pods that end are no longer judged',
    stage: 'pod-identity',
    break: (world) => pods(world, podIdentityPod(), irsaPod({}, { ending: true })),
  },
  {
    name: 'IRSA on Fargate',
    stage: 'irsa',
    break: (world) => (world.nodes = [{ name: 'node-1', os: 'linux', computeType: 'fargate' }]),
  },
  {
    name: 'a second agent’s pod on another node is not ready',
    stage: 'dual',
    break: (world) => world.pods.push(agentPod('node-2', { ready: false })),
  },
];
