import type { Timing } from '../sandbox/Timing';

/**
 * How long things take on the sandbox that people see: as on a cluster, a deleted pod still has its credentials for a while, and the pods of
 * Jobs run before they succeed. Shorter than the 30 s of a real grace period, so that a rehearsal takes minutes.
 */
export const SEEN_TIMING = { podTerminationMs: 1000, jobPodMs: 1000 } as const satisfies Partial<Timing>;
