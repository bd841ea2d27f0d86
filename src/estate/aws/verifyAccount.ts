import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../inventory/Inventory';
import type { Answer } from './AwsPort';
import { ask } from './ask';

/**
 * Makes sure that the credentials are of the account that is asked for: an operator with those of another would get answers that
 * look well and are about something else. A mismatch is `denied`, and names both accounts.
 */
export async function verifyAccount(account: Account, sts: STSClient, timeout: number): Promise<Answer<true>> {
  const identity = await ask(timeout, (abortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal }));
  if (!identity.ok) return identity;
  const { Account: found = 'unknown', Arn = 'an unknown caller' } = identity.value;
  if (found === account.id) return { ok: true, value: true };
  const way =
    account.deployRole === undefined
      ? `${account.key} has no deployRole in the inventory: use credentials of ${account.id}, or name one.`
      : `its deployRole is ${account.deployRole}.`;
  return {
    ok: false,
    why: 'denied',
    message: `these credentials are of account ${found} (${Arn}), not of ${account.key} (${account.id}); ${way}`,
  };
}
