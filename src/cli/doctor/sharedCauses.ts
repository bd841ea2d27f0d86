import type { Diagnosis } from '../../operations/doctor/diagnose';
import type { DoctorFinding } from '../../operations/doctor/DoctorFinding';
import { NOT_JUDGED } from '../../operations/doctor/ownCluster';
import { named } from '../../operations/checks/named';
import { mendText, type Paint, word } from './findingText';

/** Why many questions to one account or cluster have no answer. */
export interface SharedCause {
  /** `apps-prod (333333333333)`, `kubectl --context prod-main`. */
  readonly of: string;
  /** `denied: CredentialsProviderError: …`. */
  readonly found: string;
  readonly findings: readonly DoctorFinding[];
}

/** The causes that more than one finding without an answer has, by `causeOf` of each: missing credentials, a kubeconfig without the context. */
export function sharedCauses(diagnoses: readonly Diagnosis[]): ReadonlyMap<string, SharedCause> {
  const causes = new Map<string, SharedCause>();
  for (const finding of diagnoses.flatMap(({ findings }) => findings)) {
    const key = causeOf(finding);
    if (key === undefined) continue;
    const findings = [...(causes.get(key)?.findings ?? []), finding];
    causes.set(key, { of: placeOf(finding), found: finding.found, findings });
  }
  return new Map([...causes].filter(([, { findings }]) => findings.length > 1));
}

/** By what a finding without an answer is one with others: whom it asked, in whatever region, and what came of it. Nothing for other findings. */
export function causeOf(finding: DoctorFinding): string | undefined {
  const { state, found } = finding;
  return state === 'unknown' && !found.startsWith(NOT_JUDGED) ? JSON.stringify([placeOf(finding), found]) : undefined;
}

/** A cause, told once: how many questions it left without an answer, and what mends them all. */
export function causeText({ of, found, findings }: SharedCause, paint: Paint): string {
  const mends = [...new Set(findings.map((one) => one.mends ?? ''))];
  return [
    `${word('unknown', paint)} ${findings.length} questions to ${of}: ${found}`,
    mendText(mends.length === 1 ? (mends[0] ?? '') : together(mends), paint),
  ].join('\n');
}

/** One sentence of those that differ in the permission, or the region, alone; else the first. */
function together(mends: readonly string[]): string {
  const [first = ''] = mends;
  const asked = mends.flatMap((one) => /may ask (.+?), then/.exec(one)?.[1] ?? []);
  if (asked.length < mends.length) return first;
  return first.replace(/may ask .+?, then/, `may ask ${named([...new Set(asked)])}, then`);
}

/** An account without the region: credentials are of the account. */
function placeOf({ of }: DoctorFinding): string {
  return of.replace(/^(.+ \(\d{12}\)) \S+$/, '$1');
}
