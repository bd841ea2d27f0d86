import { createRequire } from 'node:module';
import type * as LivePorts from '../estate/livePorts';
import type { Ports } from '../estate/Ports';

/** The real ports, loaded when they are needed: the AWS SDK takes as long to load as all else that a command does. */
export function loadLivePorts(settings: Parameters<typeof LivePorts.livePorts>[0] = {}): Ports {
  return (createRequire(__filename)('../estate/livePorts') as typeof LivePorts).livePorts(settings);
}
