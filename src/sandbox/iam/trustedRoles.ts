import type { NamedPolicy } from '../../iam/Decision';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import { roleByArn } from '../world/findState';
import { listOf } from '../world/listOf';
import { namedEntities } from '../world/namedEntities';
import type { RoleState, World } from '../world/World';
import { malformedPolicy } from './faults';

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
