import { roleArn } from '../../../blueprint/arns';
import { STAGE_TABLE } from '../../../blueprint/stageTable';
import { annotateCommand } from '../../evidence/annotateCommand';
import { restartSteps } from '../../evidence/restartCommands';
import { knownWorkload } from '../knownWorkload';
import { roleReference } from '../roleReference';
import type { Decision } from '../Scene';
import { leftOut, nameOf } from '../Subject';

/** Entries that exist are never touched; an annotation that names another role than the entry's is what is still to be done. */
export const alreadyThere: Decision = (subject, scene) => {
  const known = knownWorkload(subject, scene);
  if (known === undefined) return undefined;
  const { environment, cluster } = scene;
  const { annotation } = subject;
  const own = roleArn(environment.partition, environment.account.id, known.role.path, known.role.name);
  const leave = (message: string, hint: string | readonly string[]) =>
    leftOut(subject, 'in-inventory', `${nameOf(subject)} is workload "${known.key}"${message}`, hint);
  if (annotation === undefined || annotation === own) return { ...leave('', 'Nothing is to be done.'), agrees: true };
  const restart = restartSteps(cluster, subject.pods);
  const message = `, and its annotation names another role, ${annotation}`;
  if (STAGE_TABLE[known.stage].annotation && roleReference(annotation)?.accountId !== environment.account.id)
    return leave(
      message,
      `Leave the annotation: ${own} would have other permissions. Write a target with \`via: association\` and \`stage: pod-identity\` into the entry (docs/DISCOVER.md).`,
    );
  return leave(
    message,
    STAGE_TABLE[known.stage].annotation
      ? [
          `When ${own} is there (the entry is applied), name it where the service account is made (Helm values, GitOps), or as here, and restart its pods:`,
          annotateCommand(cluster, subject, own),
          ...restart,
        ]
      : [
          'When the entry is applied, restart its pods and check that they hold the new role; then remove the annotation where the service account is made, or as here:',
          ...restart,
          `npx podlift doctor ${known.key} --environment ${environment.key}`,
          annotateCommand(cluster, subject, undefined),
        ],
  );
};
