import { roleArn } from '../../../blueprint/arns';
import { roleName } from '../../../inventory/resolve/roleName';
import { identityStackName, targetsStackName } from '../../../inventory/stackNames';
import { annotateCommand } from '../../evidence/annotateCommand';
import { applyCommands } from '../../evidence/applyCommands';
import { named } from '../../checks/named';
import { shellWord } from '../../../estate/shellWord';
import { restartSteps } from '../../evidence/restartCommands';
import { snippetKey } from '../entryKeys';
import { labelOf } from '../freeKey';
import { computeOf } from '../podsOf';
import { type RoleReference, roleReference } from '../roleReference';
import type { Decision, Scene } from '../Scene';
import { targetSnippet, type TargetPlace } from '../snippets';
import { leftOut, nameOf, roleOf, type Subject } from '../Subject';
import { accountOf, accountText, withCredentials } from '../withCredentials';

/**
 * Pod Identity takes roles of the cluster's own account only, so that no stage before `pod-identity` fits: a source role that is made for it has
 * no permissions by IRSA. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export const otherAccount: Decision = (subject, scene) => {
  const { environment, inventory, roles } = scene;
  const reference = roleReference(roleOf(subject) ?? '');
  if (reference === undefined || reference.accountId === environment.account.id) return undefined;
  const { accountId, arn } = reference;
  const answer = roles[arn];
  // One that is gone is no matter of accounts.
  if (answer?.ok === true && answer.value === undefined) return undefined;
  const found = answer?.ok === true ? answer.value : undefined;
  const leave = (hint: string | readonly string[], snippet?: string) =>
    leftOut(
      subject,
      'other-account',
      `the role of ${nameOf(subject)}, ${arn}, is in account ${accountId}, and Pod Identity takes roles of ${environment.account.id} only`,
      hint,
      snippet,
    );
  const { stuck, compute } = computeOf(subject, scene.nodes);
  if (stuck.length > 0)
    return leave(
      `${named(stuck)} run on ${compute ?? 'Fargate'}, where there is no agent: leave it on IRSA, without an entry, or move its pods to Linux nodes and run discover again.`,
    );
  const known = inventory.accounts.find(({ id }) => id === accountId);
  const account = known?.key ?? `account-${accountId}`;
  const place: TargetPlace = {
    key: snippetKey(scene, subject),
    target: labelOf(account),
    account,
    ...(known === undefined && { id: accountId }),
  };
  return leave(
    steps(scene, subject, reference, place, found !== undefined),
    targetSnippet(scene, subject, place, found),
  );
};

/** How its pods get to the new roles, step by step; each step leaves those that it does not name as they are. */
function steps(
  scene: Scene,
  subject: Subject,
  reference: RoleReference,
  { key, target, account }: TargetPlace,
  known: boolean,
): readonly string[] {
  const { environment, inventory, cluster } = scene;
  const old = accountOf(inventory, reference.accountId);
  const name = shellWord(reference.name);
  const targets = targetsStackName(environment.key, account);
  const identity = identityStackName(environment.key);
  const targetArn = roleArn(
    environment.partition,
    reference.accountId,
    environment.role.path ?? '/',
    roleName(environment.key, key, target),
  );
  const service = `--cluster-name ${shellWord(cluster.name)} --region ${cluster.region}`;
  return [
    `podlift makes two roles for it: a source role in ${accountText(environment.account)}, and a target role in ${accountText(old)} to which EKS chains.`,
    'This is one step for new pods, without a wave and its gates: its SDK has to know Pod Identity (docs/MIGRATION.md), and nothing asks for it but doctor.',
    ...(cluster.autoMode || cluster.agent !== undefined
      ? []
      : [`- First the agent: write environments.${environment.key}.clusters.${cluster.key}.agent.`]),
    ...(known
      ? ['- Write the entry below, at pod-identity from the start; the target has the permissions of the old role.']
      : [
          `- The old role could not be read, so that nobody knows whether it lets ${nameOf(subject)} in: mend that (the account in accounts, with its readRole or deployRole) and run discover again. By hand: see that its trust names this service account, whose annotation anybody may have written, then write its permissions into the entry below:`,
          ...withCredentials(old, [
            `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument`,
            `aws iam list-attached-role-policies --role-name ${name}`,
            `aws iam list-role-policies --role-name ${name}`,
          ]),
        ]),
    '- Make the target role:',
    ...applyCommands([targets]),
    `- Let whoever names ${reference.arn} (policies of buckets, keys and queues, trusts of other roles) name ${targetArn} too.`,
    '- Make the source role and the association. Leave the annotation: for pods that start from now on the association wins, running ones go on with IRSA and the old role.',
    `npx cdktf plan ${identity}`,
    `npx cdktf apply ${targets} ${identity}`,
    '- Restart its pods, and see that they hold the target role; doctor and drift name the annotation until it is gone:',
    ...restartSteps(cluster, subject.pods),
    `npx podlift doctor ${key} --environment ${environment.key}`,
    '- Take the annotation away where the service account is made (Helm values, GitOps), or as here:',
    annotateCommand(cluster, subject, undefined),
    '- Retire the old role where it was made, when nothing uses it any more:',
    ...withCredentials(old, [`aws iam get-role --role-name ${name} --query Role.RoleLastUsed`]),
    '- The way back, while the annotation and the old role are there: delete the association, restart the pods, then remove the entry and apply. `podlift check` asks for --allow-removal, since the two roles are destroyed.',
    ...withCredentials(environment.account, [
      `aws eks delete-pod-identity-association ${service} --association-id "$(aws eks list-pod-identity-associations ${service} --namespace ${shellWord(subject.namespace)} --service-account ${shellWord(subject.name)} --query 'associations[0].associationId' --output text)"`,
    ]),
    ...restartSteps(cluster, subject.pods),
  ];
}
