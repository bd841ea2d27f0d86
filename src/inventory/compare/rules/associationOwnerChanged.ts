import { associationImport, isPast, subjectName, subjectsOn } from '../../Inventory';
import type { CompareRule, KeptWorkload } from '../compare';

/** Associations change hands: from podlift to another tool or back. EKS has one association for a service account. */
export const associationOwnerChanged: CompareRule = {
  name: 'association-owner-changed',
  severities: ['error', 'warning'],
  what: 'Associations that podlift takes from another tool are imported (`role.imports.associations`) from `dual` on. Those that another tool takes are forgotten, and nothing is destroyed.',
  example: 'podlift takes the association of shop/api on main from ACK, and does not import it: the apply would fail',
  *check({ workloads }) {
    for (const { base, head, environment, released } of workloads) {
      const [from, to] = [base.associationOwner, head.associationOwner];
      if (released || from === to) continue;
      const whose = `the associations of workload "${head.key}" in ${environment.head.key}`;
      const path = ['workloads', head.key];
      if (to !== undefined) {
        yield {
          severity: 'warning',
          path: [...path, 'association'],
          message:
            from === undefined
              ? `${whose} go from podlift to ${to}: the next apply forgets them, and destroys nothing`
              : `${whose} go from ${from} to ${to}: the two tools must not both have them`,
          hint: `${from === undefined ? 'Apply first. Read in the plan: "will no longer be managed by Terraform, but will not be destroyed".' : `First remove the objects of ${from}, with the attribute that retains the association.`} Then print the objects that adopt the associations: npx podlift association ${head.key} --environment ${environment.head.key}`,
        };
        continue;
      }
      const missing = notImported({ head, environment });
      if (missing.length > 0)
        yield {
          path: [...path, 'role', 'imports'],
          message: `podlift takes the association of ${missing.join(', ')} from ${from ?? ''}, and does not import it: the apply would fail (ResourceInUseException)`,
          hint: 'Write the id of each association into role.imports.associations, by the key of its cluster: { main: a-… }. First remove the object of the other tool, with the attribute that retains the association.',
        };
      else
        yield {
          severity: 'warning',
          path,
          message: `podlift takes ${whose} from ${from ?? ''}`,
          hint: 'First remove the object of the other tool, with the attribute that retains the association: otherwise the tool changes or removes what podlift manages.',
        };
    }
  },
};

/** The places with an association that podlift is to manage, and would create. */
function notImported({ head, environment }: Pick<KeptWorkload, 'head' | 'environment'>): readonly string[] {
  if (!isPast(head.stage, 'prepared')) return [];
  return environment.head.clusters.flatMap((cluster) =>
    subjectsOn(head, cluster)
      .filter((subject) => associationImport(head, subject, cluster) === undefined)
      .map((subject) => `${subjectName(subject)} on ${cluster.key}`),
  );
}
