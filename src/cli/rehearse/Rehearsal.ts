import type { Ports } from '../../estate/Ports';
import type { Sandbox } from '../../sandbox/startSandbox';
import type { ProviderState } from '../kubernetes/serviceAccountProvider';
import type { Workshop } from './applyCopy';
import type { Asking } from './askAlways';

/** A rehearsal of one environment while it runs. */
export interface Rehearsal {
  /** The environment's key. */
  readonly environment: string;
  /** The copy of the inventory that is walked. */
  readonly inventoryFile: string;
  readonly sandbox: Sandbox;
  /** `stacks`: names of the AWS stacks of the environment. */
  readonly workshop: Workshop & { readonly stacks: readonly string[] };
  /** States of the stacks of service accounts, by their names. */
  readonly serviceAccounts: Map<string, ProviderState>;
  readonly asking: Asking;
  /** New ports to the sandbox's AWS and clusters, for one round of questions. */
  readonly ports: () => Ports;
  /** How many calls to AWS there were so far that no pod made. */
  readonly calls: () => number;
}
