import { existedBefore, isPast } from '../../Inventory';
import { type CompareRule, matched } from '../compare';

/**
 * podlift adopts a role at its stage in AWS. At a later stage the first apply could take the role from running pods without a gate.
 */
export const adoptedAhead: CompareRule = {
  name: 'adopted-ahead',
  what: 'A new entry with a role that exists (`adopt`, or `manage: external`) starts at `irsa`, or at the stage in `found`.',
  example: 'workload "external-dns" is new in prod, adopts role prod-external-dns-irsa, and is at pod-identity',
  *check(comparison) {
    const { environments, isRenamed } = comparison;
    for (const head of comparison.head.environments) {
      if (isRenamed(head)) continue;
      const base = environments.kept.find((kept) => kept.head === head)?.base;
      // podlift does not manage released workloads: managing one again is a new entry.
      for (const workload of matched(base?.workloads ?? [], head.workloads).added) {
        const { key, role, stage, found, wave } = workload;
        if (isRenamed(workload) || !existedBefore(workload) || !isPast(stage, 'irsa') || found === stage) continue;
        yield {
          path: ['workloads', key, ...(wave === undefined ? ['stage'] : ['wave'])],
          message:
            `workload "${key}" is new in ${head.key}, ${role.adopt ? 'adopts' : 'has the external'} role ${role.name}, and is at ${stage}` +
            (found === undefined ? '' : `, but found is ${found}`),
          hint: `Write stage: irsa with because, or use a wave at irsa. Only if the role is at ${stage} in AWS, write found: ${stage}, as \`podlift discover\` does. At ${stage} the apply removes what earlier stages need.`,
        };
      }
    }
  },
};
