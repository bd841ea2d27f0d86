import { GetOpenIDConnectProviderCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { OidcProviderFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { NO_SUCH_ENTITY } from './iamAnswers';

/** An OIDC provider of IAM by its ARN, or nothing. */
export async function readOidcProvider(
  iam: IAMClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<OidcProviderFacts | undefined> {
  const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
  return answer && { arn, audiences: answer.ClientIDList ?? [] };
}
