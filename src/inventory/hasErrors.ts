import type { Finding } from './Finding';

/** True when at least one finding is an error: the run stops then; warnings alone do not stop it. */
export function hasErrors(findings: readonly Pick<Finding, 'severity'>[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
