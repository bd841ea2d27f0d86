import { isDeepStrictEqual } from 'node:util';
import type { Action, Call, Output } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { type Input, optionalText } from '../api/Input';

/** How long EKS keeps a token is not known. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

function withoutToken({ clientRequestToken: _token, ...rest }: Input): Input {
  return rest;
}

/** Forgets the answers that are kept long enough. They are in the order of their times. */
function forgetOld({ state, time }: Call): void {
  for (const [key, { at }] of state.answeredTokens) {
    if (at > time.getTime() - KEPT_FOR) return;
    state.answeredTokens.delete(key);
  }
}

/**
 * Makes an operation idempotent by its `clientRequestToken`: a request that was answered before gets the first answer again, and changes nothing. A
 * request that failed is handled again, as Terraform's provider expects, which keeps its token while it waits for a new role. The same token with
 * another input is an error, whose code and text are not known; nor is known how long EKS keeps a token.
 * Sources: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (clientRequestToken), hashicorp/terraform-provider-aws
 * internal/service/eks/pod_identity_association.go
 * @param operation the name of the operation: a token belongs to one operation, account and region
 * @returns the handler. Throws `InvalidRequestException` for the token of another input.
 */
export function onceByToken(operation: string, handle: Action['handle']): Action['handle'] {
  return (input: Input, call: Call): Output => {
    const token = optionalText(input, 'clientRequestToken');
    if (token === undefined || token === '') return handle(input, call);
    forgetOld(call);
    const { answeredTokens } = call.state;
    const key = JSON.stringify([call.account, call.region, operation, token]);
    const sent = withoutToken(input);
    const answered = answeredTokens.get(key);
    if (answered === undefined) {
      const output = handle(input, call);
      // Tags and lists of the world are replaced and never changed, so that the answer stays as it is.
      answeredTokens.set(key, { at: call.time.getTime(), input: sent, output });
      return output;
    }
    if (!isDeepStrictEqual(answered.input, sent)) {
      throw new ApiError(
        'InvalidRequestException',
        400,
        'The clientRequestToken was used before with other parameters.',
      );
    }
    return answered.output;
  };
}
