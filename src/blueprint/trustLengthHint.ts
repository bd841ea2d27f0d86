import type { Environment, Workload, WorkloadRoleSettings } from '../inventory/Inventory';
import { QUOTAS } from './quotas';
import { subjectBoxes } from './subjectBoxes';

/** IAM takes any number; a round one is easier to ask for. */
const ROUND = 1024;

/**
 * How a trust policy comes below its quota. What makes this one long decides: service accounts, clusters, or statements that people wrote.
 *
 * @param length the characters that the policy needs
 * @param kept whether the policy has statements of people
 */
export function trustLengthHint(
  length: number,
  { clusters: all }: Environment,
  workload: Workload,
  kept: boolean,
): string {
  const { most } = QUOTAS.trustPolicyLength;
  const wanted = Math.min(Math.ceil(length / ROUND) * ROUND, most);
  const shorter = shorterBy(
    workload,
    all.filter(({ key }) =>
      [...workload.subjects, ...(workload.patterns ?? [])].some((one) => one.clusters.includes(key)),
    ),
    kept,
  );
  if (length > most) return `AWS raises this quota to ${most} at most. Shorten the policy: ${shorter}`;
  return `Have AWS raise the quota to ${wanted} or more (${most} at most), and write quotas: { trustPolicyLength: ${wanted} } in the environment. Or shorten the policy: ${shorter}`;
}

/** Whether people wrote statements of the trust policy of a role. */
export function keepsStatements(
  role: Partial<Pick<WorkloadRoleSettings, 'keepTrust' | 'adoptedTrust'>> | undefined,
): boolean {
  return (role?.keepTrust ?? role?.adoptedTrust) !== undefined;
}

function shorterBy(workload: Workload, clusters: Environment['clusters'], kept: boolean): string {
  const accounts = workload.subjects.filter(({ isExpanded }) => isExpanded !== true).length;
  const groups = subjectBoxes(workload, clusters).length;
  const ways = [
    ...(accounts > 1 ? ['give some service accounts a role of their own'] : []),
    ...(clusters.length > 1 ? ['give each cluster a workload of its own'] : []),
    ...(kept ? ['remove kept statements that nobody needs'] : []),
  ];
  const why = [
    ...(groups > 1 && accounts > 1
      ? [
          `From prepared on, the ${accounts} service accounts need ${groups} statements for Pod Identity: only those with the same namespace, or the same name, share a statement.`,
        ]
      : []),
    ...(accounts > 1 ? ['docs/MIGRATION.md has the steps to a role of their own.'] : []),
  ];
  return [`${OR.format(ways.length === 0 ? ['use fewer or shorter patterns and conditions'] : ways)}.`, ...why].join(
    ' ',
  );
}

const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' });
