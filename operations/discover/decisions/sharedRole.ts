import { roleArn } from '../../../blueprint/arns';
import { identityStackName } from '../../../inventory/stackNames';
import { roleName } from '../../../inventory/resolve/roleName';
import { applyCommands } from '../../evidence/applyCommands';
import { named } from '../../evidence/named';
import { kubectlPlace } from '../../evidence/places';
import { restartCommands } from '../../evidence/restartCommands';
import { shellWord } from '../../evidence/shellWord';
import { labelOf } from '../freeKey';
import { roleReference } from '../roleReference';
import type { Decision, Scene } from '../Scene';
import { splitSnippet } from '../snippets';
import { splitKey } from './splitKey';
import { leftOut, nameOf, roleOf, type Subject } from '../Subject';

/** A workload has a role of its own; a shared one is split, and each service account keeps its permissions. */
export const sharedRole: Decision = (subject, scene) => {
  const arn = roleOf(subject) ?? '';
  const users = scene.users.get(arn) ?? [];
  if (users.length < 2) return undefined;
  return leftOut(
    subject,
    'shared-role',
    `${arn} is shared by ${named(users.map(nameOf), 8)}`,
    splitSteps(scene, arn, users),
    splitSnippet(
      scene,
      users.slice(1).filter(({ association }) => association === undefined),
    ),
  );
};

/** How a role is split, step by step: the first of its users keeps it. */
function splitSteps(scene: Scene, arn: string, users: readonly Subject[]): readonly string[] {
  const [keeper, ...others] = users;
  const byAnnotation = others.filter(({ association }) => association === undefined);
  const byAssociation = others.filter(({ association }) => association !== undefined);
  const name = shellWord(roleReference(arn)?.name ?? arn);
  return [
    `Split it; ${keeper === undefined ? 'one' : nameOf(keeper)} keeps the role:`,
    ...(byAnnotation.length > 0
      ? [
          '- Write the entries below: podlift makes a role of its own, with the same permissions, for each of the others.',
          ...applyCommands([identityStackName(scene.environment.key)]),
          '- Point each service account to its own role where it is made (Helm values, GitOps, or as here), then restart its pods:',
          ...byAnnotation.flatMap((user) => [annotate(scene, user), ...restartCommands(scene.cluster, user.pods)]),
        ]
      : []),
    ...byAssociation.flatMap((user) => copy(scene, user, name)),
    `- Take their subjects (system:serviceaccount:<namespace>:<name>) out of the trust policy of ${name}:`,
    `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument > trust.json`,
    `aws iam update-assume-role-policy --role-name ${name} --policy-document file://trust.json`,
    '- Run discover again: it finds the role with one user.',
  ];
}

function annotate({ cluster, environment }: Scene, user: Subject): string {
  const role = roleArn(
    environment.partition,
    environment.account.id,
    environment.role.path ?? '/',
    roleName(environment.key, splitKey(user)),
  );
  return `${kubectlPlace(cluster)} annotate serviceaccount ${shellWord(user.name)} -n ${shellWord(user.namespace)} --overwrite eks.amazonaws.com/role-arn=${shellWord(role)}`;
}

function copy({ cluster }: Scene, user: Subject, name: string): readonly string[] {
  const own = shellWord(labelOf(user.namespace, user.name));
  return [
    `- ${nameOf(user)} has an association: copy the role for it (trust, attached and inline policies), and let the association name the copy:`,
    `aws iam create-role --role-name ${own} --assume-role-policy-document "$(aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument --output json)"`,
    `aws iam list-attached-role-policies --role-name ${name}   # and attach-role-policy for each; list-role-policies, put-role-policy`,
    `aws eks update-pod-identity-association --cluster-name ${shellWord(cluster.name)} --region ${cluster.region} --association-id ${user.association?.id ?? ''} --role-arn "$(aws iam get-role --role-name ${own} --query Role.Arn --output text)"`,
  ];
}
