import { placesOf } from '../../../estate/places';
import { parseRoleArn } from '../../../iam/Arn';
import { unsayable } from '../../../inventory/edit/unwritable';
import { noAnswerText } from '../../remedies';
import { type FoundCluster, type FoundServiceAccount, nameOf } from '../FoundCluster';
import { notAssumable } from '../foundTrust';
import { leave, type Exclusion, withCredentials } from '../LeftOut';

/** Annotation and association name one role, by its whole ARN. */
export function namesOneRole(account: FoundServiceAccount): Exclusion | undefined {
  const { annotation, association, roleArn, role } = account;
  if (annotation !== undefined && parseRoleArn(annotation) === undefined)
    return leave(
      'bad-annotation',
      `the annotation of ${nameOf(account)} is ${JSON.stringify(annotation)}, which is not the ARN of a role`,
      'Write the whole ARN of the role, or remove the annotation. Then run discover again.',
    );
  if (annotation !== undefined && annotation !== roleArn)
    return leave(
      'two-roles',
      `the annotation of ${nameOf(account)} names ${annotation}, its association names ${roleArn}`,
      'New pods use the role of the association. Let both name the role that the pods need, then run discover again.',
    );
  if (role === undefined || role.facts.arn === roleArn) return undefined;
  return leave(
    'bad-annotation',
    `the ${association === undefined ? 'annotation' : 'association'} of ${nameOf(account)} names ${roleArn}, but the ARN of the role is ${role.facts.arn}: the pods get no credentials`,
    'Write the whole ARN of the role with its path. Then run discover again.',
  );
}

const BY_HAND = 'Change that to what IAM accepts today, then run discover again; or write the entry by hand.';

/**
 * The trust policy allows the service account, and the inventory can have the policies. Of a role that does not trust the service account nothing is
 * shown: neither to the author of the annotation, nor to an operator who would paste it.
 */
export function trustsAccount(account: FoundServiceAccount): Exclusion | undefined {
  const { role, modes } = account;
  if (role === undefined) return undefined;
  const { facts, policies, problem } = role;
  if (problem !== undefined)
    return leave('invalid', `the inventory cannot have the trust policy of ${facts.name}: ${problem}`, BY_HAND);
  if (modes.length === 0) return notAssumable(account);
  const inline = unsayable(policies.inline);
  if (inline === undefined) return undefined;
  return leave('invalid', `the inventory cannot have the inline policies of ${facts.name}: ${inline}`, BY_HAND);
}

/** The role exists, and every question about it has an answer. */
export function roleExists(account: FoundServiceAccount, found: FoundCluster): Exclusion | undefined {
  const { roleArn, role, noAnswer } = account;
  const { inventory } = found;
  if (noAnswer !== undefined) {
    const { found: message, remedy } = noAnswerText(noAnswer, placesOf(inventory, found));
    return leave('unanswered', `${roleArn}: ${message}`, ...remedy);
  }
  if (role !== undefined) return undefined;
  const { name = roleArn, accountId = '' } = parseRoleArn(roleArn) ?? {};
  const owner = inventory.accounts.find(({ id }) => id === accountId) ?? { id: accountId };
  return leave(
    'role-missing',
    `there is no role ${roleArn}`,
    'The pods get no credentials. Create the role, or remove the annotation or the association. Then run discover again.',
    withCredentials(owner, 'aws', 'iam', 'get-role', '--role-name', name),
  );
}

/** No other role is involved: no target role of the association, and no role that assumes itself. */
export function actsAlone(account: FoundServiceAccount): Exclusion | undefined {
  const { association, role } = account;
  if (association?.targetRoleArn !== undefined)
    return leave(
      'association-target',
      `the association of ${nameOf(account)} has the target role ${association.targetRoleArn}, and podlift creates target roles itself`,
      'Write the workload by hand, with a target of that account, `via: association` and the permissions of the target role.',
      'Follow the steps of the documentation: between the old association and the new one, pods live on the credentials that they have.',
    );
  if (role?.assumesItself !== true) return undefined;
  const { name } = role.facts;
  return leave(
    'self-assuming',
    `the role of ${nameOf(account)}, ${name}, can assume itself: with Pod Identity that needs sts:TagSession too`,
    `Let the app use the credentials that it has, instead of assuming ${name} again (no role in the SecretStore, no assume-role in its settings).`,
    `Then remove the statement that lets ${name} assume itself from its trust policy, and run discover again.`,
  );
}
