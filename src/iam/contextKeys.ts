import type { Caller } from './Request';

/**
 * What is known about a condition key that the context of a request lacks: the request has it with a value that is not known
 * (`always`), it may have it (`sometimes`), or it does not have it (`never`).
 */
export type Presence = 'always' | 'sometimes' | 'never';

/** Callers by what AWS puts into their requests. `session` is one of which is not known how it was made. */
type Kind = Caller['kind'] | 'session by AssumeRole' | 'session by token';

interface KeyRow {
  /** One that ends with `/` stands for all keys that begin with it. */
  readonly keys: readonly string[];
  readonly always?: readonly Kind[];
  readonly never?: readonly Kind[];
  /** The only value of the key in requests of the callers `of`, and the one of direct requests of the callers `usual`. */
  readonly value?: { readonly is: string; readonly of: readonly Kind[]; readonly usual?: readonly Kind[] };
}

const UNSIGNED: readonly Kind[] = ['federated', 'anonymous'];
const OF_KNOWN_SESSIONS: readonly Kind[] = ['session by AssumeRole', 'session by token'];
/** Sessions that AWS itself can have made too, for EC2 or Lambda. */
const OF_ANY_SESSION: readonly Kind[] = ['session', 'role'];
const SESSIONS: readonly Kind[] = [...OF_KNOWN_SESSIONS, ...OF_ANY_SESSION];
const EVERYONE: readonly Kind[] = [...UNSIGNED, ...SESSIONS, 'service', 'account', 'user'];
const WITHOUT_PRINCIPAL: readonly Kind[] = [...UNSIGNED, 'service'];

function allBut(...kinds: readonly Kind[]): readonly Kind[] {
  return EVERYONE.filter((kind) => !kinds.includes(kind));
}

/** Callers that make their requests themselves. Of other requests no one knows whether an AWS service makes them for the caller. */
const DIRECT: readonly Kind[] = [...WITHOUT_PRINCIPAL, ...OF_KNOWN_SESSIONS];

/**
 * The keys of a request whose presence is documented, by the kind of the caller: the one table that proof, doctor and sandbox use. Every other key is
 * `sometimes` there, also one that no page of AWS has: AWS adds keys, and each service has keys of its own for some of its actions (`s3:prefix` for
 * `s3:ListBucket`). The rows of global keys are about requests to every service; those of `sts:` keys are about requests to STS, and no other request has
 * such keys. `AssumeRoleWithWebIdentity` is not signed, so its caller has no principal yet.
 *
 * Not in the table, since it is not about one key: `aws:SourceIp` and the keys of a VPC endpoint (`aws:SourceVpc`, …) exclude each other.
 * Sources: "Availability" in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html; parameters of AssumeRole and
 * AssumeRoleWithWebIdentity in https://docs.aws.amazon.com/STS/latest/APIReference/; keys by service in
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
const ROWS: readonly KeyRow[] = [
  { keys: ['aws:CurrentTime', 'aws:EpochTime', 'aws:RequestedRegion', 'aws:UserAgent'], always: EVERYONE },
  { keys: ['sts:RoleSessionName'], always: EVERYONE },
  // SDKs and EKS use https. Others can try what they like.
  {
    keys: ['aws:SecureTransport'],
    always: EVERYONE,
    value: { is: 'true', of: OF_KNOWN_SESSIONS, usual: allBut(...OF_KNOWN_SESSIONS) },
  },
  {
    keys: ['aws:ViaAWSService'],
    always: EVERYONE,
    value: { is: 'false', of: DIRECT, usual: [...OF_ANY_SESSION, 'account', 'user'] },
  },
  { keys: ['aws:PrincipalType'], always: EVERYONE },
  // "Included in the request context for all requests", but the values of the page are those of signed requests of an account.
  { keys: ['aws:userid'], always: allBut(...WITHOUT_PRINCIPAL) },
  // "The value anonymous for anonymous requests"; a request with a token is not signed either. The account of a service is not documented: an absent
  // key has the same effect as an account that is no customer's.
  {
    keys: ['aws:PrincipalAccount'],
    always: allBut('service'),
    never: ['service'],
    value: { is: 'anonymous', of: UNSIGNED },
  },
  { keys: ['aws:PrincipalTag/', 'aws:PrincipalArn'], never: WITHOUT_PRINCIPAL },
  { keys: ['aws:PrincipalIsAWSService'], never: UNSIGNED },
  { keys: ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'], never: ['service', 'anonymous'] },
  { keys: ['aws:PrincipalServiceName', 'aws:PrincipalServiceNamesList'], never: allBut('service') },
  { keys: ['aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID', 'aws:SourceOrgPaths'], never: allBut('service') },
  { keys: ['aws:username'], always: ['user'], never: allBut('user', 'account') },
  { keys: ['aws:TokenIssueTime'], always: SESSIONS, never: UNSIGNED },
  { keys: ['aws:SourceIdentity'], never: allBut(...SESSIONS) },
  // Temporary credentials have it, "federated identities" and access keys do not. A session does not keep the MFA with which it was requested:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html and aws/aws-sdk-java-v2 #2554.
  // A user has it in a request with a code, or with credentials of GetSessionToken.
  {
    keys: ['aws:MultiFactorAuthPresent'],
    always: ['session by AssumeRole'],
    never: [...UNSIGNED, 'session by token'],
    value: { is: 'false', of: ['session by AssumeRole'], usual: OF_ANY_SESSION },
  },
  { keys: ['aws:MultiFactorAuthAge'], never: [...UNSIGNED, ...SESSIONS] },
  {
    keys: ['aws:FederatedProvider'],
    always: ['session by token'],
    never: allBut('federated', 'session by token', ...OF_ANY_SESSION),
  },
  { keys: ['aws:AssumedRoot'], never: allBut('account') },
  { keys: ['aws:SignInSessionArn'], never: DIRECT },
  { keys: ['aws:CalledVia', 'aws:CalledViaFirst', 'aws:CalledViaLast', 'aws:CalledViaAWSMCP'], never: DIRECT },
  { keys: ['aws:ViaAWSMCPService', 'aws:IsMcpServiceAction'], never: DIRECT },
  // Sessions that AWS makes for its compute, and for chat applications.
  {
    keys: ['aws:Ec2InstanceSourceVpc', 'aws:Ec2InstanceSourcePrivateIPv4', 'ec2:RoleDelivery', 'aws:ChatbotSourceArn'],
    never: allBut(...OF_ANY_SESSION),
  },
  {
    keys: ['ec2:SourceInstanceArn', 'lambda:SourceFunctionArn', 'ssm:SourceInstanceArn', 'identitystore:UserId'],
    never: allBut(...OF_ANY_SESSION),
  },
  {
    keys: ['glue:RoleAssumedBy', 'glue:CredentialIssuingService', 'codebuild:BuildArn', 'codebuild:ProjectArn'],
    never: allBut(...OF_ANY_SESSION),
  },
  // `aws:SourceVpcArn`, `aws:VpceAccount`, `aws:VpceOrgID` and `aws:VpceOrgPaths` have no row: they are there only for the services that the page lists, and AWS
  // adds services to it.
  { keys: ['sts:ExternalId'], never: ['federated'] },
];

const BY_KEY: ReadonlyMap<string, KeyRow> = new Map(
  ROWS.flatMap((row) => row.keys.map((key) => [key.toLowerCase(), row] as const)),
);
const PREFIXES = [...BY_KEY.keys()].filter((key) => key.endsWith('/'));

function rowOf(key: string): KeyRow | undefined {
  const prefix = PREFIXES.find((one) => key.startsWith(one));
  return BY_KEY.get(prefix ?? key);
}

const SPECIAL = /^(aws|sts|iam|saml|ec2|lambda|ssm|glue|codebuild|identitystore|cognito-identity\.amazonaws\.com):/;

function kindOf(caller: Caller): Kind {
  if (caller.kind !== 'session' || caller.madeBy === undefined) return caller.kind;
  return caller.madeBy === 'AssumeRole' ? 'session by AssumeRole' : 'session by token';
}

/** Keys with a value that follows from the kind of the caller alone; keys as AWS writes them. */
type FixedValues = ReadonlyMap<string, readonly [string]>;

function fixedValues(isDirect: boolean, write: (key: string) => string): Readonly<Record<Kind, FixedValues>> {
  const valuesFor = (kind: Kind): FixedValues =>
    new Map(
      ROWS.flatMap(({ keys, value }) =>
        value?.of.includes(kind) === true || (isDirect && value?.usual?.includes(kind) === true)
          ? keys.map((key): [string, readonly [string]] => [write(key), [value.is]])
          : [],
      ),
    );
  return Object.fromEntries(EVERYONE.map((kind) => [kind, valuesFor(kind)])) as Record<Kind, FixedValues>;
}

const lower = (key: string): string => key.toLowerCase();
const SURE = fixedValues(false, lower);
const USUAL = fixedValues(true, lower);
const WRITTEN = fixedValues(true, (key) => key);

/**
 * The keys in lower case whose value follows from the kind of the caller alone.
 * @param isKnown nothing of the request is unknown: it is direct, and a session is one by AssumeRole unless `madeBy` says otherwise
 */
export function fixedValuesOf(caller: Caller, isKnown: boolean): FixedValues {
  return (isKnown ? USUAL : SURE)[kindOf(caller)];
}

/** The same keys of a known request, as AWS writes them. */
export function fixedKeysOf(caller: Caller): Readonly<Record<string, string>> {
  return Object.fromEntries([...WRITTEN[kindOf(caller)]].map(([key, [value]]) => [key, value]));
}

/**
 * Whether a request of a caller has a key that its known context lacks.
 * @param key in lower case
 * @param action of the request; default: one of STS
 */
export function presenceOf(key: string, caller: Caller, action = 'sts:AssumeRole'): Presence {
  const [service = '', name] = action.toLowerCase().split(':');
  if (key.startsWith('sts:') && service !== 'sts') return 'never';
  // It is a parameter of AssumeRole, and AWS lists it for that action alone.
  if (key === 'sts:rolesessionname' && name === 'tagsession') return 'sometimes';
  const row = rowOf(key);
  if (row === undefined) return claimPresence(key, caller);
  const kind = kindOf(caller);
  if (row.always?.includes(kind) === true) return 'always';
  return row.never?.includes(kind) === true ? 'never' : 'sometimes';
}

/** The keys of an OIDC provider are claims of its tokens: `<host and path>:<claim>`. No token has the keys of another provider. */
function claimPresence(key: string, caller: Caller): Presence {
  const isClaim = key.includes('.') && !SPECIAL.test(key);
  if (!isClaim) return 'sometimes';
  if (caller.kind === 'service') return 'never';
  if (caller.kind !== 'federated') return 'sometimes';
  const issuer = caller.provider.slice(caller.provider.indexOf('/') + 1).toLowerCase();
  if (!key.startsWith(`${issuer}:`)) return 'never';
  return key === `${issuer}:sub` || key === `${issuer}:aud` ? 'always' : 'sometimes';
}
