import { parseArn } from './Arn';
import type { Caller, Context, Request } from './Request';
import { lowerCase } from './boundedCache';

/** The condition keys of one request in lower case, each with at least one value. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

function addTo(context: Map<string, readonly string[]>, part: Context): void {
  for (const key in part) {
    const values = part[key] ?? [];
    const list = typeof values === 'string' ? [values] : values;
    if (list.length > 0) context.set(lowerCase(key), list);
    else context.delete(lowerCase(key));
  }
}

/**
 * All keys that conditions and policy variables can read: those of the caller, overridden by those of the request. A key with an
 * empty list is absent, even if the caller has a value for it.
 */
export function requestContext(request: Request): RequestContext {
  const context = new Map<string, readonly string[]>();
  addTo(context, principalContext(request));
  if (request.context !== undefined) addTo(context, request.context);
  return context;
}

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
 * The condition keys that AWS sets from the caller, and `aws:ResourceAccount` from the resource. For a session `aws:PrincipalArn` is
 * the ARN of the role, not of the session.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function principalContext(request: Pick<Request, 'caller' | 'resource' | 'resourceAccount'>): Context {
  const account = request.resourceAccount ?? parseArn(request.resource)?.account ?? '';
  const keys = callerKeys(request.caller);
  return account === '' ? keys : { ...keys, 'aws:ResourceAccount': account };
}
