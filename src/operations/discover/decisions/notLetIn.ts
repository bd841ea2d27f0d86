import { noStage } from '../foundStage';
import { letsSubjectIn } from '../letsSubjectIn';
import type { Decision } from '../Scene';
import { leftOut, nameOf, roleOf, type Subject } from '../Subject';
import { unsayable } from '../unwritable';
import { valueOfRole } from '../valueOfRole';

const FIX = 'Bring that into a form that IAM would take today, then run discover again; or write the entry by hand.';

/** A trust policy in which nothing stands that cannot be evaluated, before anybody does. */
export const soundTrust: Decision = (subject, scene) => {
  const role = valueOfRole(subject, scene);
  const problem = role && unsayable(role.facts.trust);
  if (role === undefined || problem === undefined) return undefined;
  return leftOut(subject, 'invalid', `the trust policy of ${role.facts.name} cannot be carried: ${problem}`, FIX);
};

/**
 * An annotation alone gives nobody anything: it is the role's trust that says who its users are. One that is not let in is told so, and
 * nothing of the role is shown: not to whoever wrote the annotation, nor to an operator who would paste it.
 */
export const notLetIn: Decision = (subject, scene) => {
  const role = valueOfRole(subject, scene);
  if (role === undefined) return undefined;
  const { webIdentity, podIdentity } = letsSubjectIn(role, subject, scene);
  if (webIdentity || podIdentity) return undefined;
  const { message, hint } = noStage(subject, false);
  return leftOut(subject, 'not-let-in', `${message} (${roleOf(subject) ?? nameOf(subject)})`, hint);
};

/** Inline policies whose documents can be carried as they are. */
export const soundPolicies: Decision = (subject: Subject, scene) => {
  const role = valueOfRole(subject, scene);
  const inline = role?.policies.ok === true ? (role.policies.value?.inline ?? {}) : {};
  const problem = unsayable(inline);
  if (role === undefined || problem === undefined) return undefined;
  return leftOut(subject, 'invalid', `the inline policies of ${role.facts.name} cannot be carried: ${problem}`, FIX);
};
