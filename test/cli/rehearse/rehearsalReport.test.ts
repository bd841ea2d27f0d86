import { rehearsalReport } from '../../../src/cli/rehearse/rehearsalReport';
import { STAGES } from '../../../src/inventory/Inventory';
import type { GateResult } from '../../../src/operations/gate/gate';
import type { Move } from '../../../src/rehearsal/planWalk';
import { succeeded } from '../../../src/rehearsal/rehearseEnvironment';
import { GateFailed, isExpected, passed, type RehearsedStep } from '../../../src/rehearsal/rehearseStep';

const BACK: Move = { wave: 'pilot', from: 'dual', to: 'prepared' };
const LAST: Move = { wave: 'pilot', from: 'cutover', to: 'pod-identity' };
const ref = { account: '111111111111', region: 'us-west-2', name: 'dev-main' };
const role = {
  workload: 'api',
  stage: 'dual',
  name: 'r',
  path: '/',
  arn: 'arn',
  managedPolicies: [],
  inlinePolicies: [],
  tags: {},
} as const;
const denied: RehearsedStep['denied'][number] = {
  of: {
    workload: 'api',
    cluster: 'main',
    ref,
    namespace: 'shop',
    serviceAccount: 'api',
    compute: 'ec2',
    roles: { source: { ...role, trust: { Statement: [] } }, targets: [] },
  },
  pod: 'api-1',
  uses: 'irsa',
  at: '2026-11-21T08:00:00.000Z',
  role: 'source role',
  reason: 'AccessDenied: statement 0 of the trust policy',
  expected: false,
};
const step = (parts: Partial<RehearsedStep> = {}): RehearsedStep => ({
  environment: 'dev',
  move: BACK,
  changes: { add: 0, change: 1, destroy: 1, import: 0 },
  calls: 38,
  asked: 250,
  denied: [],
  rolesLost: [],
  ...parts,
});

describe('a denial', () => {
  const steps = STAGES.flatMap((from, index) => [
    { wave: 'pilot', from, to: STAGES[index + 1]! },
    { wave: 'pilot', from, to: STAGES[index - 1]! },
  ]).filter(({ to }) => to as string | undefined);

  const expected = (uses: 'irsa' | 'pod-identity' | 'nothing', restarted: boolean) =>
    steps.filter((move) => isExpected({ uses }, move, restarted)).map(({ from, to }) => `${from} > ${to}`);

  it('is expected of IRSA in the last step, and of Pod Identity while EKS does not see the association as it is', () => {
    expect(expected('irsa', false)).toEqual(['cutover > pod-identity']);
    expect(expected('pod-identity', false)).toEqual(['prepared > dual', 'dual > prepared']);
    expect(expected('nothing', false)).toEqual([]);
  });

  it('is not expected of Pod Identity once the pods are restarted: they were restarted too early', () => {
    expect(expected('pod-identity', true)).toEqual([]);
    expect(expected('irsa', true)).toEqual(['cutover > pod-identity']);
  });

  it('fails the step unless it is expected', () => {
    expect(passed(step({ denied: [denied] }))).toBe(false);
    expect(passed(step({ denied: [{ ...denied, expected: true }] }))).toBe(true);
  });

  it('names pod, time, stage and statement, once for a pod that asked again and again', () => {
    const again = { ...denied, at: '2026-11-21T08:00:01.000Z' };
    const text = rehearsalReport(
      { steps: [step({ move: LAST, denied: [denied, again] })] },
      { colour: false, width: 200 },
    );
    const lines = text.split('\n').filter((line) => line.includes('shop/api-1'));
    expect(lines).toEqual([
      '2026-11-21T08:00:00.000Z at cutover → pod-identity of pilot: pod shop/api-1 on dev/main (IRSA), source role: AccessDenied: statement 0 of the trust policy',
    ]);
    expect(text).toMatch(/2 DENIED/);
    expect(text).toMatch(/stopped after 1 steps/);
  });
});

describe('a rehearsal', () => {
  it('succeeded when every step passed', () => {
    const steps = [step(), step({ denied: [{ ...denied, expected: true, uses: 'pod-identity' }] })];
    expect(succeeded({ steps })).toBe(true);
    expect(rehearsalReport({ steps }, { colour: false, width: 200 })).toMatch(
      /pods requested credentials 500 times\. Every pod got the roles .* except pods that wait for a restart or for the association/,
    );
  });

  it('did not when a plan would destroy a role', () => {
    const steps = [step({ rolesLost: ['aws_iam_role.api'] })];
    expect(succeeded({ steps })).toBe(false);
    expect(rehearsalReport({ steps }, { colour: false, width: 200 })).toMatch(
      /the plan destroys the role aws_iam_role\.api/,
    );
  });

  it('did not when a gate failed, and shows the checks that failed', () => {
    const soak = {
      check: 'soak',
      environment: 'dev',
      asked: '',
      of: 'inventory',
      when: '',
      found: '2d of 7d',
    } as const;
    const gate: GateResult = {
      environment: 'dev',
      ...LAST,
      direction: 'forward',
      evidence: [{ ...soak, holds: 'no' }],
      holds: false,
    };
    const result = { steps: [step()], failure: new GateFailed(gate) };
    expect(succeeded(result)).toBe(false);
    expect(rehearsalReport(result, { colour: false, width: 200 })).toMatch(/FAIL .* soak .* 2d of 7d/);
  });
});
