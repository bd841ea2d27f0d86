import type { Role } from '../../blueprint/Blueprint';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { policyDifference } from '../../iam/sameMeaning';
import type { RolePolicyFacts } from '../aws/AwsPort';
import { shellWord } from '../evidence/shellWord';
import type { Unlike } from './Difference';
import { permissionsEffect } from './permissionsEffect';
import { statementsText } from './statementWords';

/** Where a role's permissions stand. */
export interface PermissionsPlace {
  /** `workloads.orders-api.permissions` */
  readonly path: string;
  /** `apps-prod (333333333333)`: whose credentials a command needs. */
  readonly account: string;
  /** How to have what the inventory says. */
  readonly apply: string;
}

/** The inline and attached policies of a role in AWS against those that it should have. */
export function permissionsDrift(role: Role, facts: RolePolicyFacts, place: PermissionsPlace): readonly Unlike[] {
  return [...inlineDrift(role, facts, place), ...attachedDrift(role, facts, place)];
}

const EMPTY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

function inlineDrift(role: Role, { inline }: RolePolicyFacts, place: PermissionsPlace): readonly Unlike[] {
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
    return [
      {
        kind: 'inline-policy',
        where: `${name} of ${role.arn}`,
        expected: should === undefined ? 'no such policy' : statementsText(missing),
        found: there === undefined ? 'no such policy' : statementsText(extra),
        missing,
        extra,
        ...(effect === '' ? {} : { effect }),
        remedy: should === undefined ? removeInline(role, name, place) : place.apply,
      },
    ];
  });
}

function attachedDrift(role: Role, { attached }: RolePolicyFacts, place: PermissionsPlace): readonly Unlike[] {
  const unlike = (arn: string, wanted: boolean, remedy: string): Unlike => ({
    kind: 'managed-policy',
    where: `${arn} on ${role.arn}`,
    expected: wanted ? 'attached' : 'not attached',
    found: wanted ? 'not attached' : 'attached',
    effect: wanted ? `what only ${arn} allows is no longer allowed` : `what ${arn} allows is allowed besides`,
    remedy,
  });
  return [
    ...role.managedPolicies.filter((arn) => !attached.includes(arn)).map((arn) => unlike(arn, true, place.apply)),
    ...attached
      .filter((arn) => !role.managedPolicies.includes(arn))
      .map((arn) => unlike(arn, false, detach(role, arn, place))),
  ];
}

// Terraform knows of the policies that it has made: what others put on the role stays until they, or a command, take it away.

function removeInline({ name: role }: Role, name: string, { path, account }: PermissionsPlace): string {
  const command = `aws iam delete-role-policy --role-name ${shellWord(role)} --policy-name ${shellWord(name)}`;
  return `To keep it, write it into ${path}.inlinePolicies. To take it away, in ${account}:\n${command}`;
}

function detach({ name: role }: Role, arn: string, { path, account }: PermissionsPlace): string {
  const command = `aws iam detach-role-policy --role-name ${shellWord(role)} --policy-arn ${shellWord(arn)}`;
  return `To keep it, write it into ${path}.managedPolicies. To take it away, in ${account}:\n${command}`;
}
