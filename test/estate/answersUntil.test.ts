import { answersUntil } from '../../src/estate/answersUntil';
import type { AwsPort } from '../../src/estate/aws/AwsPort';
import type { KubernetesPort } from '../../src/estate/kubernetes/KubernetesPort';
import type { Ports } from '../../src/estate/Ports';
import { clusterOf } from '../blueprint/inventoryOf';

const LATE = { ok: false, why: 'timeout', message: 'too late' };
const ACCOUNT = { key: 'apps', id: '111111111111' };

type Method = () => Promise<never>;

/** A question to a cluster and one to AWS, which have their answer from `method`; and the signals that the ports were given. */
function questionsUntil(signal: AbortSignal, method: Method) {
  const given: (AbortSignal | undefined)[] = [];
  const ports: Ports = {
    aws: (_account, _region, one) => {
      given.push(one);
      return { addons: method } as unknown as AwsPort;
    },
    kubernetes: (_environment, _cluster, one) => {
      given.push(one);
      return { nodes: method } as unknown as KubernetesPort;
    },
  };
  const limited = answersUntil(ports, { end: signal, message: 'too late', each: 15_000, eachMessage: 'too long' });
  return {
    given,
    questions: {
      cluster: () => limited.kubernetes('prod', clusterOf()).nodes(),
      aws: () => limited.aws(ACCOUNT, 'us-west-2').addons('prod-main'),
    },
  };
}

describe.each(['cluster', 'aws'] as const)('questions to %s that have to be answered in time', (system) => {
  it('have their answer where it comes before the end', async () => {
    const answer = { ok: true, value: [] } as never;
    const { questions } = questionsUntil(new AbortController().signal, () => Promise.resolve(answer));
    expect(await questions[system]()).toBe(answer);
  });

  it('are given up at the end, and not asked after it', async () => {
    const late = new AbortController();
    const asked = jest.fn<Promise<never>, []>(() => new Promise(() => undefined));
    const { questions, given } = questionsUntil(late.signal, asked);
    const underWay = questions[system]();
    late.abort();
    expect(await underWay).toEqual(LATE);
    expect(await questions[system]()).toEqual(LATE);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(given[0]).toBe(late.signal);
  });
});

describe('a question that takes too long', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const silent: Method = () => new Promise(() => undefined);

  it('is given up before the end, and its account or cluster is not asked again; others are', async () => {
    const asked = jest.fn<Promise<never>, []>(silent);
    const { questions } = questionsUntil(new AbortController().signal, asked);
    const first = questions.cluster();
    await jest.advanceTimersByTimeAsync(10_000);
    const second = questions.cluster();
    await jest.advanceTimersByTimeAsync(5_000);
    for (const one of [first, second, questions.cluster()]) expect(await one).toEqual({ ...LATE, message: 'too long' });
    expect(asked).toHaveBeenCalledTimes(2);
    void questions.aws();
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('does not keep podlift from asking a cluster that answers other questions', async () => {
    const answer = { ok: true, value: [] } as never;
    const method = jest.fn<Promise<never>, []>(silent);
    const { questions } = questionsUntil(new AbortController().signal, method);
    const slow = questions.cluster();
    method.mockResolvedValueOnce(answer);
    expect(await questions.cluster()).toBe(answer);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await slow).toEqual({ ...LATE, message: 'too long' });
    method.mockResolvedValueOnce(answer);
    expect(await questions.cluster()).toBe(answer);
  });
});
