import { compilePattern, matchPattern } from './matchPattern';

/**
 * The prefix of the actions of Amazon MSK's IAM access control. A client signs in with its session, and again before the session ends: the broker closes
 * the connection of a client whose session has another name then ("Cannot change principals during re-authentication").
 * Source: https://github.com/aws/eks-pod-identity-agent/issues/29, https://github.com/aws/aws-msk-iam-auth/issues/104
 */
const MSK = 'kafka-cluster';

/**
 * The actions that let a session open a connection which another session cannot go on with. An action of every service (`*`) names no such service.
 *
 * @param actions as written, with wildcards
 */
export function sessionConnections(actions: readonly string[]): readonly string[] {
  return actions.filter((action) => {
    const [service = ''] = action.toLowerCase().split(':');
    return service !== '*' && action.includes(':') && matchPattern(compilePattern(service), MSK);
  });
}
