import { roleArn } from '../../../blueprint/arns';
import type { PolicyDocument } from '../../../iam/PolicyDocument';
import { annotateCommand } from '../../evidence/annotateCommand';
import { shellWord } from '../../../estate/shellWord';
import { restartSteps } from '../../evidence/restartCommands';
import { labelOf } from '../freeKey';
import type { Scene } from '../Scene';
import { nameOf, type Subject } from '../Subject';
import { valueOfRole } from '../valueOfRole';
import { withCredentials } from '../withCredentials';

/**
 * How a user of a shared role that has an association gets a copy of the role, with its policies, boundary and session duration; the
 * commands can be pasted in order.
 */
export function copyRole(scene: Scene, user: Subject, trust: PolicyDocument | undefined): readonly string[] {
  const { cluster, environment } = scene;
  const role = valueOfRole(user, scene);
  if (role?.policies.ok !== true || role.policies.value === undefined || trust === undefined) return [];
  const { attached, inline } = role.policies.value;
  const { permissionsBoundary, maxSessionDuration } = role.facts;
  const name = labelOf(environment.key, user.namespace, user.name);
  const arn = roleArn(environment.partition, environment.account.id, '/', name);
  const json = (document: PolicyDocument) => shellWord(JSON.stringify(document));
  const boundary = permissionsBoundary === undefined ? '' : ` --permissions-boundary ${shellWord(permissionsBoundary)}`;
  return [
    `- ${nameOf(user)} has an association: copy the role for it, let the association name the copy, then restart its pods.`,
    ...withCredentials(environment.account, [
      `aws iam create-role --role-name ${name} --max-session-duration ${maxSessionDuration}${boundary} --assume-role-policy-document ${json(trust)}`,
      ...attached.map((policy) => `aws iam attach-role-policy --role-name ${name} --policy-arn ${shellWord(policy)}`),
      ...Object.entries(inline).map(
        ([policy, document]) =>
          `aws iam put-role-policy --role-name ${name} --policy-name ${shellWord(policy)} --policy-document ${json(document)}`,
      ),
      `aws eks update-pod-identity-association --cluster-name ${shellWord(cluster.name)} --region ${cluster.region} --association-id ${user.association?.id ?? ''} --role-arn ${arn}`,
    ]),
    ...(user.annotation === undefined ? [] : [annotateCommand(cluster, user, arn)]),
    ...restartSteps(cluster, user.pods),
  ];
}
