import { placesOf } from '../../../estate/places';
import { parseRoleArn } from '../../../iam/Arn';
import { unsupportedValue } from '../../../inventory/edit/unwritable';
import { noAnswerText } from '../../remedies';
import type { FoundCluster, FoundServiceAccount } from '../FoundCluster';
import { notAssumable } from '../foundTrust';
import { leave, type LeftOut, withCredentials } from '../LeftOut';

/** Annotation and association name one role, by its whole ARN. */
export function namesOneRole(account: FoundServiceAccount): LeftOut | undefined {
  const { annotation, association, roleArn, role } = account;
  if (annotation !== undefined && parseRoleArn(annotation) === undefined)
    return leave(
      account,
      'bad-annotation',
      `its annotation is ${JSON.stringify(annotation)}, which is not the ARN of a role`,
    );
  if (annotation !== undefined && annotation !== roleArn)
    return leave(account, 'two-roles', `its annotation names ${annotation}, its association names ${roleArn}`);
  if (role === undefined || role.facts.arn === roleArn) return undefined;
  return leave(
    account,
    'bad-annotation',
    `its ${association === undefined ? 'annotation' : 'association'} names ${roleArn}, but the ARN of the role is ${role.facts.arn}: the pods receive no credentials`,
  );
}

/**
 * The trust policy allows the service account, and the inventory can have the policies. Of a role that does not trust the service account nothing is
 * shown: neither to the author of the annotation, nor to an operator who would paste it.
 */
export function trustsAccount(account: FoundServiceAccount): LeftOut | undefined {
  const { role, modes } = account;
  if (role === undefined) return undefined;
  const { facts, policies, problem } = role;
  if (problem !== undefined)
    return leave(account, 'invalid', `the inventory cannot have the trust policy of ${facts.name}: ${problem}`);
  if (modes.length === 0) return notAssumable(account);
  const inline = unsupportedValue(policies.inline);
  if (inline === undefined) return undefined;
  return leave(account, 'invalid', `the inventory cannot have the inline policies of ${facts.name}: ${inline}`);
}

/** The role exists, and every question about it has an answer. */
export function roleExists(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn, role, noAnswer } = account;
  const { inventory } = found;
  if (noAnswer !== undefined) {
    const { found: message, remedy } = noAnswerText(noAnswer, placesOf(inventory, found));
    return leave(account, 'unanswered', `${roleArn}: ${message}`, ...remedy);
  }
  if (role !== undefined) return undefined;
  const { name = roleArn, accountId = '' } = parseRoleArn(roleArn) ?? {};
  const owner = inventory.accounts.find(({ id }) => id === accountId) ?? { id: accountId };
  return leave(
    account,
    'role-missing',
    `there is no role ${roleArn}`,
    'The pods get no credentials. Create the role, or remove the annotation or the association:',
    withCredentials(owner, 'aws', 'iam', 'get-role', '--role-name', name),
  );
}

/** No other role is involved: no target role of the association, and no role that assumes itself. */
export function actsAlone(account: FoundServiceAccount): LeftOut | undefined {
  const { association, role } = account;
  if (association?.targetRoleArn !== undefined)
    return leave(
      account,
      'association-target',
      `its association has the target role ${association.targetRoleArn}, and podlift creates target roles itself`,
    );
  if (role?.assumesItself !== true) return undefined;
  return leave(
    account,
    'self-assuming',
    `its role ${role.facts.name} can assume itself: with Pod Identity that needs sts:TagSession too`,
  );
}
