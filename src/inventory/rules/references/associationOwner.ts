import { subjectName, subjectsOn } from '../../Inventory';
import { mergeOverrides } from '../../resolve/mergeOverrides';
import type { Rule } from '../Rule';

/** podlift never writes an association of another tool, so that it has nothing to import, and an add-on of EKS writes its own. */
export const associationOwner: Rule = {
  name: 'association-owner',
  what: '`association: { manage: external }` says by `as` which tool owns the associations. `role.imports` lists none of them, and no add-on owns one.',
  example: 'association.manage is external, and as is missing',
  *check({ placed, written }) {
    for (const { workload, environment, clusters, at } of placed) {
      const entry = written.workloads[workload.key];
      const { manage = 'podlift', as } =
        (entry && mergeOverrides(entry, entry.overrides?.[environment.key]).association) ?? {};
      if (manage === 'external' && as === undefined)
        yield {
          path: at('association'),
          message: `the associations of workload "${workload.key}" are of another tool, and \`as\` does not say of which`,
          hint: 'Write association: { manage: external, as: ack }, or as: crossplane, as: cloudformation.',
        };
      if (workload.associationOwner === undefined) continue;
      if (Object.keys(workload.role.imports.associations).length > 0)
        yield {
          path: at('role', 'imports', 'associations'),
          message: `imports lists associations of workload "${workload.key}", and another tool owns them: podlift imports nothing`,
          hint: 'Remove role.imports.associations.',
          at: 'key',
        };
      for (const cluster of clusters)
        for (const { name, serviceAccounts } of cluster.addons) {
          const owned = subjectsOn(workload, cluster).find((one) => serviceAccounts[one.name] === workload.key);
          if (owned === undefined) continue;
          yield {
            path: at('association'),
            message: `add-on ${name} of cluster "${cluster.key}" owns the association of ${subjectName(owned)}`,
            hint: `Remove association from the workload: EKS writes the association with the add-on.`,
          };
        }
    }
  },
};
