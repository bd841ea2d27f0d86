import fc from 'fast-check';
import { OPERATORS } from '../../../src/iam/conditions/operators';
import type { AssumeRoleAttempt } from '../../../src/iam/decideAssumeRole';
import type { ConditionBlock, PrincipalElement, Statement } from '../../../src/iam/PolicyDocument';
import type { Caller } from '../../../src/iam/Request';
import type { OwnCallers } from '../../../src/iam/strangers/CallerClass';

// Trust policies, and single callers with complete requests. Both draw from the same few names, so that they often meet.

export const HOME = '111122223333';
const AWAY = '444455556666';
/** No statement has it. */
const FAR = '777788889999';
export const ROLE = `arn:aws:iam::${HOME}:role/w`;
const CLUSTER = `arn:aws:eks:eu-west-1:${HOME}:cluster/main`;
const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/A';
export const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/${ISSUER}`;
const GITHUB = 'token.actions.githubusercontent.com';
const GITHUB_PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/${GITHUB}`;

export const OWN: OwnCallers = {
  partition: 'aws',
  accountId: HOME,
  providers: [PROVIDER],
  clusterArns: [CLUSTER],
  subjects: [{ clusterArn: CLUSTER, provider: PROVIDER, namespace: 'shop', serviceAccount: 'w' }],
  tagged: true,
};

const subject = (name: string) => `system:serviceaccount:${name}`;

/** What each condition key can be, in requests and (with patterns) in policies. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  [`${ISSUER}:sub`]: ['shop:w', 'shop:admin', 'other:w', 'kube-system:default'].map(subject),
  [`${ISSUER}:aud`]: ['sts.amazonaws.com'],
  [`${GITHUB}:sub`]: ['repo:acme/deploy:ref:refs/heads/main', 'repo:evil/deploy:environment:prod', 'repo:acme/x:pull'],
  [`${GITHUB}:aud`]: ['sts.amazonaws.com', 'x'],
  'aws:RequestTag/kubernetes-namespace': ['shop', 'other', 'kube-system'],
  'aws:RequestTag/kubernetes-service-account': ['w', 'admin', 'default'],
  'aws:RequestTag/eks-cluster-arn': [CLUSTER, CLUSTER.replace('main', 'batch')],
  'aws:SourceAccount': [HOME, AWAY, FAR],
  'aws:SourceArn': [`arn:aws:sns:eu-west-1:${HOME}:topic`, `arn:aws:sns:eu-west-1:${FAR}:topic`],
  'aws:PrincipalArn': [
    `arn:aws:iam::${HOME}:role/ci`,
    `arn:aws:iam::${AWAY}:role/ci`,
    `arn:aws:iam::${HOME}:user/ana`,
    `arn:aws:iam::${FAR}:role/ci`,
  ],
  'aws:PrincipalAccount': [HOME, AWAY, FAR],
  'aws:PrincipalOrgID': ['o-1', 'o-2'],
  'sts:RoleSessionName': ['acme', 'pod'],
  'sts:ExternalId': ['hunter2', 'x'],
  'sts:DurationSeconds': ['900', '3600', '43200'],
  'aws:EpochTime': ['1700000000', '1800000000'],
  'aws:CurrentTime': ['2024-06-01T00:00:00Z', '2027-01-15T08:00:00Z'],
  'aws:TokenIssueTime': ['2024-06-01T00:00:00Z', '2027-01-15T08:00:00Z'],
  'aws:SourceIp': ['10.1.2.3', '203.0.113.7'],
  'aws:SecureTransport': ['true', 'false'],
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  'aws:username': ['ana', 'eve'],
  'aws:PrincipalServiceName': ['sns.amazonaws.com', 'pods.eks.amazonaws.com'],
  'aws:FederatedProvider': [PROVIDER, GITHUB_PROVIDER],
  'aws:userid': ['AROAEXAMPLE:pod', 'AIDAEXAMPLE'],
};
const KEYS = Object.keys(VALUES);

/** One caller in one request, of which everything is known. */
export interface OneCaller {
  readonly attempt: Omit<AssumeRoleAttempt, 'roleArn' | 'trust'>;
  /** The condition keys and values of the request, those of tags and of the principal too. */
  readonly known: Readonly<Record<string, string>>;
}

const EVERYTHING = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
} as const;

const valueOf = (key: string) => fc.constantFrom(...(VALUES[key] ?? []));
const some = (...keys: readonly string[]) => fc.record(Object.fromEntries(keys.map((key) => [key, valueOf(key)])));
const anyRequest = some(
  'sts:RoleSessionName',
  'aws:EpochTime',
  'aws:CurrentTime',
  'aws:SourceIp',
  'aws:SecureTransport',
  'sts:DurationSeconds',
);

const token = (provider: string, issuer: string): fc.Arbitrary<OneCaller> =>
  fc.tuple(anyRequest, some(`${issuer}:sub`, `${issuer}:aud`)).map(([request, claims]) => ({
    known: { ...request, ...claims, 'aws:FederatedProvider': provider },
    attempt: {
      caller: { kind: 'federated', provider },
      operation: 'sts:AssumeRoleWithWebIdentity',
      context: { ...request, ...claims },
    },
  }));

const TAGS = ['kubernetes-namespace', 'kubernetes-service-account', 'eks-cluster-arn'];

const pod: fc.Arbitrary<OneCaller> = fc
  .tuple(
    anyRequest,
    some(...TAGS.map((tag) => `aws:RequestTag/${tag}`)),
    fc.constantFrom(HOME, HOME, FAR),
    fc.boolean(),
  )
  .map(([request, found, account, tagged]) => {
    const own = Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, value.replace(`:${HOME}:`, `:${account}:`)]),
    );
    const cluster = own['aws:RequestTag/eks-cluster-arn'] ?? '';
    const tags = Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key.slice('aws:RequestTag/'.length), value]),
    );
    const context = { ...request, 'aws:SourceAccount': account, 'aws:SourceArn': cluster };
    return {
      known: { ...context, ...(tagged ? own : {}), 'aws:PrincipalServiceName': 'pods.eks.amazonaws.com' },
      attempt: {
        caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
        operation: 'sts:AssumeRole',
        context,
        requiresTagSession: true,
        ...(tagged ? { tags, transitiveTagKeys: Object.keys(tags) } : {}),
      },
    };
  });

const service: fc.Arbitrary<OneCaller> = fc
  .tuple(anyRequest, some('aws:SourceAccount', 'aws:SourceArn'), fc.boolean())
  .map(([request, acting, says]) => {
    const context = { ...request, ...(says ? acting : {}) };
    const caller = { kind: 'service', service: 'sns.amazonaws.com' } as const;
    return {
      known: { ...context, 'aws:PrincipalServiceName': caller.service },
      attempt: { caller, operation: 'sts:AssumeRole', context },
    };
  });

const principal: fc.Arbitrary<OneCaller> = fc
  .tuple(
    anyRequest,
    valueOf('aws:PrincipalArn'),
    some('sts:ExternalId', 'aws:TokenIssueTime', 'aws:MultiFactorAuthPresent', 'aws:userid'),
    fc.option(valueOf('aws:PrincipalOrgID'), { nil: undefined }),
  )
  .map(([request, arn, session, organisation]) => {
    const context = {
      ...request,
      ...session,
      ...(organisation === undefined ? {} : { 'aws:PrincipalOrgID': organisation }),
    };
    const caller: Caller = arn.includes(':user/')
      ? { kind: 'user', arn }
      : { kind: 'session', roleArn: arn, sessionName: 'x' };
    return {
      known: {
        ...context,
        ...(arn.includes(':user/') ? { 'aws:username': arn.slice(arn.lastIndexOf('/') + 1) } : {}),
        'aws:PrincipalArn': arn,
        'aws:PrincipalAccount': arn.split(':')[4] ?? '',
      },
      attempt: { caller, operation: 'sts:AssumeRole', context, callerPolicies: { identity: [EVERYTHING] } },
    };
  });

const callers: fc.Arbitrary<OneCaller> = fc.oneof(
  { weight: 3, arbitrary: token(PROVIDER, ISSUER) },
  { weight: 2, arbitrary: token(GITHUB_PROVIDER, GITHUB) },
  { weight: 4, arbitrary: pod },
  { weight: 2, arbitrary: service },
  { weight: 4, arbitrary: principal },
);

/** The operators that suit a key; any other one is drawn too, but less often. */
function operatorsFor(key: string): readonly string[] {
  const beginning = (...starts: readonly string[]) =>
    Object.keys(OPERATORS).filter((name) => starts.some((start) => name.startsWith(start)));
  if (key.endsWith('Time') && key !== 'aws:EpochTime') return beginning('Date');
  if (key === 'aws:EpochTime' || key === 'sts:DurationSeconds') return beginning('Numeric');
  if (key === 'aws:SourceIp') return beginning('IpAddress', 'NotIpAddress');
  if (/SecureTransport|MultiFactor/.test(key)) return beginning('Bool');
  if (/Arn|arn$/.test(key)) return beginning('Arn', 'String');
  return key === 'sts:RoleSessionName' ? beginning('String', 'Binary') : beginning('String');
}

/** A value as a policy writes it: for glob operators also as a pattern. */
function wantedFor(operator: string, key: string, known: string | undefined): fc.Arbitrary<string> {
  const values = VALUES[key] ?? [];
  const value = known === undefined ? fc.constantFrom(...values) : fc.constantFrom(known, known, known, ...values);
  if (!/Like|Arn(Not)?Equals/.test(operator)) return operator.includes('Ip') ? value.map((ip) => `${ip}/8`) : value;
  return fc.tuple(value, fc.nat(3)).map(([text, how]) => {
    if (how === 0 || /^\d+$/.test(text)) return text;
    const cut = text.lastIndexOf(/[/]/.test(text) ? '/' : ':');
    if (how === 1) return `${text.slice(0, cut + 1)}*`;
    return how === 2 ? `${text.slice(0, -1)}?` : text.replace(/[^:/]+$/, '*');
  });
}

const PREFIXES = ['', '', '', 'ForAnyValue:', 'ForAllValues:'];

const condition = (known: Readonly<Record<string, string>>): fc.Arbitrary<ConditionBlock> =>
  fc
    .constantFrom(...Object.keys(known), ...Object.keys(known), ...KEYS)
    .chain((key) =>
      fc.tuple(
        fc.constant(key),
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...operatorsFor(key)) },
          { weight: 1, arbitrary: fc.constant('Null') },
          { weight: 1, arbitrary: fc.constantFrom(...Object.keys(OPERATORS)) },
        ),
        fc.constantFrom(...PREFIXES),
        fc.constantFrom('', '', '', 'IfExists'),
      ),
    )
    .chain(([key, operator, prefix, suffix]): fc.Arbitrary<ConditionBlock> => {
      if (operator === 'Null')
        return fc.constantFrom('true', 'false').map((value) => ({ [`${prefix}Null`]: { [key]: value } }));
      return fc
        .array(wantedFor(operator, key, known[key]), { minLength: 1, maxLength: 2 })
        .map((wanted) => ({ [`${prefix}${operator}${suffix}`]: { [key]: wanted } }));
    });

function merged(blocks: readonly ConditionBlock[]): ConditionBlock {
  const all: Record<string, ConditionBlock[string]> = {};
  for (const block of blocks)
    for (const [operator, keys] of Object.entries(block)) all[operator] = { ...all[operator], ...keys };
  return all;
}

/** Conditions that a request often meets. */
export const conditions = (known: Readonly<Record<string, string>>, most: number): fc.Arbitrary<ConditionBlock> =>
  fc.array(condition(known), { maxLength: most }).map(merged);

/** The principal elements that name a caller, and some that do not. */
function principalsFor({ attempt: { caller } }: OneCaller): fc.Arbitrary<PrincipalElement> {
  const others: readonly PrincipalElement[] = ['*', { AWS: [AWAY, `arn:aws:iam::${HOME}:role/ci`] }];
  switch (caller.kind) {
    case 'federated':
      return fc.constantFrom<PrincipalElement>(
        { Federated: caller.provider },
        { Federated: caller.provider },
        ...others,
      );
    case 'service':
      return fc.constantFrom<PrincipalElement>({ Service: caller.service }, { Service: caller.service }, ...others);
    case 'user':
      return fc.constantFrom<PrincipalElement>({ AWS: caller.arn.split(':')[4] ?? '' }, ...others);
    case 'session':
      return fc.constantFrom<PrincipalElement>({ AWS: caller.roleArn.split(':')[4] ?? '' }, ...others);
    default:
      return fc.constantFrom(...others);
  }
}

const ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];

function statement(one: OneCaller): fc.Arbitrary<Statement> {
  return fc
    .tuple(
      fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      principalsFor(one),
      fc.constantFrom<string | string[]>('sts:*', ACTIONS, ACTIONS, [one.attempt.operation], ['sts:TagSession']),
      conditions(one.known, 2),
    )
    .map(([Effect, Principal, Action, Condition]) => ({ Effect, Principal, Action, Condition }));
}

/** A trust policy, and a caller who may be admitted by it. */
export interface Case {
  readonly one: OneCaller;
  readonly statements: readonly Statement[];
}

export const cases: fc.Arbitrary<Case> = callers.chain((one) =>
  fc.array(statement(one), { minLength: 1, maxLength: 3 }).map((statements) => ({ one, statements })),
);

const OWN_TAGS = {
  'aws:SourceAccount': HOME,
  'aws:RequestTag/eks-cluster-arn': CLUSTER,
  'aws:RequestTag/kubernetes-namespace': 'shop',
  'aws:RequestTag/kubernetes-service-account': 'w',
};

/** The workload's own statements, in several spellings. The names of Kubernetes have no capital letters, those of clusters can have them. */
const ownStatements: fc.Arbitrary<Statement> = fc.constantFrom<Statement>(
  ...['StringEquals', 'StringLike', 'ForAnyValue:StringEquals', 'StringEqualsIgnoreCase'].flatMap(
    (operator): Statement[] => {
      const { 'aws:RequestTag/eks-cluster-arn': cluster, ...names } = OWN_TAGS;
      return [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: merged([{ ArnEquals: { 'aws:RequestTag/eks-cluster-arn': cluster } }, { [operator]: names }]),
        },
        {
          Effect: 'Allow',
          Principal: { Federated: PROVIDER },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { [operator]: { [`${ISSUER}:sub`]: subject('shop:w'), [`${ISSUER}:aud`]: 'sts.amazonaws.com' } },
        },
      ];
    },
  ),
);

const denies: fc.Arbitrary<Statement> = conditions(OWN_TAGS, 2).map((Condition) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:*',
  Condition,
}));

/** The workload's own statements with further conditions and other statements that deny. */
export const restricted: fc.Arbitrary<readonly Statement[]> = fc
  .tuple(
    fc.array(fc.tuple(ownStatements, conditions({ ...OWN_TAGS, [`${ISSUER}:sub`]: subject('shop:w') }, 3)), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.array(denies, { maxLength: 1 }),
  )
  .map(([own, others]) => [
    ...own.map(([one, further]) => ({ ...one, Condition: merged([further, one.Condition ?? {}]) })),
    ...others,
  ]);
