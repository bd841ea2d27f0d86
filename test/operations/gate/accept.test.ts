import {
  acceptAll,
  acceptanceTexts,
  acceptChecks,
  canBeAccepted,
  readAcceptances,
} from '../../../src/operations/gate/accept';
import type { Evidence, GateResult } from '../../../src/operations/gate/gate';
import { subjectName } from '../../../src/inventory/Inventory';
import { stepOf } from '../../../src/operations/gate/Step';
import { clusterOf, environmentOf, inventoryOf, workloadOf } from '../../blueprint/inventoryOf';

/** A wave of two workloads, `api` on two clusters and `web` on one of them; `other` is in no wave. */
const ENVIRONMENT = environmentOf({
  clusters: [clusterOf({ key: 'blue' }), clusterOf({ key: 'green' })],
  workloads: [
    workloadOf({ key: 'api', wave: 'pilot', stage: 'prepared', clusters: ['blue', 'green'] }),
    workloadOf({ key: 'web', wave: 'pilot', stage: 'prepared', clusters: ['blue'] }),
    workloadOf({ key: 'other', stage: 'pod-identity', clusters: ['blue'] }),
  ],
});
const { step: STEP } = stepOf(
  { ...inventoryOf(ENVIRONMENT), waves: [{ key: 'pilot', stages: { prod: { stage: 'prepared' } } }] },
  { wave: 'pilot', environment: 'prod', direction: 'forward' },
);
const ACCOUNT = subjectName(ENVIRONMENT.workloads[0]!.subjects[0]!);

function result(check: Evidence['check'], about: Partial<Evidence> = {}): Evidence {
  const asked = { environment: 'prod', asked: 'get pods', of: 'kubectl', when: '2026-11-20T12:00:00Z' };
  return { check, ...asked, found: 'something', holds: 'no', ...about };
}

function gateWith(...evidence: readonly Evidence[]): GateResult {
  const step = { wave: 'pilot', environment: 'prod', direction: 'forward', from: 'prepared', to: 'dual' } as const;
  return { ...step, evidence, holds: evidence.every(({ holds }) => holds === 'yes') };
}

function accept(texts: readonly string[], ...evidence: readonly Evidence[]) {
  const read = readAcceptances(texts, STEP);
  if ('problem' in read) throw new Error(read.problem);
  return acceptChecks(gateWith(...evidence), read.acceptances, STEP);
}

describe('what can be written as accepted', () => {
  it.each(['pod-credentials', 'pod-credentials:api', 'pod-credentials:api:green', 'agent::blue', 'adoption:other'])(
    '%s',
    (text) => {
      expect(readAcceptances([text, text], STEP)).toEqual({ acceptances: [expect.objectContaining({ text })] });
    },
  );

  it.each([
    ['', /^--accept : write it as CHECK, CHECK:WORKLOAD, CHECK:WORKLOAD:CLUSTER or CHECK::CLUSTER$/],
    ['agent:', /write it as CHECK/],
    ['agent:api:', /write it as CHECK/],
    [':api', /write it as CHECK/],
    ['agent:api:blue:x', /write it as CHECK/],
    ['wave-order', /nobody can accept this check: a wave never gets ahead/],
    ['cluster-identity', /nobody can accept this check: what another cluster shows/],
    ['cluster-identity:api:blue', /nobody can accept/],
    [
      'pod-credential',
      /there is no such check: did you mean "pod-credentials"\? checks from prepared to dual: trust, /,
    ],
    ['__proto__', /there is no such check/],
    ['soak', /this step does not ask for this check; checks from prepared to dual: /],
    ['access', /this step does not ask for this check/],
    ['agent:apo', /there is no workload "apo": did you mean "api"\? workloads of pilot in prod: api, web$/],
    ['agent:other', /there is no workload "other"/],
    ['agent:api:bleu', /there is no cluster "bleu": did you mean "blue"\? clusters of api in prod: blue, green$/],
    ['agent:web:green', /there is no cluster "green": clusters of web in prod: blue$/],
    [
      `agent:api (${ACCOUNT}):blue`,
      /this names a service account, and an acceptance is for all service accounts of the workload\. Write agent:api:blue$/,
    ],
    [`agent:${ACCOUNT}`, /this names a service account, .* Write agent:api$/],
    ['agent::red', /there is no cluster "red": clusters of pilot in prod: blue, green$/],
  ])('not %j', (text, problem) => {
    expect(readAcceptances(['trust', text], STEP)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('an accepted check', () => {
  it.each(['no', 'unknown'] as const)('lets the gate hold where it says %s, and keeps what was found', (holds) => {
    const one = result('pod-credentials', { workload: 'api', cluster: 'blue', holds });
    const passing = result('agent', { cluster: 'blue', holds: 'yes' });
    const { gate, unused } = accept(['pod-credentials:api:blue'], one, passing);
    expect(gate).toMatchObject({ holds: true, evidence: [{ ...one, accepted: true }, passing] });
    expect(gate.evidence[1]).not.toHaveProperty('accepted');
    expect(unused).toEqual([]);
  });

  it('is accepted on each cluster of the workload, and of all workloads, as far as it is named', () => {
    const [blue, green, web] = [
      result('pod-credentials', { workload: 'api', cluster: 'blue' }),
      result('pod-credentials', { workload: 'api', cluster: 'green' }),
      result('pod-credentials', { workload: 'web', cluster: 'blue' }),
    ];
    const accepted = (text: string) => accept([text], blue, green, web).gate.evidence.map((one) => one.accepted);
    expect(accepted('pod-credentials')).toEqual([true, true, true]);
    expect(accepted('pod-credentials:api')).toEqual([true, true, undefined]);
    expect(accepted('pod-credentials::blue')).toEqual([true, undefined, true]);
    expect(accepted('pod-credentials:api:green')).toEqual([undefined, true, undefined]);
    expect(accept(['pod-credentials:api:green'], blue, green, web).gate.holds).toBe(false);
  });

  it('has to name all that the result is about', () => {
    const agent = result('agent', { cluster: 'blue' });
    const role = result('role', { workload: 'web' });
    expect(accept(['agent:api:blue'], agent)).toMatchObject({
      gate: { holds: false },
      unused: [
        { text: 'agent:api:blue', why: 'the result is about more than this. To accept it: --accept agent::blue' },
      ],
    });
    // `api` is alone on `green`, and `web` is on one cluster alone.
    expect(accept(['agent:api:green'], result('agent', { cluster: 'green' })).gate.holds).toBe(true);
    expect(accept(['role:web:blue'], role).gate.holds).toBe(true);
    expect(accept(['role:api:blue'], result('role', { workload: 'api' })).gate.holds).toBe(false);
  });

  it('is not needed where the check passes, and accepts nothing elsewhere', () => {
    const passing = result('trust', { workload: 'api', cluster: 'blue', holds: 'yes' });
    expect(accept(['trust'], passing)).toMatchObject({
      gate: { holds: true },
      unused: [],
      unneeded: [{ text: 'trust' }],
    });
    const failing = result('trust', { workload: 'web', cluster: 'blue' });
    expect(accept(['trust:api'], passing, failing)).toMatchObject({
      gate: { holds: false },
      unused: [],
      unneeded: [{ text: 'trust:api' }],
    });
  });
});

describe('nobody accepts', () => {
  it.each([
    ['the order of waves', result('wave-order')],
    ['a context that leads to another cluster', result('cluster', { cluster: 'blue', identity: true })],
    [
      'a context that is not verified',
      result('cluster', { cluster: 'blue', holds: 'unknown', question: { ask: 'issuer', cluster: 'arn' } }),
    ],
  ])('%s', (_what, one) => {
    expect(canBeAccepted(one, ENVIRONMENT.clusters)).toBe(false);
    if (one.check === 'cluster')
      expect(accept(['cluster'], one)).toMatchObject({
        gate: { holds: false },
        unused: [{ why: expect.stringContaining('nobody can accept') as string }],
      });
  });

  it('an unread cluster whose issuer is not in the inventory either', () => {
    const one = result('cluster', { cluster: 'blue', holds: 'unknown', question: { ask: 'cluster', cluster: 'arn' } });
    expect(canBeAccepted(one, ENVIRONMENT.clusters)).toBe(true);
    const unwritten = ENVIRONMENT.clusters.map(({ oidc: _oidc, ...cluster }) => cluster);
    expect(canBeAccepted(one, unwritten)).toBe(false);
  });

  it('but the version of a cluster is accepted beside it', () => {
    const version = result('cluster', { cluster: 'blue' });
    const identity = result('cluster', { cluster: 'green', identity: true });
    expect(accept(['cluster'], version, identity).gate.evidence).toEqual([{ ...version, accepted: true }, identity]);
  });
});

describe('a forced step', () => {
  it('accepts all that does not pass, and nothing else', () => {
    const [failing, identity] = [result('trust', { workload: 'api' }), result('cluster', { identity: true })];
    const passing = result('role', { holds: 'yes' });
    expect(acceptAll(gateWith(failing, passing, identity))).toMatchObject({
      holds: true,
      evidence: [{ ...failing, accepted: true }, passing, { ...identity, accepted: true }],
    });
    expect(acceptAll({ ...gateWith(), to: undefined } as never).holds).toBe(false);
  });
});

describe('the texts that name results', () => {
  it('have the workload and the cluster of each', () => {
    const all = [result('wave-order'), result('agent', { cluster: 'blue' }), result('role', { workload: 'api' })];
    const last = result('trust', { workload: 'api', cluster: 'blue' });
    expect(acceptanceTexts([...all, last], [...all, last])).toEqual([
      'wave-order',
      'agent::blue',
      'role:api',
      'trust:api:blue',
    ]);
  });

  it('are short where they are many, and never name what passes', () => {
    const on = (check: Evidence['check'], workload: string, cluster: string) => result(check, { workload, cluster });
    const keys = Array.from({ length: 9 }, (_, index) => `w${index}`);
    const failing = [
      ...keys.flatMap((key) => [on('trust', key, 'blue'), on('trust', key, 'green')]),
      on('compute', 'w0', 'blue'),
      on('compute', 'w0', 'green'),
      on('compute', 'w1', 'blue'),
    ];
    const passing = { ...on('compute', 'w1', 'green'), holds: 'yes' } as const;
    expect(acceptanceTexts(failing, [...failing, passing])).toEqual(['trust', 'compute:w0', 'compute:w1:blue']);
  });
});
