import { targetOf } from '../../../blueprint/inventoryOf';
import { STAGES, type Stage } from '../../../../src/inventory/Inventory';
import type { AwsSettings } from '../../../../src/estate/aws/clientConfig';
import type { SandboxFault } from '../../../../src/sandbox/startSandbox';
import { against, DATA, inventoryAt, type Live, rememberedKubectl, startLive } from './liveWorld';

const SETTING = {
  targets: [
    targetOf({ account: { key: 'data-prod', id: DATA, deployRole: `arn:aws:iam::${DATA}:role/podlift-deploy` } }),
  ],
};

type Call = readonly [service: 'eks' | 'iam' | 'sts' | 'cloudtrail', action: string, checks: readonly string[]];

/** Every call of AWS that a gate makes, and the checks that know nothing without it. */
const CALLS: Readonly<Partial<Record<Stage, readonly Call[]>>> = {
  irsa: [
    ['eks', 'DescribeCluster', ['cluster']],
    ['eks', 'DescribeAddon', ['agent']],
    ['eks', 'ListPodIdentityAssociations', ['association']],
    ['iam', 'GetRole', ['role', 'trust']],
    ['sts', 'AssumeRole', ['role', 'trust']],
    ['sts', 'GetCallerIdentity', ['agent', 'association', 'cluster', 'role', 'trust']],
  ],
  prepared: [
    ['eks', 'DescribeAddon', ['agent']],
    ['iam', 'GetRole', ['role', 'trust']],
  ],
  dual: [
    ['eks', 'DescribeCluster', ['cluster']],
    ['eks', 'ListPodIdentityAssociations', ['association']],
    ['eks', 'DescribePodIdentityAssociation', ['association']],
  ],
  cutover: [
    ['cloudtrail', 'LookupEvents', ['web-identity-unused']],
    ['iam', 'GetRole', ['role', 'role-used', 'trust']],
  ],
};

interface Failure {
  readonly title: string;
  readonly fault: SandboxFault;
  readonly said: RegExp;
  readonly settings?: AwsSettings;
}

/** How a call goes wrong for good, and what the evidence calls it. */
const FAILURES: readonly Failure[] = [
  { title: 'denied', fault: { kind: 'denied' }, said: /^denied: .*not authorized to perform/ },
  {
    title: 'throttled without end',
    fault: { kind: 'throttle' },
    said: /^throttled: .*Rate exceeded/,
    settings: { attempts: 1 },
  },
  {
    title: 'answered by 500',
    fault: { kind: 'server error', status: 500 },
    said: /^failed: .* \(2 attempts\)/,
    settings: { attempts: 2 },
  },
  {
    title: 'answered by 503',
    fault: { kind: 'server error', status: 503 },
    said: /^failed: /,
    settings: { attempts: 1 },
  },
  {
    title: 'never answered',
    fault: { kind: 'hang' },
    said: /^timeout: /,
    settings: { attempts: 1, requestTimeout: 250 },
  },
];

/** Asked where calls end in different ways: the taking of a deploy role, the identity of an account, the question with its own patience. */
const OF_STS_AND_CLOUDTRAIL: readonly Failure[] = [
  {
    title: 'never answered, in time for all attempts',
    fault: { kind: 'hang' },
    said: /^timeout: no answer within/,
    settings: { timeout: 300, accountTimeout: 300 },
  },
];

describe.each(Object.entries(CALLS) as [Stage, readonly Call[]][])('the gate at %s', (stage, calls) => {
  let live: Live;
  const kubernetes = rememberedKubectl();
  const inventory = inventoryAt(stage, SETTING);
  beforeAll(async () => {
    live = await startLive(inventory);
    for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed, SETTING));
    await live.settle();
    if (stage === 'cutover') await live.ask();
  });
  afterEach(() => {
    live.sandbox().faults.clear();
  });
  afterAll(() => live.stop());

  it('holds', async () => {
    expect(against(await live.gate(inventory, { kubernetes }))).toEqual([]);
  });

  describe.each(calls)('without %s:%s', (service, action, checks) => {
    it.each([...FAILURES, ...(['sts', 'cloudtrail'].includes(service) ? OF_STS_AND_CLOUDTRAIL : [])])(
      'is unknown, and never holds: $title',
      async ({ fault, said, settings = {} }) => {
        live.sandbox().faults.set([{ ...fault, service, action }]);
        const result = await live.gate(inventory, { aws: settings, kubernetes });
        expect(result.holds).toBe(false);
        expect([...against(result)].toSorted()).toEqual(checks.map((check) => `${check} unknown`));
        for (const { found, remedy } of result.evidence.filter(({ holds }) => holds === 'unknown')) {
          expect(found).toMatch(said);
          expect(remedy).toMatch(/run the command again/i);
        }
      },
    );
  });

  it.each<readonly [string, SandboxFault]>([
    // At these two stages every service is asked; the SDK's back-off takes seconds.
    ...(stage === 'irsa' || stage === 'cutover' ? [['throttling', { kind: 'throttle', times: 1 }] as const] : []),
    ['a failure', { kind: 'server error', times: 2 }],
  ])('holds after %s that ends, of every call', async (_, fault) => {
    live.sandbox().faults.set(calls.map(([service, action]) => ({ ...fault, service, action })));
    const before = live.sandbox().calls().length;
    expect(against(await live.gate(inventory, { aws: { attempts: 5 }, kubernetes }))).toEqual([]);
    const failed = live
      .sandbox()
      .calls()
      .slice(before)
      .filter(({ error }) => error !== undefined && error !== 'ResourceNotFoundException');
    const times = fault.times ?? 0;
    expect(failed.map((call) => call.action).toSorted()).toEqual(
      calls.flatMap(([, action]) => Array.from({ length: times }, () => action)).toSorted(),
    );
  });
});

describe('the gate', () => {
  it.each([
    [
      'of another account',
      { AWS_ACCESS_KEY_ID: DATA },
      /^denied: these credentials are of account 444444444444 .*not of apps-prod \(333333333333\)/,
    ],
    ['that nobody knows', { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' }, /^denied: /],
    ['with a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /^denied: /],
  ])('is unknown by credentials %s', async (_, variables, said) => {
    const inventory = inventoryAt('irsa');
    const live = await startLive(inventory);
    try {
      await live.apply(inventory);
      Object.assign(process.env, variables);
      const { holds, evidence } = await live.gate(inventory);
      const asked = evidence.filter(({ of }) => of.startsWith('apps-prod'));
      expect(holds).toBe(false);
      expect(asked.map((one) => one.holds)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
      for (const { found } of asked) expect(found).toMatch(said);
    } finally {
      await live.stop();
    }
  });
});
