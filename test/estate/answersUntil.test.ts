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
  const limited = answersUntil(ports, signal, 'too late');
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
