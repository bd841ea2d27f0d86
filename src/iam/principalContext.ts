import { parseArn } from './Arn';
import type { Caller, Context, Request } from './Request';

function accountKeys(arn: string): Context {
  const account = parseArn(arn)?.account ?? '';
  return { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account, 'aws:PrincipalIsAWSService': 'false' };
}

function callerKeys(caller: Caller): Context {
  switch (caller.kind) {
    case 'service':
      return {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': caller.service,
        'aws:PrincipalServiceNamesList': [caller.service],
      };
    case 'federated':
      return { 'aws:FederatedProvider': caller.provider, 'aws:PrincipalIsAWSService': 'false' };
    case 'account':
      return { ...accountKeys(caller.arn), 'aws:PrincipalType': 'Account' };
    case 'user':
      return {
        ...accountKeys(caller.arn),
        'aws:PrincipalType': 'User',
        'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1),
      };
    case 'role':
    case 'session':
      return { ...accountKeys(caller.roleArn), 'aws:PrincipalType': 'AssumedRole' };
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous', 'aws:PrincipalIsAWSService': 'false' };
  }
}

/**
 * The condition keys that AWS fills in from the caller, and `aws:ResourceAccount` from the resource. For a session
 * `aws:PrincipalArn` is the ARN of the role, not of the session.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function principalContext(request: Pick<Request, 'caller' | 'resource' | 'resourceAccount'>): Context {
  const account = request.resourceAccount ?? parseArn(request.resource)?.account ?? '';
  const keys = callerKeys(request.caller);
  return account === '' ? keys : { ...keys, 'aws:ResourceAccount': account };
}
