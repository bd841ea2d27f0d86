import { INLINE_POLICY } from '../../../blueprint/permissionPolicy';
import { named } from '../../checks/named';
import { shellWord } from '../../../estate/shellWord';
import type { Judge } from '../Judge';
import { neverApplied, outOfImports } from '../imported';
import { applyStage, iamLook, ill, unknown, well } from '../judgement';

/** The role has the policies that the blueprint says, and may do anything at all. What the documents allow is asked with `--action`. */
export const permissions: Judge = (patient, facts) => {
  const { source } = facts;
  if (!source.role.ok || source.role.value === undefined) return [];
  const { role } = patient.parts;
  const name = shellWord(role.name);
  const look = iamLook(patient, `list-attached-role-policies --role-name ${name}`);
  if (!source.permissions.ok) return [unknown(look, 'iam:ListAttachedRolePolicies', source.permissions)];
  const found = source.permissions.value;
  if (found === undefined) return [];
  const lost = role.managedPolicies.filter((arn) => !found.attached.includes(arn));
  const mend = (gone: readonly string[], from: 'managedPolicies' | 'inlinePolicies') => {
    const due = neverApplied(facts) ? gone.filter((one) => role.imports[from].includes(one)) : [];
    return due.length > 0 ? outOfImports(patient, named(due), `role.imports.${from}`) : applyStage(patient);
  };
  if (lost.length > 0) return [ill(look, 'problem', `not attached: ${named(lost)}`, mend(lost, 'managedPolicies'))];
  const inline = iamLook(patient, `list-role-policies --role-name ${name}`);
  const wanted = [
    ...(role.inline === undefined ? [] : [INLINE_POLICY]),
    ...role.inlinePolicies.map((policy) => policy.name),
  ];
  const missing = wanted.filter((policy) => !found.inline.includes(policy));
  if (missing.length > 0)
    return [
      ill(inline, 'problem', `inline policies that are not there: ${named(missing)}`, mend(missing, 'inlinePolicies')),
    ];
  if (found.identity.length === 0)
    return [
      ill(
        look,
        'warning',
        'the role has no policy at all: it may do nothing',
        `Write what it needs into workloads.${patient.workload.key}.permissions, then apply.`,
      ),
    ];
  return [
    well(look, `${found.attached.length} attached and ${found.inline.length} inline, the inventory’s among them`),
  ];
};
