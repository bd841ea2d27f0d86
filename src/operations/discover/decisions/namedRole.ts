import { shellWord } from '../../../estate/shellWord';
import { roleReference } from '../roleReference';
import type { Decision } from '../Scene';
import { leftOut, nameOf, roleOf } from '../Subject';
import { valueOfRole } from '../valueOfRole';
import { accountOf, withCredentials } from '../withCredentials';

/** The annotation names a role, and the association the same one. */
export const namedRole: Decision = (subject) => {
  const { annotation, association } = subject;
  if (annotation !== undefined && roleReference(annotation) === undefined)
    return leftOut(
      subject,
      'bad-annotation',
      `the annotation of ${nameOf(subject)} is ${JSON.stringify(annotation)}, which is no role's ARN`,
      'Write the whole ARN of the role, or remove the annotation. Then run discover again.',
    );
  if (annotation === undefined || association === undefined || annotation === association.roleArn) return undefined;
  return leftOut(
    subject,
    'two-roles',
    `the annotation of ${nameOf(subject)} names ${annotation}, its association ${association.roleArn}`,
    'New pods use the association. Let both name the role that the pods need, then run discover again.',
  );
};

/** The role is there, and all about it was answered. */
export const roleIsThere: Decision = (subject, { roles, inventory }) => {
  const arn = roleOf(subject) ?? '';
  const role = roles[arn];
  const unanswered = (message: string) =>
    leftOut(subject, 'unanswered', `${arn}: ${message}`, 'Fix that, then run discover again.');
  if (role === undefined) return unanswered('it was not asked for');
  if (!role.ok) return unanswered(role.message);
  if (role.value === undefined) {
    const { name = arn, accountId = '' } = roleReference(arn) ?? {};
    return leftOut(subject, 'role-missing', `there is no role ${arn}`, [
      'Its pods get no credentials. Make the role, or take the annotation or association away, then run discover again.',
      ...withCredentials(accountOf(inventory, accountId), [`aws iam get-role --role-name ${shellWord(name)}`]),
    ]);
  }
  const { policies, assumesItself } = role.value;
  if (!policies.ok) return unanswered(policies.message);
  if (policies.value === undefined) return unanswered('it was deleted while discover ran');
  if (!assumesItself.ok) return unanswered(assumesItself.message);
  return undefined;
};

/** It is the role that is named, path and all. */
export const wholeArn: Decision = (subject, scene) => {
  const arn = roleOf(subject) ?? '';
  const facts = valueOfRole(subject, scene)?.facts;
  if (facts === undefined || facts.arn === arn) return undefined;
  return leftOut(
    subject,
    'bad-annotation',
    `${nameOf(subject)} names ${arn}, but the role's ARN is ${facts.arn}: its pods get no credentials`,
    'Write the whole ARN, path included. Then run discover again.',
  );
};
