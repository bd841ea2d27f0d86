/** How long things take in the sandbox, in milliseconds of its clock. Everything is 0, at once, unless told. */
export interface Timing {
  /** How long the Pod Identity agent of a node gives a pod the credentials that it got before, whatever has changed since. */
  readonly agentCacheMs: number;
  /** How long the webhook and EKS Auth do not see that an association was made, changed or deleted. */
  readonly associationPropagationMs: number;
  /** How long an event takes until CloudTrail's LookupEvents finds it. */
  readonly cloudTrailDelay: number;
  /** How long EKS works on an add-on (`CREATING`, `UPDATING`) before it is `ACTIVE`. */
  readonly addonMs: number;
  /**
   * How long a pod that is deleted terminates, and still has its credentials, before it is gone; its grace period ends it earlier.
   * A cluster of EKS gives a pod 30 s.
   */
  readonly podTerminationMs: number;
  /** How long the pods of Jobs run before they succeed. */
  readonly jobPodMs: number;
}

export const NO_DELAYS: Timing = {
  agentCacheMs: 0,
  associationPropagationMs: 0,
  cloudTrailDelay: 0,
  addonMs: 0,
  podTerminationMs: 0,
  jobPodMs: 0,
};
