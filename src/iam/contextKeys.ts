import type { Caller } from './Request';

/**
 * What is known about a condition key that the context of a request lacks: the request has it with a value that is not known
 * (`always`), it may have it (`sometimes`), or it does not have it (`never`).
 */
export type Presence = 'always' | 'sometimes' | 'never';

type Kind = Caller['kind'];

interface KeyRow {
  /** Condition keys in lower case; one that ends with `/` stands for all keys that begin with it. */
  readonly keys: readonly string[];
  readonly always?: readonly Kind[];
  readonly never?: readonly Kind[];
}

const EVERYONE: readonly Kind[] = ['service', 'federated', 'account', 'user', 'role', 'session', 'anonymous'];
const WITHOUT_PRINCIPAL: readonly Kind[] = ['service', 'federated', 'anonymous'];
const ALL_BUT_SERVICES = EVERYONE.filter((kind) => kind !== 'service');

/**
 * The keys of a request whose presence is documented, by the kind of the caller. Every other key is `sometimes` there, also one that no page of
 * AWS has: AWS adds keys, and each service has keys of its own for some of its actions (`s3:prefix` for `s3:ListBucket`). The rows of global keys are about
 * requests to every service; those of `sts:` keys are about requests to STS, and no other request has such keys.
 * `AssumeRoleWithWebIdentity` is not signed, so its caller has no principal yet.
 * Sources: "Availability" in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html; parameters of AssumeRole and
 * AssumeRoleWithWebIdentity in https://docs.aws.amazon.com/STS/latest/APIReference/; keys by service in
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
const ROWS: readonly KeyRow[] = [
  { keys: ['aws:currenttime', 'aws:epochtime', 'aws:securetransport', 'aws:requestedregion'], always: EVERYONE },
  { keys: ['aws:useragent', 'aws:viaawsservice', 'sts:rolesessionname'], always: EVERYONE },
  { keys: ['aws:userid'], always: ['account', 'user', 'role', 'session'], never: ['anonymous'] },
  { keys: ['aws:username'], always: ['user'], never: ['service', 'federated', 'role', 'session', 'anonymous'] },
  { keys: ['aws:tokenissuetime'], always: ['session'], never: ['anonymous'] },
  { keys: ['aws:principaltag/', 'aws:principalarn', 'aws:principalaccount'], never: WITHOUT_PRINCIPAL },
  { keys: ['aws:principalorgid', 'aws:principalorgpaths'], never: ['service', 'anonymous'] },
  { keys: ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths'], never: ALL_BUT_SERVICES },
  { keys: ['aws:principalservicename', 'aws:principalservicenameslist'], never: ALL_BUT_SERVICES },
  { keys: ['sts:externalid'], never: ['federated'] },
];

const SPECIAL = /^(aws|sts|iam|saml|ec2|lambda|ssm|glue|codebuild|identitystore|cognito-identity\.amazonaws\.com):/;

/**
 * Whether a request of a caller has a key that its known context lacks.
 * @param key in lower case
 * @param action of the request; default: one of STS
 */
export function presenceOf(key: string, caller: Caller, action = 'sts:AssumeRole'): Presence {
  if (key.startsWith('sts:') && !action.toLowerCase().startsWith('sts:')) return 'never';
  // It is a parameter of AssumeRole, and AWS lists it for that action alone.
  if (key === 'sts:rolesessionname' && action.toLowerCase() === 'sts:tagsession') return 'sometimes';
  const row = ROWS.find(({ keys }) => keys.some((one) => (one.endsWith('/') ? key.startsWith(one) : key === one)));
  if (row?.always?.includes(caller.kind) === true) return 'always';
  if (row?.never?.includes(caller.kind) === true) return 'never';
  return claimPresence(key, caller);
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
