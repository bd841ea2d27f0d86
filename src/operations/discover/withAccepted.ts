import type { Failure } from '../../proof/Proof';
import type { Proposal, ProposedWorkload } from './Proposal';
import { wordsOf } from './sameWords';

/**
 * A proposal that says of each workload whom the proof found let in besides it, where its entry says that they may be: by adopted trust,
 * unless that is said already, and by kept statements that name the whole account.
 */
export function withAccepted(proposal: Proposal, accepted: readonly Failure[]): Proposal {
  return {
    ...proposal,
    workloads: proposal.workloads.map((workload) => {
      const found = accepted.filter((one) => one.workload === workload.key && !isSaid(workload, one)).map(textOf);
      if (found.length === 0) return workload;
      const texts = [...(workload.weak === undefined ? [] : [workload.weak]), ...found];
      return { ...workload, weak: [...new Set(texts)].join('; ') };
    }),
  };
}

/** What adopted statements let in is said where they were split off; what kept ones let in is not. */
function isSaid({ weak, entry }: ProposedWorkload, { decidedBy }: Failure): boolean {
  if (weak === undefined || decidedBy === undefined) return false;
  const words = wordsOf(decidedBy.statement);
  return !(entry.role?.keepTrust ?? []).some((statement) => wordsOf(statement) === words);
}

function textOf({ who, what, also = [] }: Failure): string {
  return `${who} ${what}${also.length > 0 ? `, and so do ${also.join(', ')}` : ''}`;
}
