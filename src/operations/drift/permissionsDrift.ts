import type { Role, SourceRole } from '../../blueprint/Blueprint';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { policyDifference } from '../../iam/sameMeaning';
import type { Account } from '../../inventory/Inventory';
import type { RolePolicyFacts } from '../../estate/aws/AwsPort';
import { shellWord } from '../../estate/shellWord';
import type { Remedy, Unlike } from './Difference';
import { differenceWords } from './differenceWords';
import { permissionsEffect } from './permissionsEffect';
import { byCredentials, credentialsOf } from './Scope';
import { withoutImport } from './withoutImport';

/** Where a role's permissions stand. */
export interface PermissionsPlace {
  /** `workloads.orders-api.permissions` */
  readonly path: string;
  readonly account: Account;
  /** How to have what the inventory says. */
  readonly apply: Remedy;
  /** No apply has taken the role over, or made it. */
  readonly neverApplied: boolean;
}

/** A role with what is imported with it, where anything is. */
export type RoleWithImports = Role & Partial<Pick<SourceRole, 'imports'>>;

/** The inline and attached policies of a role in AWS against those that it should have. */
export function permissionsDrift(
  role: RoleWithImports,
  facts: RolePolicyFacts,
  place: PermissionsPlace,
): readonly Unlike[] {
  return [...inlineDrift(role, facts, place), ...attachedDrift(role, facts, place)];
}

const EMPTY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

function inlineDrift(role: RoleWithImports, { inline }: RolePolicyFacts, place: PermissionsPlace): readonly Unlike[] {
  const wanted = new Map<string, PolicyDocument>([
    ...(role.inline === undefined ? [] : [[INLINE_POLICY, role.inline] as const]),
    ...role.inlinePolicies.map(({ name, document }) => [name, document] as const),
  ]);
  return [...new Set([...wanted.keys(), ...Object.keys(inline)])].flatMap((name): readonly Unlike[] => {
    const [should, there] = [wanted.get(name), inline[name]];
    const difference = policyDifference(there ?? EMPTY, should ?? EMPTY);
    const { missing, extra } = difference;
    if (should !== undefined && there !== undefined && missing.length + extra.length === 0) return [];
    const effect = permissionsEffect(difference);
    const words = differenceWords(difference, there ?? EMPTY, should ?? EMPTY);
    return [
      {
        kind: 'inline-policy',
        where: `${name} of ${role.arn}`,
        expected: should === undefined ? 'no such policy' : words.expected,
        found: there === undefined ? 'no such policy' : words.found,
        missing,
        extra,
        ...(effect === '' ? {} : { effect }),
        ...(should === undefined
          ? removeInline(role, name, place)
          : there === undefined
            ? putInline(role, name, place)
            : place.apply),
      },
    ];
  });
}

function attachedDrift(
  role: RoleWithImports,
  { attached }: RolePolicyFacts,
  place: PermissionsPlace,
): readonly Unlike[] {
  const unlike = (arn: string, wanted: boolean, remedy: Remedy): Unlike => ({
    kind: 'managed-policy',
    where: `${arn} on ${role.arn}`,
    expected: wanted ? 'attached' : 'not attached',
    found: wanted ? 'not attached' : 'attached',
    effect: wanted ? `what only ${arn} allows is no longer allowed` : `what ${arn} allows is allowed besides`,
    ...remedy,
  });
  return [
    ...role.managedPolicies
      .filter((arn) => !attached.includes(arn))
      .map((arn) => unlike(arn, true, attach(role, arn, place))),
    ...attached
      .filter((arn) => !role.managedPolicies.includes(arn))
      .map((arn) => unlike(arn, false, detach(role, arn, place))),
  ];
}

// Terraform knows of the policies that it has made: what others put on the role stays until they, or a command, take it away.

function removeInline({ name: role }: Role, name: string, { path, account }: PermissionsPlace): Remedy {
  const command = `aws iam delete-role-policy --role-name ${shellWord(role)} --policy-name ${shellWord(name)}`;
  return {
    remedy: `To keep it, write it into ${path}.inlinePolicies. To take it away, ${credentialsOf(account)}:\n${command}`,
  };
}

function detach({ name: role }: Role, arn: string, { path, account }: PermissionsPlace): Remedy {
  const command = `aws iam detach-role-policy --role-name ${shellWord(role)} --policy-arn ${shellWord(arn)}`;
  return {
    remedy: `To keep it, write it into ${path}.managedPolicies. To take it away, ${credentialsOf(account)}:\n${command}`,
  };
}

// What is to be imported must be there, until an apply has imported it.

function putInline(role: RoleWithImports, name: string, { apply, neverApplied }: PermissionsPlace): Remedy {
  if (!neverApplied || role.imports?.inlinePolicies.includes(name) !== true) return apply;
  return withoutImport({
    path: `${importsOf(role)}.inlinePolicies (${name})`,
    undo: 'take it out of',
    then: 'puts it',
    again: 'put it by hand again.',
    stacks: apply.apply ?? [],
  });
}

function attach(role: RoleWithImports, arn: string, { account, apply, neverApplied }: PermissionsPlace): Remedy {
  if (!neverApplied || role.imports?.managedPolicies.includes(arn) !== true) return apply;
  const command = `aws iam attach-role-policy --role-name ${shellWord(role.name)} --policy-arn ${shellWord(arn)}`;
  return withoutImport({
    path: `${importsOf(role)}.managedPolicies`,
    undo: 'take it out of',
    then: 'attaches it',
    again: `attach it again${byCredentials(account)}:\n${command}`,
    stacks: apply.apply ?? [],
  });
}

function importsOf({ workload }: Role): string {
  return `workloads.${workload}.role.imports`;
}
