import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../../../src/estate/aws/AwsPort';
import type { KubernetesPort } from '../../../src/estate/kubernetes/KubernetesPort';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import type { KubectlSettings } from '../../../src/estate/kubernetes/runKubectl';
import type { SandboxFault } from '../../../src/sandbox/startSandbox';
import { clusterOf } from '../../blueprint/inventoryOf';
import { MAIN, seedWith, useSandbox } from '../../sandbox/testSandbox';

const at = useSandbox(() => ({
  seed: seedWith([], {
    clusters: [{ ...MAIN, version: '1.33', serviceAccounts: [{ namespace: 'shop', name: 'orders' }] }],
  }),
}));
afterEach(() => {
  at.sandbox.faults.clear();
});

const folder = mkdtempSync(join(tmpdir(), 'podlift-kubectl-faults-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The real kubectl in a context of the sandbox, or of a server that does not listen. */
function port(settings: KubectlSettings = {}, server = at.sandbox.kubernetes.apiServer(MAIN)): KubernetesPort {
  const file = join(folder, 'config');
  const contexts = [{ name: 'here', context: { cluster: 'c', user: 'u' } }];
  const users = [{ name: 'u', user: { token: 'u' } }];
  writeFileSync(file, JSON.stringify({ clusters: [{ name: 'c', cluster: { server } }], users, contexts }));
  const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: file };
  return kubectlPorts({ environment, ...settings })('prod', clusterOf({ kubernetes: { context: 'here' } }));
}

type Ask = (port: KubernetesPort) => Promise<Answer<unknown>>;

/** Every question to a cluster, by the action that the sandbox serves for it. */
const QUESTIONS: readonly (readonly [action: string, ask: Ask])[] = [
  ['list pods', (kubectl) => kubectl.pods('shop')],
  ['list cronjobs', (kubectl) => kubectl.templates('shop')],
  ['list nodes', (kubectl) => kubectl.nodes()],
  ['list serviceaccounts', (kubectl) => kubectl.serviceAccounts()],
  ['get serviceaccounts', (kubectl) => kubectl.serviceAccount('shop', 'orders')],
  ['list networkpolicies', (kubectl) => kubectl.networkPolicies('shop')],
  ['get /.well-known/openid-configuration', (kubectl) => kubectl.issuer()],
];

interface Failure {
  readonly title: string;
  readonly fault: SandboxFault;
  readonly why: string;
  readonly message: RegExp;
  readonly settings?: KubectlSettings;
}

const FAILURES: readonly Failure[] = [
  {
    title: 'forbidden',
    fault: { kind: 'denied' },
    why: 'denied',
    message: /\(Forbidden\).*cannot (list|get) (resource|path)/,
  },
  {
    title: 'answered by 503',
    fault: { kind: 'server error', status: 503 },
    why: 'unreachable',
    message: /currently unable to handle the request/,
  },
  {
    title: 'answered by 500',
    fault: { kind: 'server error', status: 500 },
    why: 'failed',
    message: /Internal error occurred/,
  },
  { title: 'never answered', fault: { kind: 'hang' }, why: 'timeout', message: /./, settings: { requestTimeout: 0.6 } },
];

describe.each(QUESTIONS)('the question of kubectl: %s', (action, ask) => {
  it('is answered', async () => {
    expect(await ask(port())).toMatchObject({ ok: true });
  });

  it.each(FAILURES)('has no answer but the reason: $title', async ({ fault, why, message, settings }) => {
    at.sandbox.faults.set([{ ...fault, service: 'kubernetes', action }]);
    const answer = await ask(port(settings));
    expect(answer).toMatchObject({ ok: false, why, message: expect.stringMatching(message) });
  });
});

describe('the real kubectl', () => {
  const pods = { service: 'kubernetes', action: 'list pods' } as const;

  it('waits where it is throttled for a while', async () => {
    at.sandbox.faults.set([{ ...pods, kind: 'throttle', times: 1 }]);
    expect(await port().pods('shop')).toMatchObject({ ok: true });
  });

  it.each<[string, SandboxFault]>([
    ['waits for an answer that never comes', { ...pods, kind: 'hang' }],
    ['is throttled without end', { ...pods, kind: 'throttle' }],
  ])('is stopped where it %s', async (_, fault) => {
    at.sandbox.faults.set([fault]);
    expect(await port({ timeout: 1.5 }).pods('shop')).toMatchObject({
      ok: false,
      why: 'timeout',
      message: expect.stringMatching(/within 1\.5 s/),
    });
  });

  it('says that nobody listens', async () => {
    const answer = await port({}, 'http://127.0.0.1:9').pods('shop');
    expect(answer).toMatchObject({ ok: false, why: 'unreachable', message: expect.stringMatching(/refused/) });
  });
});
