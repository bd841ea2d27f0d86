import { parseArn } from '../Arn';
import type { AssumeRoleAttempt } from '../decideAssumeRole';
import { type ConditionValue, listOf, type PrincipalElement, type Statement } from '../PolicyDocument';
import type { Caller, ValueSet } from '../Request';

/** The callers that a role is for. Whoever else gets it is a stranger. */
export interface OwnCallers {
  readonly partition: string;
  /** The account of the role, which is also that of the clusters and of the OIDC providers. */
  readonly accountId: string;
  /** The ARNs of the OIDC providers of the workload's clusters. */
  readonly providers: readonly string[];
  readonly clusterArns: readonly string[];
  readonly namespace: string;
  readonly serviceAccount: string;
  /**
   * EKS sends session tags, so that a trust policy can tell the account's pods apart. Without them only associations decide which pods get the role,
   * and the pods of the account are no strangers.
   */
  readonly tagged: boolean;
}

/** What pods of the account differ in from the workload's. */
export type OtherPods = 'service accounts' | 'namespaces' | 'clusters';

/** Callers that are no callers of the workload, of one kind. */
export type Stranger =
  | { readonly kind: 'tokens'; readonly provider: string }
  | { readonly kind: 'pods'; readonly other: OtherPods | 'accounts' }
  /** Pods of the account whose association sends no session tags. */
  | { readonly kind: 'untagged pods' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'any service' }
  | { readonly kind: 'any provider' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'any account' }
  /** One role, user or session. */
  | { readonly kind: 'principal'; readonly arn: string };

/** All callers of a kind in one request: what they can differ in is a set of values, or not known at all. */
export interface CallerClass {
  readonly stranger: Stranger;
  readonly attempt: Omit<AssumeRoleAttempt, 'roleArn' | 'trust'>;
}

const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** Stands for a name that no statement has. */
const NO_NAME = 'podlift-no-such-name';

/** The values that conditions on some keys name as those of a caller that may have the role: in an `Allow` what it asks for, in a `Deny` what it spares. */
function namedValues(statements: readonly Statement[], isKey: (key: string) => boolean): readonly string[] {
  return statements.flatMap(({ Effect, Condition = {} }) =>
    Object.entries(Condition)
      .filter(([operator]) => !/null$/i.test(operator) && /not/i.test(operator) === (Effect === 'Deny'))
      .flatMap(([, keys]) => Object.entries(keys))
      .flatMap(([key, values]) => (isKey(key.toLowerCase()) ? listOf<ConditionValue>(values).map(String) : []))
      .filter((value) => !value.includes('${')),
  );
}

const isExact = (text: string) => !/[*?]/.test(text);

function principalsOf(
  statements: readonly Statement[],
  member: keyof Exclude<PrincipalElement, '*'>,
): readonly string[] {
  return statements.flatMap(({ Principal }) => (typeof Principal === 'object' ? listOf(Principal[member] ?? []) : []));
}

function namesEveryone({ Principal, NotPrincipal }: Statement): boolean {
  if (Principal === undefined) return NotPrincipal !== undefined;
  return Principal === '*' || listOf(Principal.AWS ?? []).includes('*');
}

/**
 * The strangers that the `Allow` statements of a trust policy can admit, each kind as one class. What people write decides who is meant: exact roles,
 * users and sessions, exact subjects of another provider, and services for an exact account are no strangers where `authored` names them.
 * @param authored the statements that people wrote. Default: all
 */
export function callerClasses(
  statements: readonly Statement[],
  own: OwnCallers,
  authored: readonly Statement[] = statements,
): readonly CallerClass[] {
  const allows = statements.filter(({ Effect }) => Effect === 'Allow');
  const everyone = allows.some(namesEveryone);
  const providers = new Set([...own.providers, ...principalsOf(allows, 'Federated')]);
  const services = new Set([POD_IDENTITY, ...principalsOf(allows, 'Service')]);
  const accounts = new Set(JSON.stringify(statements).match(/\b\d{12}\b/g) ?? []);
  const meant = new Set(principalsOf(authored, 'AWS'));
  const named = [...new Set(principalsOf(allows, 'AWS'))].filter((arn) => !meant.has(arn));
  return [
    ...[...providers].map((provider) => tokens({ kind: 'tokens', provider }, provider, authored, own)),
    ...(everyone ? [tokens({ kind: 'any provider' }, providerOf(own, `${NO_NAME}.example`), authored, own)] : []),
    ...[...services].flatMap((service) =>
      service === POD_IDENTITY ? pods(own) : serviceClasses({ kind: 'service', service }, service, authored),
    ),
    ...(everyone ? serviceClasses({ kind: 'any service' }, `${NO_NAME}.amazonaws.com`, authored) : []),
    ...[...accounts].flatMap((accountId) => principals({ kind: 'account', accountId }, own, authored, accounts)),
    ...principals({ kind: 'any account' }, own, authored, accounts),
    ...named.flatMap((arn) => principal(arn)),
  ];
}

/** The one principal that an ARN names; nothing for an account or everyone. */
function principal(arn: string): readonly CallerClass[] {
  const caller = callerNamed(arn);
  return caller === undefined ? [] : [{ stranger: { kind: 'principal', arn }, attempt: asPrincipal(caller) }];
}

/** The request of a principal with all permissions in its own account: only the trust policy can deny it. */
function asPrincipal(caller: Caller): CallerClass['attempt'] {
  return { caller, operation: 'sts:AssumeRole', callerPolicies: { identity: [EVERYTHING] }, completeKeys: [] };
}

/** The caller that a principal's ARN names: a user, a session, or a role, of which any session is meant. */
function callerNamed(arn: string): Caller | undefined {
  const { service, account = '', partition = '', resource = '' } = parseArn(arn) ?? {};
  const [kind = '', name = '', ...rest] = resource.split('/');
  if (service === 'sts' && kind === 'assumed-role')
    return {
      kind: 'session',
      roleArn: `arn:${partition}:iam::${account}:role/${name}`,
      sessionName: rest.join('/'),
    };
  if (service !== 'iam') return undefined;
  if (kind === 'role') return { kind: 'session', roleArn: arn, sessionName: NO_NAME };
  return kind === 'user' ? { kind: 'user', arn } : undefined;
}

function providerOf({ partition, accountId }: OwnCallers, issuer: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`;
}

/** The host and path by which the condition keys of a provider begin. */
export function issuerOf(provider: string): string {
  return provider.startsWith('arn:') ? provider.slice(provider.indexOf('/') + 1) : provider;
}

/** The subject of the token of the workload's pods. */
function ownSubject({ namespace, serviceAccount }: OwnCallers): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** Tokens with every other subject: on the workload's clusters than its own, elsewhere than those that statements name. */
function tokens(stranger: Stranger, provider: string, statements: readonly Statement[], own: OwnCallers): CallerClass {
  const issuer = issuerOf(provider);
  const isOwn = own.providers.includes(provider);
  const named = namedValues(statements, (key) => key === `${issuer}:sub`.toLowerCase()).filter(isExact);
  const subject: ValueSet = isOwn
    ? { like: 'system:serviceaccount:*:*', except: [ownSubject(own)], lowerCase: true }
    : { like: '*', except: named };
  return {
    stranger,
    attempt: {
      caller: { kind: 'federated', provider },
      operation: provider.includes(':saml-provider/') ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
      sets: { [`${issuer}:sub`]: subject },
      // The tokens of a cluster have no session tags.
      completeKeys: isOwn ? ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys'] : [],
    },
  };
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const TAG_KEYS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
];
const NAME: ValueSet = { like: '*', except: [], lowerCase: true };

type Tags = Readonly<Record<string, ValueSet>>;

/** The clusters of the account. */
function clustersOf({ partition, accountId }: OwnCallers): ValueSet {
  return { like: `arn:${partition}:eks:*:${accountId}:cluster/*`, except: [] };
}

/** The session tags of all pods of the account that differ from the workload's in one thing at least. */
export function otherTags(own: OwnCallers): readonly { readonly other: OtherPods; readonly tags: Tags }[] {
  const { clusterArns, namespace, serviceAccount } = own;
  const all: Tags = { ...Object.fromEntries(TAG_KEYS.map((key) => [key, NAME])), 'eks-cluster-arn': clustersOf(own) };
  return [
    {
      other: 'service accounts',
      tags: { ...all, 'kubernetes-service-account': { ...NAME, except: [serviceAccount] } },
    },
    { other: 'namespaces', tags: { ...all, 'kubernetes-namespace': { ...NAME, except: [namespace] } } },
    { other: 'clusters', tags: { ...all, 'eks-cluster-arn': { ...clustersOf(own), except: clusterArns } } },
  ];
}

/** Pods that get the role where an association gives it to them. */
function pods(own: OwnCallers): readonly CallerClass[] {
  const { accountId } = own;
  const elsewhere: ValueSet = { like: 'arn:*:eks:*:*:cluster/*', except: [`arn:*:eks:*:${accountId}:cluster/*`] };
  const foreign: ValueSet = { like: '*', except: [accountId] };
  const accounts: Stranger = { kind: 'pods', other: 'accounts' };
  if (!own.tagged) return [{ stranger: accounts, attempt: podAttempt(foreign, elsewhere) }];
  const all: Tags = { ...Object.fromEntries(TAG_KEYS.map((key) => [key, NAME])), 'eks-cluster-arn': elsewhere };
  return [
    ...otherTags(own).map(({ other, tags }): CallerClass => ({
      stranger: { kind: 'pods', other },
      attempt: podAttempt(accountId, tags['eks-cluster-arn'] ?? clustersOf(own), tags),
    })),
    { stranger: { kind: 'untagged pods' }, attempt: podAttempt(accountId, clustersOf(own)) },
    { stranger: accounts, attempt: podAttempt(foreign, elsewhere, all) },
  ];
}

/** @param tags without: the association sends no session tags */
function podAttempt(account: string | ValueSet, cluster: ValueSet, tags?: Tags): CallerClass['attempt'] {
  const isOne = typeof account === 'string';
  return {
    caller: { kind: 'service', service: POD_IDENTITY },
    operation: 'sts:AssumeRole',
    context: {
      ...(isOne ? { 'aws:SourceAccount': account } : {}),
      ...(tags === undefined ? {} : { 'aws:TagKeys': TAG_KEYS, 'sts:TransitiveTagKeys': TAG_KEYS }),
    },
    sets: {
      'aws:SourceArn': cluster,
      ...(isOne ? {} : { 'aws:SourceAccount': account }),
      ...Object.fromEntries(Object.entries(tags ?? {}).map(([key, set]) => [`aws:RequestTag/${key}`, set])),
    },
    completeKeys: ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys', 'sts:externalid', 'sts:sourceidentity'],
    // EKS requires the second action also where the association disables session tags.
    requiresTagSession: true,
  };
}

/** A service on behalf of every account but those that statements name, and without a word about whom it acts for. */
function serviceClasses(stranger: Stranger, service: string, statements: readonly Statement[]): readonly CallerClass[] {
  const accounts = namedValues(statements, (key) => key === 'aws:sourceaccount').filter(isExact);
  // An ARN pattern with an exact account stands for resources of that account.
  const arns = namedValues(statements, (key) => key === 'aws:sourcearn').filter(
    (arn) => /^[^:]*:[^:]*:[^:]*:[^:]*:\d{12}:/.test(arn) || isExact(arn),
  );
  const attempt = { caller: { kind: 'service', service }, operation: 'sts:AssumeRole', completeKeys: [] } as const;
  return [
    {
      stranger,
      attempt: {
        ...attempt,
        sets: {
          'aws:SourceAccount': { like: '*', except: accounts },
          'aws:SourceArn': { like: 'arn:*', except: arns },
        },
      },
    },
    { stranger, attempt: { ...attempt, context: { 'aws:SourceAccount': [], 'aws:SourceArn': [] } } },
  ];
}

/** All roles and users of an account, or of every account that no statement mentions, that have the permission to request the role. */
function principals(
  stranger: Extract<Stranger, { kind: 'account' | 'any account' }>,
  { partition }: OwnCallers,
  statements: readonly Statement[],
  accounts: ReadonlySet<string>,
): readonly CallerClass[] {
  const account = stranger.kind === 'account' ? stranger.accountId : unmentioned(accounts);
  const arns = namedValues(statements, (key) => key === 'aws:principalarn').filter(isExact);
  const callers: readonly (readonly [Caller, string])[] = [
    [{ kind: 'session', roleArn: `arn:${partition}:iam::${account}:role/${NO_NAME}`, sessionName: NO_NAME }, 'role'],
    [{ kind: 'user', arn: `arn:${partition}:iam::${account}:user/${NO_NAME}` }, 'user'],
  ];
  return callers.map(([caller, kind]) => ({
    stranger,
    attempt: {
      ...asPrincipal(caller),
      sets:
        stranger.kind === 'account'
          ? { 'aws:PrincipalArn': { like: `arn:*:iam::${account}:${kind}/*`, except: arns } }
          : {
              'aws:PrincipalAccount': { like: '*', except: [...accounts] },
              'aws:PrincipalArn': {
                like: `arn:*:iam::*:${kind}/*`,
                except: [...accounts].map((id) => `arn:*:iam::${id}:*`),
              },
            },
    },
  }));
}

/** Strangers have every permission in their own account: only the trust policy can deny. */
export const EVERYTHING = {
  name: 'identity policy of the caller',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
} as const;

function unmentioned(accounts: ReadonlySet<string>): string {
  for (let id = 999_999_999_999; ; id -= 1) if (!accounts.has(String(id))) return String(id);
}
