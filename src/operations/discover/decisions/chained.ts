import { valueOfRole } from '../valueOfRole';
import type { Decision } from '../Scene';
import { leftOut, nameOf } from '../Subject';

/** podlift makes the target roles of its associations itself: one that is there cannot be taken over. */
export const chained: Decision = (subject) => {
  const target = subject.association?.targetRoleArn;
  if (target === undefined) return undefined;
  return leftOut(
    subject,
    'association-target',
    `the association of ${nameOf(subject)} chains to ${target}, and podlift makes target roles itself`,
    [
      'Write the workload by hand, with a target of that account, `via: association` and the permissions of the target role:',
      'podlift then makes a target role beside the old one. Delete the old association right before the apply that makes the new one;',
      'pods keep the credentials that they have for up to six hours meanwhile.',
    ],
  );
};

/**
 * An app that assumes its own role (External Secrets and Argo CD do, where they are told to) carries the session tags of EKS along
 * with Pod Identity, so that the role would have to allow itself `sts:TagSession` as well.
 */
export const selfAssuming: Decision = (subject, scene) => {
  const role = valueOfRole(subject, scene);
  if (role?.assumesItself.ok !== true || !role.assumesItself.value) return undefined;
  const { name } = role.facts;
  return leftOut(
    subject,
    'self-assuming',
    `the role of ${nameOf(subject)}, ${name}, may assume itself: with Pod Identity that asks for sts:TagSession too`,
    [
      'Let the app use the credentials that it has instead of assuming the role again (no role in the SecretStore, no assume-role in its settings),',
      `then take the statement that lets ${name} assume itself out of its trust policy, and run discover again.`,
      'Where nothing assumes it, and its permissions are merely that wide: take the statement out of the trust policy as well.',
    ],
  );
};
