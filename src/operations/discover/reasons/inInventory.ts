import { roleArn } from '../../../blueprint/arns';
import { STAGE_TABLE } from '../../../blueprint/stageTable';
import { parseRoleArn } from '../../../iam/Arn';
import { annotate, restartAndWait, run } from '../../remedies';
import { type FoundCluster, type FoundServiceAccount, nameOf } from '../FoundCluster';
import { leave, type LeftOut } from '../LeftOut';

/** The inventory has it: its entry is not touched. An annotation that names another role than the entry's still has to be changed. */
export function inInventory(account: FoundServiceAccount, { environment, cluster }: FoundCluster): LeftOut | undefined {
  const { known, annotation, pods } = account;
  if (known === undefined) return undefined;
  const { key, role } = known;
  const own = roleArn(environment.partition, environment.account.id, role.path, role.name);
  const message = `the inventory has it as workload "${key}"`;
  if (annotation === undefined || annotation === own)
    return { ...leave(account, 'in-inventory', message), agrees: true };
  const differs = `${message}, and its annotation names another role: ${JSON.stringify(annotation)}`;
  if (!STAGE_TABLE[known.stage].annotation)
    return leave(
      account,
      'in-inventory',
      differs,
      'Apply the entry. Then restart the pods, and check that they use the new role:',
      ...restartAndWait(cluster, pods),
      run`npx podlift doctor ${key} --environment ${environment.key}`,
      'Only then remove the annotation, where the service account is created (Helm values, GitOps) or with this command:',
      annotate(cluster, account, undefined),
    );
  if (parseRoleArn(annotation)?.accountId !== environment.account.id)
    return leave(
      account,
      'in-inventory',
      differs,
      `Leave the annotation: ${own} has other permissions. Write a target with \`via: association\` and \`stage: pod-identity\` into the entry.`,
    );
  return leave(
    account,
    'in-inventory',
    differs,
    `Apply the entry. When ${own} exists, let the annotation name it, where the service account is created (Helm values, GitOps) or with this command, and restart the pods:`,
    annotate(cluster, account, own),
    ...restartAndWait(cluster, pods),
  );
}

/** Every key that the entry would get is taken. */
export function keyTaken(account: FoundServiceAccount): LeftOut | undefined {
  if (account.entryKey.free) return undefined;
  return leave(account, 'key-taken', `every key for its entry is taken, the last one is ${account.entryKey.key}`);
}

/** A role belongs to one workload of one inventory. */
export function roleTaken(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn: arn, role } = account;
  const { inventory, environment, cluster } = found;
  const name = parseRoleArn(arn)?.name.toLowerCase();
  for (const { key, account: of, workloads, released = [] } of inventory.environments) {
    for (const workload of [...workloads, ...released]) {
      const roles = [{ account: of, role: workload.role }, ...workload.targets];
      const has = roles.some(
        (one) => one.account.id === environment.account.id && one.role.name.toLowerCase() === name,
      );
      if (!has) continue;
      const message = `${arn} is the role of workload "${workload.key}" in ${key}`;
      const { namespace, serviceAccount } = workload;
      const isSame = key === environment.key && nameOf(account) === `${namespace}/${serviceAccount.name}`;
      return isSame
        ? leave(
            account,
            'role-taken',
            message,
            `It is the same service account on another cluster: add ${cluster.key} to workloads.${workload.key}.clusters.`,
            `If the workload has keepTrust, remove the statement that names the OIDC provider of ${cluster.name}: podlift writes that statement itself then.`,
          )
        : leave(
            account,
            'role-taken',
            message,
            `Give ${nameOf(account)} a role of its own, or make one workload of both.`,
          );
    }
  }
  const maker = role?.facts.tags['podlift:workload'];
  if (maker === undefined) return undefined;
  return leave(
    account,
    'made-by-podlift',
    `${arn} has the tags of podlift: it is workload ${JSON.stringify(maker)} of another inventory, or of an entry that was removed from this one`,
  );
}
