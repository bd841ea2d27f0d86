import { AGENTS_RENEW_MS } from '../sandbox/eksAuth/agentCache';
import type { SandboxOptions } from '../sandbox/startSandbox';
import { seededPropagation } from '../sandbox/world/seededPropagation';

/** AWS's time in a rehearsal. It passes when the rehearsal lets it pass: ten seconds or three hours take no time. */
export interface RehearsalTime {
  /** How the sandbox follows this time. */
  readonly sandbox: Pick<SandboxOptions, 'elapsed' | 'propagationMs' | 'agentCache'>;
  readonly pass: (ms: number) => void;
}

/** The delays are the same in each rehearsal of an inventory: what it shows can be shown again. */
const SEED = 'podlift rehearse';

/**
 * How long associations take to become effective: "several seconds" (EKS API reference, CreatePodIdentityAssociation), measured 5 to 10 s
 * (aws/eks-pod-identity-agent #52).
 */
const ASSOCIATIONS = { fromMs: 1000, toMs: 10_000 };

/**
 * How long EKS does not see a new role. Terraform waits for this, so that this time is the system's: a tenth of that of associations. For a changed trust
 * policy Terraform does not wait; with a delay there, the speed of the machine would decide whether an apply passes that does both at once.
 */
const NEW_ROLES = { fromMs: 100, toMs: 1000 };

/** AWS's time at the start of a rehearsal. */
export function rehearsalTime(): RehearsalTime {
  let elapsed = 0;
  const associations = seededPropagation(SEED, ASSOCIATIONS);
  const roles = seededPropagation(SEED, NEW_ROLES);
  return {
    sandbox: {
      elapsed: () => elapsed,
      propagationMs: (viewer, change, isNew) => {
        if (viewer !== 'eks') return associations(viewer, change, isNew);
        return isNew ? roles(viewer, change, isNew) : 0;
      },
      agentCache: true,
    },
    pass: (ms) => {
      elapsed += ms;
    },
  };
}

/** Lets the agents renew the credentials of all pods: what their caches have hidden appears. */
export function passRenewal({ pass }: RehearsalTime): void {
  pass(AGENTS_RENEW_MS);
}

/** The parts of a wait: pods ask after each, some of them while a change is effective only in part. */
const PARTS = 2;

/** Lets the seconds of a wait pass, in parts; `ask` runs after each part. */
export async function passSeconds({ pass }: RehearsalTime, seconds: number, ask: () => Promise<void>): Promise<void> {
  for (let part = 0; part < PARTS; part += 1) {
    pass((seconds * 1000) / PARTS);
    await ask();
  }
}
