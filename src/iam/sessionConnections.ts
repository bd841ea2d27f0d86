import { compilePattern, matchPattern } from './matchPattern';
import { listOf, type Statement } from './PolicyDocument';

/**
 * The prefix of the actions of Amazon MSK's IAM access control. A client signs in with its session, and again before the session ends: the broker closes
 * the connection of a client whose session has another name then ("Cannot change principals during re-authentication").
 * Source: https://github.com/aws/eks-pod-identity-agent/issues/29, https://github.com/aws/aws-msk-iam-auth/issues/104
 */
const MSK = 'kafka-cluster';

/** The actions of an `Allow` statement, as written, that open such connections. An action of every service (`*`) names no such service. */
export function sessionConnections({ Effect, Action = [] }: Statement): readonly string[] {
  if (Effect !== 'Allow') return [];
  return listOf(Action).filter((action) => {
    const [service = ''] = action.toLowerCase().split(':');
    return service !== '*' && action.includes(':') && matchPattern(compilePattern(service), MSK);
  });
}
