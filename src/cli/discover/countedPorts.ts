import type { Ports } from '../../estate/Ports';

/** How many questions were put. A question to AWS may take several calls: pages, and each part of what a list names. */
export interface Questions {
  readonly aws: number;
  readonly clusters: number;
}

/** Ports that count what they are asked. */
export function countedPorts({ aws, kubernetes }: Ports): {
  readonly ports: Ports;
  readonly questions: () => Questions;
} {
  const count = { aws: 0, clusters: 0 };
  const counted = <P extends object>(port: P, kind: keyof typeof count): P => {
    const methods = Object.entries(port) as [string, (...parts: unknown[]) => unknown][];
    return Object.fromEntries(
      methods.map(([name, ask]) => [
        name,
        (...parts: unknown[]) => {
          count[kind] += 1;
          return ask(...parts);
        },
      ]),
    ) as P;
  };
  return {
    ports: {
      aws: (account, region) => counted(aws(account, region), 'aws'),
      kubernetes: (environment, cluster) => counted(kubernetes(environment, cluster), 'clusters'),
    },
    questions: () => ({ ...count }),
  };
}
