import { parseArn } from '../../iam/Arn';
import type { NamedPolicy } from '../../iam/Decision';
import type { OneOrMany, PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { Context } from '../../iam/Request';
import type { Call, Permission } from '../api/Action';
import { type Input, requiredText } from '../api/Input';
import { accountOf, roleByArn, type RoleState, type World } from '../world/World';
import { iamArn } from '../world/arns';
import { malformedPolicy, noSuchEntity, RULES } from './iamRequest';

/** The role that a request names. Throws `NoSuchEntity`. */
export function findRole(input: Input, call: Call): RoleState {
  const name = requiredText(input, 'RoleName', RULES.roleName);
  const role = accountOf(call.state.world, call.account).roles[name.toLowerCase()];
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The permission for an action on the role that a request names. The ARN of a missing role has no path. */
export function onRole(action: string, context: (input: Input, call: Call) => Context = () => ({})) {
  return (input: Input, call: Call): readonly Permission[] => {
    const name = requiredText(input, 'RoleName', RULES.roleName);
    const role = accountOf(call.state.world, call.account).roles[name.toLowerCase()];
    return [
      {
        action,
        resource: role?.arn ?? iamArn(call.partition, call.account, 'role', name),
        resourceTags: role?.tags ?? {},
        context: {
          ...(role?.boundary === undefined ? {} : { 'iam:PermissionsBoundary': role.boundary }),
          ...context(input, call),
        },
      },
    ];
  };
}

/** One or more values as a list. Empty for undefined. */
export function asList<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** What a trust policy names under `AWS`, in Allow and Deny. */
function awsPrincipals(document: PolicyDocument): readonly string[] {
  return asList(document.Statement)
    .flatMap((statement) => [statement.Principal, statement.NotPrincipal])
    .flatMap((principal) => (typeof principal === 'object' ? asList(principal.AWS) : []));
}

/** The ARNs of the roles and users that a trust policy names as principals, in Allow and Deny. */
export function namedPrincipals(document: PolicyDocument): readonly string[] {
  return awsPrincipals(document).filter((arn) => {
    const parts = parseArn(arn);
    return parts?.service === 'iam' && /^(role|user)\//.test(parts.resource);
  });
}

/** The accounts that a trust policy names, by id or in an ARN. */
export function namedAccounts(document: PolicyDocument): readonly string[] {
  return awsPrincipals(document)
    .filter((principal) => principal !== '*')
    .map(accountOfPrincipal);
}

function accountOfPrincipal(principal: string): string {
  return parseArn(principal)?.account ?? principal;
}

/** Whether a principal other than `*` is one of an account that exists, in that partition. */
function isKnown(world: World, principal: string, partition: string): boolean {
  return (
    (parseArn(principal)?.partition ?? partition) === partition &&
    world.accounts[accountOfPrincipal(principal)] !== undefined
  );
}

/**
 * The ids of the roles that a trust policy names, by ARN. When the policy is written, IAM replaces such a principal with the role's id and
 * refuses a principal that does not exist: also an account that does not exist, and everything of another partition. The sandbox has no users, and no
 * roles of accounts outside its world. Throws `MalformedPolicyDocument` (`Invalid principal in policy`).
 * @param partition of the role
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html;
 * https://repost.aws/knowledge-center/iam-trust-policy-error (partitions). Answers with `"AWS":"arn:aws:iam::123456789012:root"` are quoted in public
 */
export function trustedRoleIds(world: World, document: PolicyDocument, partition: string): Record<string, string> {
  const refuse = (principal: string) => malformedPolicy(`Invalid principal in policy: "AWS":"${principal}"`);
  const stranger = awsPrincipals(document).find((one) => one !== '*' && !isKnown(world, one, partition));
  if (stranger !== undefined) throw refuse(stranger);
  const ids: Record<string, string> = {};
  for (const principal of namedPrincipals(document)) {
    const role = roleByArn(world, principal);
    if (role === undefined) throw refuse(principal);
    ids[principal] = role.id;
  }
  return ids;
}

function replacePrincipals(statement: Statement, deleted: ReadonlyMap<string, string>): Statement {
  const { Principal } = statement;
  if (typeof Principal !== 'object' || Principal.AWS === undefined) return statement;
  return {
    ...statement,
    Principal: { ...Principal, AWS: asList(Principal.AWS).map((arn) => deleted.get(arn) ?? arn) },
  };
}

/**
 * The text of a role's trust policy as IAM has it now: the principal of a deleted role is its id, also when a new role has the same name.
 */
export function trustText(world: World, role: RoleState): string {
  const deleted = new Map(Object.entries(role.trustedIds).filter(([arn, id]) => roleByArn(world, arn)?.id !== id));
  if (deleted.size === 0) return role.trust;
  const document = JSON.parse(role.trust) as PolicyDocument;
  return JSON.stringify({
    ...document,
    Statement: asList(document.Statement).map((statement) => replacePrincipals(statement, deleted)),
  });
}

/** The trust policy as a document, with a name for explanations. */
export function trustPolicy(world: World, role: RoleState): NamedPolicy {
  return { name: `trust policy of ${role.arn}`, document: JSON.parse(trustText(world, role)) as PolicyDocument };
}
