import type { Answer } from '../aws/AwsPort';
import type { KubernetesPort, KubernetesPorts } from './KubernetesPort';

/**
 * Ports whose questions all have an answer when `signal` is aborted: those that are under way are given up, later ones are not asked. `message` says
 * of both why there is no answer.
 */
export function answersUntil(ports: KubernetesPorts, signal: AbortSignal, message: string): KubernetesPorts {
  const late: Answer<never> = { ok: false, why: 'timeout', message };
  const aborted = new Promise<Answer<never>>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(late);
    });
  });
  return (environment, cluster) => {
    const port = ports(environment, cluster, signal);
    const methods = Object.entries(port) as [string, (...parts: unknown[]) => Promise<unknown>][];
    return Object.fromEntries(
      methods.map(([name, ask]) => [
        name,
        (...parts: unknown[]) => (signal.aborted ? Promise.resolve(late) : Promise.race([ask(...parts), aborted])),
      ]),
    ) as unknown as KubernetesPort;
  };
}
