import type { Problem } from '../inventory/Finding';
import { QUOTAS, type Quota, type QuotaName } from './quotas';

/**
 * The problem of an exceeded quota; none within the quota.
 *
 * @param path the place in the inventory
 * @param whose describes what was counted
 * @param hint a better fix than the one of the quota, where the caller knows what is too much
 */
export function exceeded(
  name: QuotaName,
  count: number,
  limit: number,
  path: string,
  whose: string,
  hint?: string,
): Problem[] {
  if (count <= limit) return [];
  const quota: Quota = QUOTAS[name];
  return [
    {
      severity: 'error',
      rule: 'quota',
      path,
      message: `${count} ${quota.what} (${whose}) exceed the quota of ${limit}`,
      hint: hint ?? HINTS[name] ?? raiseHint(name, quota),
    },
  ];
}

/** Better fixes than raising the quota. */
const HINTS: Partial<Record<QuotaName, string>> = {
  trustPolicyLength:
    'Have AWS raise the quota (8192 at most), and write quotas: { trustPolicyLength: … } in the environment. Or shorten the policy: give each cluster a workload of its own, or remove kept statements that nobody needs.',
  inlinePolicyLength: 'Move statements into a managed policy, and list it under managedPolicies.',
};

function raiseHint(name: QuotaName, { most }: Quota): string {
  return most === undefined
    ? 'Reduce the number: AWS cannot raise this quota.'
    : `Reduce the number. Or have AWS raise the quota (${most} at most), and write quotas: { ${name}: … } in the environment.`;
}
