import type { Move } from '../../../src/cli/rehearse/planWalk';
import { rehearsalReport, succeeded } from '../../../src/cli/rehearse/rehearsalReport';
import { Stopped } from '../../../src/cli/rehearse/passGate';
import { type Denied, held, isNamed, type Walked } from '../../../src/cli/rehearse/Walked';
import { STAGES } from '../../../src/inventory/Inventory';

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
const denied: Denied = {
  subject: {
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
  why: 'AccessDenied: statement 0 of the trust policy',
  named: false,
};
const step = (parts: Partial<Walked> = {}): Walked => ({
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

  it.each(['irsa', 'pod-identity', 'nothing'] as const)('of a pod on %s is named in one step at most', (uses) => {
    const named = steps.filter((move) => isNamed({ uses }, move)).map(({ from, to }) => `${from} > ${to}`);
    expect(named).toEqual({ irsa: ['cutover > pod-identity'], 'pod-identity': ['dual > prepared'], nothing: [] }[uses]);
  });

  it('fails the step unless it is named', () => {
    expect(held(step({ denied: [denied] }))).toBe(false);
    expect(held(step({ denied: [{ ...denied, named: true }] }))).toBe(true);
  });

  it('names pod, time, stage and statement, once for a pod that asked again and again', () => {
    const again = { ...denied, at: '2026-11-21T08:00:01.000Z' };
    const text = rehearsalReport({ walked: [step({ move: LAST, denied: [denied, again] })] }, false);
    const lines = text.split('\n').filter((line) => line.includes('shop/api-1'));
    expect(lines).toEqual([
      '2026-11-21T08:00:00.000Z at cutover → pod-identity of pilot: pod shop/api-1 on dev/main (IRSA), source role: AccessDenied: statement 0 of the trust policy',
    ]);
    expect(text).toMatch(/2 DENIED/);
    expect(text).toMatch(/stopped after 1 steps/);
  });
});

describe('a rehearsal', () => {
  it('succeeded when every step held', () => {
    const walked = [step(), step({ denied: [{ ...denied, named: true, uses: 'pod-identity' }] })];
    expect(succeeded({ walked })).toBe(true);
    expect(rehearsalReport({ walked }, false)).toMatch(/500 times a pod asked: nobody was denied .* but for the pods/);
  });

  it('did not when a plan would destroy a role', () => {
    const walked = [step({ rolesLost: ['aws_iam_role.api'] })];
    expect(succeeded({ walked })).toBe(false);
    expect(rehearsalReport({ walked }, false)).toMatch(/the plan would destroy the role aws_iam_role\.api/);
  });

  it('did not when a gate said no, and shows what the gate said', () => {
    const result = { walked: [step()], failure: new Stopped('the gate says no: soak') };
    expect(succeeded(result)).toBe(false);
    expect(rehearsalReport(result, false)).toContain('the gate says no: soak');
  });
});
