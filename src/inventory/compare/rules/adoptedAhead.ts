import { isPast } from '../../resolve/isPast';
import { matched } from '../compare';
import type { CompareRule } from '../CompareRule';
import { renamedEnvironments, renamedWorkloads } from '../renames';

/**
 * A role that exists is adopted at the stage at which it stands in AWS. Past that stage the first apply would take from running pods
 * what no gate has checked.
 */
export const adoptedAhead: CompareRule = {
  name: 'adopted-ahead',
  severities: ['error'],
  what: 'A new entry that adopts a role starts at `irsa`, or at the stage that it says was `found` in AWS.',
  example: 'workload "external-dns" is new in prod, adopts role prod-external-dns-irsa, and is at pod-identity',
  *check(comparison) {
    const { environments } = comparison;
    const moved = new Set(renamedEnvironments(comparison).map(({ to }) => to));
    const renamed = new Set(renamedWorkloads(comparison).map(({ to }) => to));
    for (const head of comparison.head.environments) {
      if (moved.has(head)) continue;
      const base = environments.kept.find((kept) => kept.head === head)?.base;
      // What was released before is not podlift's any more: taking it back is a new entry.
      for (const workload of matched(base?.workloads ?? [], head.workloads).added) {
        const { key, role, stage, found, wave } = workload;
        if (renamed.has(workload) || !role.adopt || !isPast(stage, 'irsa') || found === stage) continue;
        yield {
          path: ['workloads', key, ...(wave === undefined ? ['stage'] : ['wave'])],
          message:
            `workload "${key}" is new in ${head.key}, adopts role ${role.name}, and is at ${stage}` +
            (found === undefined ? '' : `, but found says ${found}`),
          hint: `Write stage: irsa with because, or use a wave at irsa. Only if the role is at ${stage} in AWS, write found: ${stage}, as \`podlift discover\` does: at ${stage} the apply removes what earlier stages need.`,
        };
      }
    }
  },
};
