import type { DoctorCheck } from './DoctorCheck';
import type { DoctorFinding } from './DoctorFinding';
import { DOCTOR_TABLE } from './doctorTable';
import { NOT_JUDGED } from './ownCluster';

const AFTER: ReadonlyMap<DoctorCheck, readonly DoctorCheck[]> = new Map(
  DOCTOR_TABLE.map(({ check, after }) => [check, after]),
);

/**
 * Marks findings of a patient that an earlier one explains: those of a check that comes after one with a problem, by the table and what that comes
 * after in turn, what is not judged for want of the right cluster, and what could not be asked of somebody who had not answered before. Findings are in the order of the table.
 */
export function explainLater(findings: readonly DoctorFinding[]): DoctorFinding[] {
  const broken = new Map<DoctorCheck, DoctorCheck>();
  const silent = new Map<string, DoctorCheck>();
  return findings.map((finding) => {
    const { check, state, of } = finding;
    if (state === 'ok') return finding;
    const cause = (AFTER.get(check) ?? []).map((one) => broken.get(one)).find((one) => one !== undefined);
    const heard = state === 'unknown' ? (strange(finding) ?? silent.get(`${of} ${firstWord(finding)}`)) : undefined;
    const follows = cause ?? heard;
    if (state === 'problem') broken.set(check, broken.get(check) ?? cause ?? check);
    if (state === 'unknown' && heard === undefined) silent.set(`${of} ${firstWord(finding)}`, check);
    return follows === undefined || follows === check ? finding : { ...finding, follows };
  });
}

/** What is not judged since it is not known of which cluster it is. */
function strange({ found }: DoctorFinding): DoctorCheck | undefined {
  return found.startsWith(NOT_JUDGED) ? 'cluster' : undefined;
}

/** Why there is no answer: `denied`, `unreachable`. */
function firstWord({ found }: DoctorFinding): string {
  return /^\w+/.exec(found)?.[0] ?? '';
}
