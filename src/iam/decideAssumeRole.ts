import { decide } from './decide';
import type { Decision, NamedPolicy, OrganisationPolicies, Policies } from './Decision';
import type { Caller, Context, Request, ValueSet } from './Request';

/** An attempt to get a session of a role. */
export interface AssumeRoleAttempt {
  readonly caller: Caller;
  readonly operation: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity' | 'sts:AssumeRoleWithSAML';
  readonly roleArn: string;
  /** The role's trust policy. */
  readonly trust: NamedPolicy;
  readonly callerPolicies?: {
    readonly identity?: readonly NamedPolicy[];
    readonly boundary?: NamedPolicy;
    readonly session?: readonly NamedPolicy[];
  };
  /** Policies of the organisation that deny. */
  readonly organisation?: OrganisationPolicies;
  /** All keys except those of the request's tags: `aws:SourceAccount`, `<issuer>:sub`, the caller's `aws:PrincipalTag/…`. */
  readonly context?: Context;
  /** All tags of the role. Absent: they are not known, or there are none where everything is known. */
  readonly resourceTags?: Readonly<Record<string, string>>;
  /** Keys with one value each of which only a set is known: see {@link Request}. */
  readonly sets?: Readonly<Record<string, ValueSet>>;
  /** What `context` and `sets` have completely: see {@link Request}. Default: everything. */
  readonly completeKeys?: readonly string[];
  /** Session tags that the caller passes. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The caller can pass further tags, of which nothing is known, and choose the tags that AWS sends again. Default: false. */
  readonly furtherTags?: boolean;
  /** Keys of `tags` that AWS sends again at further hops. */
  readonly transitiveTagKeys?: readonly string[];
  /** `sts:TagSession` must be allowed also where the request carries no tags, as for EKS Pod Identity. Default: false. */
  readonly requiresTagSession?: boolean;
  /** The transitive tags of the caller's session. AWS sends them again at each hop; the caller cannot prevent it. */
  readonly inheritedTags?: Readonly<Record<string, string>>;
  /** The session has a source identity: one that the caller passes, or that of the caller's session, which AWS keeps at each hop. Default: false. */
  readonly hasSourceIdentity?: boolean;
}

/** The answer to an attempt; `tagSession` and `setSourceIdentity` are there where the attempt needs them, and must be allowed as well. */
export interface AssumeRoleDecision {
  readonly allowed: boolean;
  /** `depends`: neither allowed nor denied by what is known of the request. */
  readonly result: 'allowed' | 'denied' | 'depends';
  readonly assume: Decision;
  readonly tagSession?: Decision;
  readonly setSourceIdentity?: Decision;
}

/**
 * Condition keys of `sts:AssumeRole*` that AWS does not list for `sts:TagSession`.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservicests.html
 */
const NOT_FOR_TAG_SESSION = ['sts:ExternalId', 'sts:RoleSessionName', 'sts:SourceIdentity'];

/** Condition keys of `sts:AssumeRole*` that AWS does not list for `sts:SetSourceIdentity`. Source: the same page. */
const NOT_FOR_SOURCE_IDENTITY = ['sts:ExternalId', 'sts:RoleSessionName', 'sts:TransitiveTagKeys', 'aws:TagKeys'];

/** The context for `sts:TagSession`. An empty list is an absent key. The keys of a caller that can send what it likes stay open: no page says that AWS drops them. */
function tagSessionContext(context: Context, { furtherTags = false }: AssumeRoleAttempt): Context {
  return furtherTags ? context : { ...context, ...Object.fromEntries(NOT_FOR_TAG_SESSION.map((key) => [key, []])) };
}

function tagContext(tags: Readonly<Record<string, string>>, transitive?: readonly string[]): Context {
  const context: Record<string, string | readonly string[]> = {
    'aws:TagKeys': Object.keys(tags),
    ...(transitive === undefined ? {} : { 'sts:TransitiveTagKeys': transitive }),
  };
  for (const [key, value] of Object.entries(tags)) context[`aws:RequestTag/${key}`] = value;
  return context;
}

/**
 * Decides whether a caller gets a session of a role: `sts:AssumeRole` or `sts:AssumeRoleWithWebIdentity`, and, if tags are
 * passed or inherited or the attempt `requiresTagSession`, `sts:TagSession` as a decision of its own. So is `sts:SetSourceIdentity`, for a session
 * that has a source identity.
 *
 * Both have `aws:RequestTag/<key>`, `aws:TagKeys` and `sts:TransitiveTagKeys` of all tags, passed and inherited. Inherited tags are
 * transitive again, and win over passed tags of the same key. `sts:TagSession` does not have `sts:ExternalId`, `sts:RoleSessionName`
 * and `sts:SourceIdentity`; with `furtherTags` they stay as they are.
 * @throws Error when a session's `roleArn` is not the ARN of a role
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function decideAssumeRole(attempt: AssumeRoleAttempt): AssumeRoleDecision {
  const { caller, operation, roleArn, trust, callerPolicies = {}, context = {} } = attempt;
  const { tags: passed, transitiveTagKeys = [], inheritedTags = {}, requiresTagSession = false, furtherTags } = attempt;
  const policies: Policies = {
    ...callerPolicies,
    resource: trust,
    ...(attempt.organisation && { organisation: attempt.organisation }),
  };
  const tags = { ...passed, ...inheritedTags };
  const isTagged = Object.keys(tags).length > 0;
  const request: Omit<Request, 'action' | 'context'> = {
    caller,
    resource: roleArn,
    resourceTags: attempt.resourceTags,
    sets: attempt.sets,
    completeKeys: attempt.completeKeys,
    ...(furtherTags === true ? { openLists: ['aws:TagKeys'] } : undefined),
  };
  const identity = attempt.hasSourceIdentity === true ? decideSourceIdentity(request, context, policies) : undefined;
  const also = identity === undefined ? undefined : { setSourceIdentity: identity };
  const needed = identity === undefined ? [] : [identity];
  if (!isTagged && !requiresTagSession) {
    const assume = decide({ ...request, action: operation, context }, policies);
    const result = resultOf([assume, ...needed]);
    return { allowed: result === 'allowed', result, assume, ...also };
  }
  const transitive = [...new Set([...transitiveTagKeys, ...Object.keys(inheritedTags)])];
  const known = furtherTags === true ? undefined : transitive;
  const tagged = isTagged ? { ...context, ...withoutSets(tagContext(tags, known), attempt.sets) } : context;
  const assume = decide({ ...request, action: operation, context: tagged }, policies);
  const tagSession = decide(
    { ...request, action: 'sts:TagSession', context: tagSessionContext(tagged, attempt) },
    policies,
  );
  const result = resultOf([assume, tagSession, ...needed]);
  return { allowed: result === 'allowed', result, assume, tagSession, ...also };
}

/**
 * `sts:SetSourceIdentity`, at every hop of a session that has one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
function decideSourceIdentity(
  request: Omit<Request, 'action' | 'context'>,
  context: Context,
  policies: Policies,
): Decision {
  const dropped = Object.fromEntries(NOT_FOR_SOURCE_IDENTITY.map((key) => [key, []]));
  return decide({ ...request, action: 'sts:SetSourceIdentity', context: { ...context, ...dropped } }, policies);
}

/** The keys of which not only a set of values is known. */
function withoutSets(context: Context, sets: AssumeRoleAttempt['sets'] = {}): Context {
  return Object.fromEntries(Object.entries(context).filter(([key]) => sets[key] === undefined));
}

function resultOf(decisions: readonly Decision[]): AssumeRoleDecision['result'] {
  if (decisions.every(({ allowed }) => allowed)) return 'allowed';
  return decisions.every(({ allowed, dependsOn }) => allowed || dependsOn !== undefined) ? 'depends' : 'denied';
}
