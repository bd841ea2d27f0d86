import { answersUntil } from '../../../src/estate/kubernetes/answersUntil';
import type { KubernetesPort } from '../../../src/estate/kubernetes/KubernetesPort';
import { clusterOf } from '../../blueprint/inventoryOf';

const LATE = { ok: false, why: 'timeout', message: 'too late' };

function portUntil(signal: AbortSignal, nodes: KubernetesPort['nodes']): KubernetesPort {
  const ports = () => ({ nodes }) as unknown as KubernetesPort;
  return answersUntil(ports, signal, 'too late')('prod', clusterOf());
}

describe('questions that have to be answered in time', () => {
  it('have their answer where it comes before the end', async () => {
    const answer = { ok: true, value: [] } as const;
    const port = portUntil(new AbortController().signal, () => Promise.resolve(answer));
    expect(await port.nodes()).toBe(answer);
  });

  it('are given up at the end, and not asked after it', async () => {
    const late = new AbortController();
    const asked = jest.fn(() => new Promise<never>(() => undefined));
    const port = portUntil(late.signal, asked);
    const underWay = port.nodes();
    late.abort();
    expect(await underWay).toEqual(LATE);
    expect(await port.nodes()).toEqual(LATE);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
