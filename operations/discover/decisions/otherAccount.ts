import { roleReference } from '../roleReference';
import type { Decision } from '../Scene';
import { targetSnippet } from '../snippets';
import { leftOut, nameOf, roleOf } from '../Subject';

/** Pod Identity takes roles of the cluster's own account only. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html */
export const otherAccount: Decision = (subject, scene) => {
  const { environment, inventory, roles } = scene;
  const reference = roleReference(roleOf(subject) ?? '');
  if (reference === undefined || reference.accountId === environment.account.id) return undefined;
  const { accountId, arn } = reference;
  const account = inventory.accounts.find(({ id }) => id === accountId);
  const role = roles[arn];
  const found = role?.ok === true ? role.value : undefined;
  return leftOut(
    subject,
    'other-account',
    `the role of ${nameOf(subject)}, ${arn}, is in account ${accountId}, and Pod Identity takes roles of ${environment.account.id} only`,
    [
      'podlift makes two roles for it: a source role in the cluster’s account, and a target role that EKS chains to. Write the entry below,',
      ...(account === undefined ? [`add account ${accountId} to accounts,`] : []),
      ...(found === undefined
        ? ['give the target the permissions of that role,']
        : ['look through the permissions of the target,']),
      'and let the old role stand until no pod uses it: IRSA goes on with it until the entry has come to dual.',
    ],
    targetSnippet(scene, subject, reference, account, found),
  );
};
