import { roleReference } from '../roleReference';
import type { Decision } from '../Scene';
import { leftOut, nameOf, roleOf } from '../Subject';

/** A role belongs to one workload of the inventory. */
export const takenRole: Decision = (subject, { inventory, environment, cluster, roles }) => {
  const arn = roleOf(subject) ?? '';
  const name = roleReference(arn)?.name.toLowerCase();
  for (const { key, account, workloads, released = [] } of inventory.environments) {
    for (const workload of [...workloads, ...released]) {
      const roleNames = [
        ...(account.id === environment.account.id ? [workload.role.name] : []),
        ...workload.targets.flatMap((target) =>
          target.account.id === environment.account.id ? [target.role.name] : [],
        ),
      ];
      if (!roleNames.some((one) => one.toLowerCase() === name)) continue;
      const same =
        key === environment.key &&
        workload.namespace === subject.namespace &&
        workload.serviceAccount.name === subject.name;
      return leftOut(
        subject,
        'role-taken',
        `${arn} is the role of workload "${workload.key}" in ${key}`,
        same
          ? [
              `It is the same service account on another cluster: add ${cluster.key} to workloads.${workload.key}.clusters.`,
              `Where that workload has keepTrust: take out the statement that names the OIDC provider of ${cluster.name}, which podlift writes itself then.`,
            ]
          : `Give ${nameOf(subject)} a role of its own, or make the two one workload. Then run discover again.`,
      );
    }
  }
  const role = roles[arn];
  const maker = role?.ok === true ? role.value?.facts.tags['podlift:workload'] : undefined;
  if (maker === undefined) return undefined;
  return leftOut(
    subject,
    'made-by-podlift',
    `${arn} has podlift's tags: it is workload ${JSON.stringify(maker)} of another inventory, or of an entry that is gone from this one`,
    'Keep it in one inventory only: write its entry back, or release it in the other one (released: true, then apply) and remove its podlift: tags. Then run discover again.',
  );
};
