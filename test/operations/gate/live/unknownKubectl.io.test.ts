import { type Stage, STAGES } from '../../../../src/inventory/Inventory';
import type { KubectlSettings } from '../../../../src/estate/kubernetes/runKubectl';
import type { SandboxFault } from '../../../../src/sandbox/startSandbox';
import { against, inventoryAt, type Live, startLive } from './liveWorld';

type Question = readonly [action: string, checks: readonly string[]];

/** Every question to a cluster, and the checks that know nothing without it. */
const QUESTIONS: readonly (readonly [Stage, 'forward' | 'back', readonly Question[]])[] = [
  [
    'irsa',
    'forward',
    [
      ['list pods', ['compute', 'credential-chain']],
      ['list nodes', ['compute']],
      ['get serviceaccounts', ['annotation']],
      ['get /.well-known/openid-configuration', ['cluster']],
    ],
  ],
  [
    'prepared',
    'forward',
    [
      ['list pods', ['agent-on-nodes', 'compute']],
      ['list nodes', ['agent-on-nodes', 'compute']],
    ],
  ],
  ['dual', 'forward', [['list pods', ['pod-credentials']]]],
  ['dual', 'back', [['list pods', ['restart-needed']]]],
  ['cutover', 'forward', [['list pods', ['pod-credentials']]]],
];

interface Failure {
  readonly title: string;
  readonly fault: SandboxFault;
  readonly said: RegExp;
  readonly settings?: KubectlSettings;
}

const FAILURES: readonly Failure[] = [
  { title: 'forbidden', fault: { kind: 'denied' }, said: /^denied: .*\(Forbidden\).*cannot (list|get) resource/ },
  {
    title: 'answered by 503',
    fault: { kind: 'server error', status: 503 },
    said: /^unreachable: .*currently unable to handle the request/,
  },
  {
    title: 'never answered',
    fault: { kind: 'hang' },
    said: /^timeout: /,
    settings: { requestTimeout: 0.6, timeout: 5 },
  },
];

/** Asked for at one stage only, since they go the same way. */
const RARER: readonly Failure[] = [
  {
    title: 'answered by 500',
    fault: { kind: 'server error', status: 500 },
    said: /^failed: .*Internal error occurred/,
  },
];

describe.each(QUESTIONS)('the gate at %s %s', (stage, direction, questions) => {
  let live: Live;
  const inventory = inventoryAt(stage);
  beforeAll(async () => {
    live = await startLive(inventory);
    for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed));
    await live.settle();
    if (stage === 'cutover') await live.ask();
  });
  afterEach(() => {
    live.sandbox().faults.clear();
  });
  afterAll(() => live.stop());

  it('holds', async () => {
    expect(against(await live.gate(inventory, { direction }))).toEqual([]);
  });

  describe.each(questions)('without an answer to %s', (action, checks) => {
    it.each([...FAILURES, ...(stage === 'irsa' ? RARER : [])])(
      'is unknown, and never holds: $title',
      async ({ fault, said, settings: kubectl = {} }) => {
        live.sandbox().faults.set([{ ...fault, service: 'kubernetes', action }]);
        const result = await live.gate(inventory, { direction, kubectl });
        expect(result.holds).toBe(false);
        // Whoever may not read the issuer is believed that the context leads to the cluster; else nothing of the cluster is judged.
        const doubted = action.startsWith('get /') && fault.kind !== 'denied';
        const all = doubted ? ['annotation', ...checks, 'compute', 'credential-chain'] : checks;
        expect([...against(result)].toSorted()).toEqual(all.map((check) => `${check} unknown`));
        for (const { found, remedy, reason } of result.evidence.filter(({ holds }) => holds === 'unknown')) {
          expect(found).toMatch(reason === 'not-judged' ? /^not checked: / : said);
          expect(remedy).toMatch(/run the command again\./i);
        }
      },
    );
  });
});

describe('the gate', () => {
  let live: Live;
  const inventory = inventoryAt('irsa');
  beforeAll(async () => {
    live = await startLive(inventory);
    await live.apply(inventory);
    await live.settle();
  });
  afterEach(() => {
    live.sandbox().faults.clear();
  });
  afterAll(() => live.stop());

  const ofCluster = ['annotation unknown', 'cluster unknown', 'compute unknown', 'credential-chain unknown'];

  it('holds after throttling that ends, which kubectl waits for', async () => {
    live.sandbox().faults.set([{ kind: 'throttle', service: 'kubernetes', action: 'list pods', times: 1 }]);
    expect(against(await live.gate(inventory))).toEqual([]);
  });

  it('is unknown where kubectl waits on for an answer that never comes', async () => {
    live.sandbox().faults.set([{ kind: 'hang', service: 'kubernetes', action: 'get serviceaccounts' }]);
    const result = await live.gate(inventory, { kubectl: { timeout: 1.5 } });
    expect(result.holds).toBe(false);
    expect(against(result)).toEqual(['annotation unknown']);
    expect(result.evidence.find(({ holds }) => holds === 'unknown')?.found).toMatch(/^timeout: .*within 1\.5 s/);
  });

  it('is unknown after throttling that does not end', async () => {
    live.sandbox().faults.set([{ kind: 'throttle', service: 'kubernetes', action: 'list pods' }]);
    const result = await live.gate(inventory, { kubectl: { timeout: 2.5 } });
    expect(result.holds).toBe(false);
    expect([...against(result)].toSorted()).toEqual(['compute unknown', 'credential-chain unknown']);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'nobody listens',
      () => live.run('kubectl config set-cluster prod-main --server http://127.0.0.1:9'),
      /^unreachable: .*refused/,
    ],
    [
      'kubeconfig has no such context',
      () => live.run('kubectl config delete-context prod-main'),
      /^failed: kubeconfig \S+ has no context "prod-main"/,
    ],
    ['kubectl is not there', () => Promise.resolve(), /^failed: "kubectl-that-is-not-there" is not on PATH/],
  ])('is unknown where %s', async (title, change, said) => {
    await change();
    const kubectl = title === 'kubectl is not there' ? { binary: 'kubectl-that-is-not-there' } : {};
    const result = await live.gate(inventory, { kubectl });
    expect(result.holds).toBe(false);
    expect([...against(result)].toSorted()).toEqual(ofCluster);
    // The check of the cluster says why; what the cluster shows is not judged then.
    const unknown = result.evidence.filter(({ holds }) => holds === 'unknown');
    for (const { check, found } of unknown) expect(found).toMatch(check === 'cluster' ? said : /^not checked: /);
  });
});
