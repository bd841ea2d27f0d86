import { comparePermissions } from '../../comparison/role';
import { ask, need } from '../../estate/ask';
import { aws, named } from '../remedies';
import { applyStage, type CheckFunction, fail, neverApplied, pass, problem, removeImport } from './Check';

/** The role has the policies that the inventory says, and any at all. What the documents allow is asked with `--action`. */
export const permissions: CheckFunction = (subject) => {
  const { parts, workload, environment, questions } = subject;
  const { role } = parts;
  return need([questions.policies], (found) => {
    if (found === undefined) return [];
    const missing = comparePermissions(role, found).filter(({ what }) => what === 'missing');
    const attached = missing.flatMap((one) => (one.of === 'managed-policy' ? [one.arn] : []));
    const inline = missing.flatMap((one) => (one.of === 'inline-policy' ? [one.name] : []));
    const counts = [found.attached.length, Object.keys(found.inline).length] as const;
    if (missing.length === 0 && counts[0] + counts[1] === 0)
      return fail(
        'warning',
        'the role has no policy: AWS denies every request',
        `Write what the workload needs into workloads.${workload.key}.permissions, then apply.`,
      );
    if (missing.length === 0)
      return pass(`${counts[0]} attached and ${counts[1]} inline policies, including those of the inventory`);
    return ask([questions.policies, questions.role], (_, live) => {
      const remedy = (gone: readonly string[], from: 'managedPolicies' | 'inlinePolicies') => {
        const due = neverApplied(live) ? gone.filter((one) => role.imports[from].includes(one)) : [];
        return due.length > 0 ? removeImport(subject, named(due), `role.imports.${from}`) : applyStage(subject);
      };
      if (attached.length > 0) return problem(`not attached: ${named(attached)}`, remedy(attached, 'managedPolicies'));
      const inspect = aws(environment.account)`iam list-role-policies --role-name ${role.name}`;
      return problem(`missing inline policies: ${named(inline)}`, remedy(inline, 'inlinePolicies'), { inspect });
    });
  });
};
