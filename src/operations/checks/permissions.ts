import { comparePermissions } from '../../comparison/permissions';
import { ask, need } from '../../estate/ask';
import type { Remedy } from '../../estate/Remedy';
import { aws, say } from '../remedies';
import { applyStage, neverApplied, removeImport } from './applying';
import { type CheckFunction, fail, pass } from './Check';
import { named } from './named';
import { policiesQuestion, roleQuestion } from './rolePermissions';

/** The role has the policies that the inventory says, and any at all. What the documents allow is asked with `--action`. */
export const permissions: CheckFunction = (subject) => {
  const { parts, workload, environment } = subject;
  const { role } = parts;
  const policies = policiesQuestion(environment.account, role.name);
  return [
    need([policies], (found) => {
      if (found === undefined) return [];
      const missing = comparePermissions(role, found).filter(({ what }) => what === 'missing');
      const attached = missing.flatMap((one) => (one.of === 'managed-policy' ? [one.arn] : []));
      const inline = missing.flatMap((one) => (one.of === 'inline-policy' ? [one.name] : []));
      const counts = [found.attached.length, Object.keys(found.inline).length] as const;
      if (missing.length === 0 && counts[0] + counts[1] === 0)
        return [
          fail('warning', 'the role has no policy: AWS denies every request', [
            say(`Write what the workload needs into workloads.${workload.key}.permissions, then apply.`),
          ]),
        ];
      if (missing.length === 0)
        return [pass(`${counts[0]} attached and ${counts[1]} inline policies, including those of the inventory`)];
      return ask([policies, roleQuestion(environment.account, role.name)], (_, live) => {
        const remedy = (gone: readonly string[], from: keyof typeof role.imports): Remedy => {
          const due = neverApplied(live) ? gone.filter((one) => role.imports[from].includes(one)) : [];
          return due.length > 0 ? removeImport(subject, named(due), `role.imports.${from}`) : applyStage(subject);
        };
        if (attached.length > 0)
          return [fail('problem', `not attached: ${named(attached)}`, remedy(attached, 'managedPolicies'))];
        const inspect = aws(environment.account, 'iam', 'list-role-policies', '--role-name', role.name);
        return [
          fail('problem', `missing inline policies: ${named(inline)}`, remedy(inline, 'inlinePolicies'), { inspect }),
        ];
      });
    }),
  ];
};
