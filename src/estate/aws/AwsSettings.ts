/** How the adapters of AWS behave; everything has a default. */
export interface AwsSettings {
  /** Instead of AWS's own endpoints and what `AWS_ENDPOINT_URL` names. */
  readonly endpoint?: string;
  /** Called before each call to AWS, also when it is tried again. */
  readonly onCall?: () => void;
  /** Of one call, the first included. Default: 8, over which the SDK's back-off spreads half a minute. */
  readonly attempts?: number;
  /** Milliseconds for one question with all its pages and attempts. Default: 90,000. */
  readonly timeout?: number;
  /** Milliseconds for one question to CloudTrail, which answers twice a second with 50 events. Default: 600,000. */
  readonly trailTimeout?: number;
  /** Milliseconds for one attempt of one call. Default: 15,000. */
  readonly requestTimeout?: number;
}

export const AWS_DEFAULTS = {
  attempts: 8,
  timeout: 90_000,
  trailTimeout: 600_000,
  requestTimeout: 15_000,
} as const satisfies AwsSettings;
