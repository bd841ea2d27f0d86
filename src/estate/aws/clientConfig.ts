import { STSClient, type STSClientConfig, type STSClientResolvedConfig } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Account } from '../../inventory/Inventory';

/** How the adapter of AWS behaves; everything has a default. */
export interface AwsSettings {
  /** Instead of AWS's own endpoints and of what `AWS_ENDPOINT_URL` names. */
  readonly endpoint?: string;
  /** Called before each call to AWS, also before each retry. */
  readonly onCall?: () => void;
  /** Called with the ARN that AWS gives to the credentials of an account, by its key, once for each account. */
  readonly onCaller?: (account: string, arn: string) => void;
  /** Attempts of one call, the first included. Default: 8, over which the SDK's back-off spreads half a minute. */
  readonly attempts?: number;
  /** Milliseconds for one question with all its pages and attempts. Default: 90,000. */
  readonly timeout?: number;
  /**
   * Milliseconds for one question about a whole account: its roles, its policies, its events. CloudTrail answers twice a second
   * with 50 events. Default: 600,000.
   */
  readonly accountTimeout?: number;
  /** Milliseconds for one attempt of one call; a page may have 1,000 roles. Default: 30,000. */
  readonly requestTimeout?: number;
}

export const AWS_DEFAULTS = {
  attempts: 8,
  timeout: 90_000,
  accountTimeout: 600_000,
  requestTimeout: 30_000,
} as const satisfies AwsSettings;

/** The session name of podlift in CloudTrail. */
const SESSION = 'podlift';

/**
 * The configuration of every SDK client for an account in a region: the SDK's adaptive retries, which back off and slow down when
 * AWS throttles, and the account's credentials: a session of its `readRole`, else of its `deployRole`, assumed with the ambient
 * credentials; without both the ambient credentials themselves. `until` ends the call that assumes the role.
 */
export function clientConfig(account: Account, region: string, settings: AwsSettings, until?: AbortSignal) {
  const { attempts, requestTimeout, endpoint } = { ...AWS_DEFAULTS, ...settings };
  const common = {
    region,
    maxAttempts: attempts,
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  } as const;
  const role = account.readRole ?? account.deployRole;
  if (role === undefined) return common;
  return {
    ...common,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: role, RoleSessionName: SESSION },
      clientConfig: until === undefined ? common : { ...common, requestHandler: handlerUntil(until, common) },
    }),
  };
}

/**
 * What sends the requests of a client, and gives them up when a signal is aborted. The SDK gives no signal to the call by which it gets
 * credentials, and a call that is under way keeps the process alive.
 */
function handlerUntil(until: AbortSignal, config: STSClientConfig): STSClientResolvedConfig['requestHandler'] {
  const { requestHandler } = new STSClient(config).config;
  return Object.assign(Object.create(requestHandler) as typeof requestHandler, {
    handle: (...[request, options]: Parameters<typeof requestHandler.handle>) =>
      requestHandler.handle(request, { ...options, abortSignal: until }),
  });
}
