import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Account } from '../../inventory/Inventory';
import { AWS_DEFAULTS, type AwsSettings } from './AwsSettings';

/** The session name under which podlift stands in CloudTrail. */
const SESSION = 'podlift';

/**
 * The configuration of every SDK client for an account in a region: the SDK's adaptive retries, which back off and slow down when
 * AWS throttles, and the account's credentials. With a `deployRole` those are a session of it, taken with the ambient
 * credentials; without one they are the ambient ones.
 */
export function clientConfig(account: Account, region: string, settings: AwsSettings) {
  const { attempts, requestTimeout, endpoint } = { ...AWS_DEFAULTS, ...settings };
  const common = {
    region,
    maxAttempts: attempts,
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  } as const;
  if (account.deployRole === undefined) return common;
  return {
    ...common,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: account.deployRole, RoleSessionName: SESSION },
      clientConfig: common,
    }),
  };
}
