import type { Problem } from '../inventory/Finding';
import { QUOTAS, type Quota, type QuotaName } from './quotas';

/** The problem of a quota that is passed, none where it holds. `whose` says in words what was counted, `path` where in the inventory. */
export function exceeded(name: QuotaName, count: number, limit: number, path: string, whose: string): Problem[] {
  if (count <= limit) return [];
  const quota: Quota = QUOTAS[name];
  return [
    {
      severity: 'error',
      rule: 'quota',
      path,
      message: `${count} ${quota.what} (${whose}), the quota is ${limit}`,
      hint: HINTS[name] ?? raiseHint(name, quota),
    },
  ];
}

/** The way out where raising the quota is not the first thought. */
const HINTS: Partial<Record<QuotaName, string>> = {
  trustPolicyLength:
    'Split the workload by cluster, or have the quota raised (8192 at most) and state it as quotas: { trustPolicyLength: … } in the environment.',
  inlinePolicyLength: 'Move statements into a managed policy and name it under managedPolicies.',
};

function raiseHint(name: QuotaName, { most }: Quota): string {
  return most === undefined
    ? 'This quota is fixed: have fewer.'
    : `Have fewer, or have the quota raised (${most} at most) and state it as quotas: { ${name}: … } in the environment.`;
}
