import type { AdoptionMismatch } from '../../comparison/adoption';
import type { Remedy } from '../../estate/Remedy';
import type { Stage, Workload } from '../../inventory/Inventory';
import { say } from '../remedies';

/** What the stage of an entry that adopts a role is claimed to be, where the role is, and how the entry is corrected. */
export function adoptionText(
  { key, stage, found }: Pick<Workload, 'key' | 'stage' | 'found'>,
  { what, standing: { stages } }: AdoptionMismatch,
): { readonly claimed: string; readonly there: string; readonly remedy: Remedy } {
  const [at] = stages;
  return {
    claimed: what === 'found' ? `found: ${found ?? stage}` : `stage ${stage}`,
    there: at === undefined ? 'at no stage of podlift' : `at ${stages.join(' or ')}`,
    remedy: [say('Do not apply: running pods would lose the role.'), say(correction(key, at, found !== undefined))],
  };
}

function correction(key: string, at: Stage | undefined, hasFound: boolean): string {
  if (at === undefined)
    return `Compare the trust policy of the role, and its associations on each cluster, with the stage table of docs/MIGRATION.md. First bring workloads.${key} to one stage on all of its clusters.`;
  if (at !== 'irsa') return `Put workloads.${key} into a wave that is at ${at}, and write found: ${at}.`;
  return `Put workloads.${key} into a wave that is at irsa, or write stage: irsa with because${hasFound ? ', and remove found' : ''}.`;
}
