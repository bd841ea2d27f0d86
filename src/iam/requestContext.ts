import { parseArn } from './Arn';
import { lowerCase } from './boundedCache';
import { fixedKeysOf, fixedValuesOf, type Presence, presenceOf } from './contextKeys';
import type { Caller, Context, Request, ValueSet } from './Request';

/** What is known of the condition keys of one request. All keys are in lower case. */
export interface RequestContext {
  /** The values of a key, at least one; undefined where the known part of the request lacks it. */
  readonly get: (key: string) => readonly string[] | undefined;
  /** Whether the request has a key that `get` lacks; `never` for a key that `get` has. Absent: it has no other key. */
  readonly presence?: (key: string) => Presence;
  /** What is known of the value of a key that `get` lacks; undefined: nothing. */
  readonly setOf?: (key: string) => ValueSet | undefined;
  /** Whether the request can have more values of a key than `get` returns. Absent: no. */
  readonly canHaveMore?: (key: string) => boolean;
}

/** An empty list is a key that the request does not have. */
function addTo(context: Map<string, readonly string[]>, part: Context): void {
  for (const key in part) {
    const values = part[key] ?? [];
    context.set(lowerCase(key), typeof values === 'string' ? [values] : values);
  }
}

/**
 * All keys that conditions and policy variables can read: those of the caller, overridden by those of the request. A key with an
 * empty list is absent, even if the caller has a value for it.
 */
export function requestContext(request: Request): RequestContext {
  const { caller, action, context = {}, sets = {}, completeKeys, openLists = [] } = request;
  const values = new Map<string, readonly string[]>();
  addTo(values, ownKeys(request));
  const fixed = fixedValuesOf(caller, completeKeys === undefined);
  const inSets = new Map(Object.entries(sets).map(([key, set]) => [lowerCase(key), set]));
  for (const key in sets) values.delete(lowerCase(key));
  addTo(values, context);
  const get = (key: string) => {
    const found = values.get(key);
    if (found === undefined) return inSets.has(key) ? undefined : (fixed.get(key) ?? resourceTag(key, request));
    return found.length === 0 ? undefined : found;
  };
  const canHaveMore = (key: string) => openLists.some((open) => lowerCase(open) === key);
  if (completeKeys === undefined && inSets.size === 0) return { get, canHaveMore };
  const isComplete = (key: string) => completeKeys?.some((known) => covers(lowerCase(known), key)) ?? true;
  const presence = (key: string): Presence => {
    if (values.has(key)) return 'never';
    if (inSets.has(key)) return 'always';
    if (fixed.has(key)) return 'never';
    if (request.resourceTags !== undefined && RESOURCE_TAG.test(key)) return 'never';
    return isComplete(key) ? 'never' : presenceOf(key, caller, action);
  };
  return { get, presence, setOf: (key) => inSets.get(key), canHaveMore };
}

const RESOURCE_TAG = /^(?:aws|iam):resourcetag\//;

/**
 * The tag of the resource that a key in lower case stands for. Roles and users have `iam:ResourceTag/` beside `aws:ResourceTag/`, in requests to STS too;
 * nothing else of IAM has it. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html and
 * list_awssecuritytokenservice.html (condition keys of the resource types)
 */
function resourceTag(key: string, { resource, resourceTags }: Request): readonly string[] | undefined {
  if (resourceTags === undefined || !RESOURCE_TAG.test(key)) return undefined;
  if (key.startsWith('iam:') && !/^arn:[^:]*:iam::[^:]*:(?:role|user)\//.test(resource)) return undefined;
  const name = key.slice(key.indexOf('/') + 1);
  for (const tag in resourceTags) if (lowerCase(tag) === name) return [resourceTags[tag] ?? ''];
  return undefined;
}

function covers(known: string, key: string): boolean {
  return /[/:]$/.test(known) ? key.startsWith(known) : key === known;
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
      return caller.provider.includes(':saml-provider/') ? {} : { 'aws:FederatedProvider': caller.provider };
    case 'account':
      return { ...accountKeys(caller.arn), 'aws:PrincipalType': 'Account' };
    case 'user':
      return {
        ...accountKeys(caller.arn),
        'aws:PrincipalType': 'User',
        'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1),
      };
    case 'role':
      return { ...accountKeys(caller.roleArn), 'aws:PrincipalType': 'AssumedRole' };
    case 'session': {
      const keys = { ...accountKeys(caller.roleArn), 'aws:PrincipalType': 'AssumedRole' };
      return caller.provider === undefined ? keys : { ...keys, 'aws:FederatedProvider': caller.provider };
    }
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous' };
  }
}

/** The keys that depend on who the caller is, and `aws:ResourceAccount`. */
function ownKeys({
  caller,
  resource,
  resourceAccount,
}: Pick<Request, 'caller' | 'resource' | 'resourceAccount'>): Context {
  const account = resourceAccount ?? parseArn(resource)?.account ?? '';
  const keys = callerKeys(caller);
  return account === '' ? keys : { ...keys, 'aws:ResourceAccount': account };
}

/**
 * The condition keys that AWS sets from the caller, and `aws:ResourceAccount` from the resource, for a direct request. For a session
 * `aws:PrincipalArn` is the ARN of the role, not of the session. Requests that are not signed, as those with a token, do not have
 * `aws:PrincipalIsAWSService`, and only those with a token of an OIDC provider and the sessions that they give have `aws:FederatedProvider`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function principalContext(request: Pick<Request, 'caller' | 'resource' | 'resourceAccount'>): Context {
  return { ...fixedKeysOf(request.caller), ...ownKeys(request) };
}
