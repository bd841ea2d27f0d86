import type { Ports } from './Ports';

/** How many questions are under way at the same time, AWS and clusters together. */
const AT_ONCE = 8;

/**
 * Ports that ask each question once, however many checks want its answer, and only a few at a time.
 * The answers are those of one run: make new ports for the next.
 */
export function askOnce({ aws, kubernetes }: Ports, atOnce: number = AT_ONCE): Ports {
  const inTurn = turns(atOnce);
  const accounts = new Map<string, ReturnType<Ports['aws']>>();
  const clusters = new Map<string, ReturnType<Ports['kubernetes']>>();
  return {
    aws: (account, region) =>
      remembered(accounts, `${account.key} ${account.id} ${region}`, () => once(aws(account, region), inTurn)),
    kubernetes: (environment, cluster) =>
      remembered(clusters, `${environment} ${cluster.arn}`, () => once(kubernetes(environment, cluster), inTurn)),
  };
}

type InTurn = <T>(ask: () => Promise<T>) => Promise<T>;

/** The same port; equal arguments get the answer that is there, or on its way. */
function once<P extends object>(port: P, inTurn: InTurn): P {
  const answers = new Map<string, Promise<unknown>>();
  const methods = Object.entries(port) as [string, (...parts: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    methods.map(([name, ask]) => [
      name,
      (...parts: unknown[]) => remembered(answers, JSON.stringify([name, ...parts]), () => inTurn(() => ask(...parts))),
    ]),
  ) as P;
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const there = known.get(key);
  if (there !== undefined) return there;
  const made = make();
  known.set(key, made);
  return made;
}

function turns(atOnce: number): InTurn {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (ask) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await ask();
    } finally {
      // The place goes to the next in line, or is free again.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
