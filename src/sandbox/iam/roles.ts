import { parseArn } from '../../iam/Arn';
import type { NamedPolicy } from '../../iam/Decision';
import type { OneOrMany, PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { Context } from '../../iam/Request';
import type { Call, Permission } from '../api/Action';
import { type Input, requiredText } from '../api/Input';
import { tagContext } from '../api/authorise';
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

/** The permission for an action on the role that a request names; a role that is missing is spoken of by its bare name. */
export function onRole(action: string, context: (input: Input, call: Call) => Context = () => ({})) {
  return (input: Input, call: Call): readonly Permission[] => {
    const name = requiredText(input, 'RoleName', RULES.roleName);
    const role = accountOf(call.state.world, call.account).roles[name.toLowerCase()];
    return [
      {
        action,
        resource: role?.arn ?? iamArn(call.partition, call.account, 'role', name),
        context: {
          ...tagContext('aws:ResourceTag', role?.tags ?? {}),
          ...(role?.boundary === undefined ? {} : { 'iam:PermissionsBoundary': role.boundary }),
          ...context(input, call),
        },
      },
    ];
  };
}

/** One value or several, as a list; empty for nothing. */
export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** The ARNs of the roles and users that a trust policy names as principals, in Allow and Deny. */
export function namedEntities(document: PolicyDocument): readonly string[] {
  return listOf(document.Statement)
    .flatMap((statement) => [statement.Principal, statement.NotPrincipal])
    .flatMap((principal) => (typeof principal === 'object' ? listOf(principal.AWS) : []))
    .filter((arn) => {
      const parts = parseArn(arn);
      return parts?.service === 'iam' && /^(role|user)\//.test(parts.resource);
    });
}

/**
 * The ids of the roles that a trust policy names, by ARN. IAM ties such a principal to the role's id when the policy is
 * written, and refuses one that does not exist. The sandbox has no users, so none exists; roles of accounts that the sandbox has never heard of cannot be checked
 * anywhere, so they do not exist either.
 * Throws `MalformedPolicyDocument` (`Invalid principal in policy`).
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function trustedRoleIds(world: World, document: PolicyDocument): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const principal of namedEntities(document)) {
    const role = roleByArn(world, principal);
    if (role === undefined) throw malformedPolicy(`Invalid principal in policy: "AWS":"${principal}"`);
    ids[principal] = role.id;
  }
  return ids;
}

function replacePrincipals(statement: Statement, gone: ReadonlyMap<string, string>): Statement {
  const { Principal } = statement;
  if (typeof Principal !== 'object' || Principal.AWS === undefined) return statement;
  return { ...statement, Principal: { ...Principal, AWS: listOf(Principal.AWS).map((arn) => gone.get(arn) ?? arn) } };
}

/**
 * The trust policy of a role as IAM holds it now, as text: a role principal that was deleted since stands there as its id,
 * and a new role of the same name does not take its place.
 */
export function trustText(world: World, role: RoleState): string {
  const gone = new Map(Object.entries(role.trustedIds).filter(([arn, id]) => roleByArn(world, arn)?.id !== id));
  if (gone.size === 0) return role.trust;
  const document = JSON.parse(role.trust) as PolicyDocument;
  return JSON.stringify({
    ...document,
    Statement: listOf(document.Statement).map((statement) => replacePrincipals(statement, gone)),
  });
}

/** The same as a document, named as an explanation shows it. */
export function trustPolicy(world: World, role: RoleState): NamedPolicy {
  return { name: `trust policy of ${role.arn}`, document: JSON.parse(trustText(world, role)) as PolicyDocument };
}
