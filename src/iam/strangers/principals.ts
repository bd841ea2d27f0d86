import { parseArn } from '../Arn';
import { compilePattern, matchPattern } from '../matchPattern';
import type { Statement } from '../PolicyDocument';
import type { Caller, ValueSet } from '../Request';
import { type CallerClass, NO_NAME, type OwnCallers, type Stranger } from './CallerClass';
import { namedTexts, namedValues } from './namedValues';

/**
 * The one principal that an ARN names; nothing for an account or everyone.
 * @param others the ARNs of other principals. The ARN of a session lacks the path of its role, which can be one of them
 */
export function principal(arn: string, others: readonly string[]): readonly CallerClass[] {
  const caller = callerNamed(arn);
  if (caller === undefined) return [];
  const stranger: Stranger = { kind: 'principal', arn };
  if (caller.kind !== 'session' || caller.roleArn === arn) return [{ stranger, attempt: asPrincipal(caller) }];
  const anyPath = caller.roleArn.replace(':role/', ':role/*');
  const roles = others.filter((one) => one !== caller.roleArn && matchPattern(compilePattern(anyPath), one));
  const sets = { 'aws:PrincipalArn': { like: anyPath, except: [] } };
  return [
    { stranger, attempt: { ...asPrincipal(caller), sets } },
    ...roles.map((roleArn) => ({ stranger, attempt: asPrincipal({ ...caller, roleArn }) })),
  ];
}

/** The request of a principal with all permissions in its own account: only the trust policy can deny it. */
function asPrincipal(caller: Caller): CallerClass['attempt'] {
  return { caller, operation: 'sts:AssumeRole', callerPolicies: { identity: [EVERYTHING] }, completeKeys: [] };
}

/** The caller that a principal's ARN names: a user, a session, or a role, of which any session is meant. */
function callerNamed(arn: string): Caller | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined) return undefined;
  const { service, account, partition, resource } = parsed;
  const [kind, name = '', ...rest] = resource.split('/');
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

/** A role and a user of an account, which stand for all of them. */
function rolesAndUsers(partition: string, account: string): readonly (readonly [Caller, string])[] {
  return [
    [{ kind: 'session', roleArn: `arn:${partition}:iam::${account}:role/${NO_NAME}`, sessionName: NO_NAME }, 'role'],
    [{ kind: 'user', arn: `arn:${partition}:iam::${account}:user/${NO_NAME}` }, 'user'],
  ];
}

/** A user's name is in its ARN, but a condition can name it alone. */
function userName({ kind }: Caller): Readonly<Record<string, ValueSet>> {
  return kind === 'user' ? { 'aws:username': { like: '*', except: [] } } : {};
}

/** All roles and users of an account that have the permission to request the role, but those whom statements name. */
export function principalsOf(
  accountId: string,
  { partition }: OwnCallers,
  statements: readonly Statement[],
): readonly CallerClass[] {
  const arns = namedTexts(statements, (key) => key === 'aws:principalarn');
  return rolesAndUsers(partition, accountId).map(([caller, kind]) => ({
    stranger: { kind: 'account', accountId },
    attempt: {
      ...asPrincipal(caller),
      sets: {
        ...userName(caller),
        'aws:PrincipalArn': { like: `arn:*:iam::${accountId}:${kind}/*`, except: [], exceptTexts: arns },
      },
    },
  }));
}

/** The same of every account that no statement mentions, by organisation where statements name one. */
export function principalsElsewhere(
  { partition }: OwnCallers,
  statements: readonly Statement[],
  accounts: ReadonlySet<string>,
): readonly CallerClass[] {
  const organisations = organisationsIn(statements);
  const elsewhere = [...accounts].map((id) => `arn:*:iam::${id}:*`);
  return rolesAndUsers(partition, unmentioned(accounts)).flatMap(([caller, kind]) => {
    const sets: Readonly<Record<string, ValueSet>> = {
      ...userName(caller),
      'aws:PrincipalAccount': { like: '*', except: [...accounts] },
      'aws:PrincipalArn': { like: `arn:*:iam::*:${kind}/*`, except: elsewhere },
    };
    const any: CallerClass = { stranger: { kind: 'any account' }, attempt: { ...asPrincipal(caller), sets } };
    if (organisations.length === 0) return [any];
    const others: Readonly<Record<string, ValueSet>> = {
      'aws:PrincipalOrgID': { like: '*', except: organisations },
      'aws:PrincipalOrgPaths': { like: '*', except: organisations.map((id) => `${id}/*`) },
    };
    return [
      ...organisations.map((id): CallerClass => ({
        stranger: { kind: 'organisation', id },
        attempt: {
          ...any.attempt,
          context: { 'aws:PrincipalOrgID': id },
          sets: { ...sets, 'aws:PrincipalOrgPaths': { like: `${id}/*`, except: [] } },
        },
      })),
      { ...any, attempt: { ...any.attempt, sets: { ...sets, ...others } } },
      // An account need not be in an organisation.
      { ...any, attempt: { ...any.attempt, context: { 'aws:PrincipalOrgID': [], 'aws:PrincipalOrgPaths': [] } } },
    ];
  });
}

/** The organisations that conditions name by their ids, or by the beginning of a path. */
function organisationsIn(statements: readonly Statement[]): readonly string[] {
  const ids = namedTexts(statements, (key) => key === 'aws:principalorgid');
  const paths = namedValues(statements, (key) => key === 'aws:principalorgpaths');
  return [...new Set([...ids, ...paths.flatMap((path) => /^(o-[a-z0-9]+)\//.exec(path)?.[1] ?? [])])];
}

/** Strangers have every permission in their own account: only the trust policy can deny. */
export const EVERYTHING = {
  name: 'identity policy of the caller',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
} as const;

function unmentioned(accounts: ReadonlySet<string>): string {
  for (let id = 999_999_999_999; ; id -= 1) if (!accounts.has(String(id))) return String(id);
}
