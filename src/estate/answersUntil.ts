import type { Answer } from './aws/AwsPort';
import type { Ports } from './Ports';

/**
 * Ports whose questions all have an answer when `signal` is aborted: those that are under way are given up, later ones are not asked. `message` says
 * of both why there is no answer.
 */
export function answersUntil(ports: Ports, signal: AbortSignal, message: string): Ports {
  const late: Answer<never> = { ok: false, why: 'timeout', message };
  const aborted = new Promise<Answer<never>>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(late);
    });
  });
  const limited = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, name, receiver): unknown => {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return (...parts: readonly unknown[]): unknown =>
          signal.aborted ? Promise.resolve(late) : Promise.race([Reflect.apply(method, target, parts), aborted]);
      },
    });
  return {
    aws: (account, region) => limited(ports.aws(account, region, signal)),
    kubernetes: (environment, cluster) => limited(ports.kubernetes(environment, cluster, signal)),
  };
}
