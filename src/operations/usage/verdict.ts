import type { LastAccessedFacts, UnusedFindingFacts } from '../../estate/aws/AwsPort';
import { matchAction } from '../../iam/matchStatement';
import { matchingActions } from '../../inventory/iamCatalogue';

/** What AWS says of the use of one action of a policy, or of a pattern for actions. */
export type Verdict =
  /** Tried in the window, also if it was denied. */
  | 'used'
  /** AWS tracks the action, and it was not tried in the window. */
  | 'unused'
  /** No API call reached the service in the window, whatever the action. */
  | 'service-unused'
  /** The service is used, and AWS does not track the action: nothing is known. */
  | 'not-tracked'
  /** A pattern that also stands for actions that are used or not tracked. */
  | 'pattern'
  /** The use of the action is not visible, or the inventory promises it: it stays whatever AWS says. */
  | 'needed'
  /** An analyzer found it unused, and somebody archived the finding. */
  | 'archived'
  /** AWS did not say. */
  | 'unknown';

/** What is known of the use of a role. */
export interface Evidence {
  /** Absent: IAM's report could not be read. */
  readonly report?: LastAccessedFacts;
  readonly findings: readonly UnusedFindingFacts[];
  /** The start of the window, ISO 8601. */
  readonly since: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** ISO 8601. Absent: not known, or never. */
  readonly lastAccessed?: string;
  /** Of a pattern: the actions behind it that AWS tracks and that were not tried. */
  readonly unused?: readonly string[];
}

/** Verdicts after which an action can go. */
export const REMOVABLE: ReadonlySet<Verdict> = new Set(['unused', 'service-unused']);

/**
 * Actions that AWS needs and does not report, or that the inventory promises: hops with session tags, roles that services get, and keys that other services use in the
 * name of the role. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html (iam:PassRole is not tracked)
 */
const NEEDED = /^(sts:|kms:|eks-auth:|iam:passrole$|iam:createservicelinkedrole$)/;

/**
 * Judges an action, or a pattern for actions, of an `Allow` statement. Only what AWS lists is judged: an action that is not in its report can be used every minute, such as
 * `s3:GetObject`.
 */
export function judgeAction(action: string, evidence: Evidence): Judgement {
  const name = action.toLowerCase();
  if (NEEDED.test(name)) return { verdict: 'needed' };
  const service = name.slice(0, Math.max(0, name.indexOf(':')));
  if (service === '' || /[*?]/.test(service)) return { verdict: 'pattern' };
  const byReport = judgeByReport(action, service, evidence);
  if (byReport.verdict === 'used' || REMOVABLE.has(byReport.verdict))
    return isArchived(name, service, evidence) && byReport.verdict !== 'used'
      ? { ...byReport, verdict: 'archived' }
      : byReport;
  return judgeByFindings(name, service, evidence) ?? byReport;
}

function judgeByReport(action: string, service: string, { report, since }: Evidence): Judgement {
  const found = report?.services.find((one) => one.service.toLowerCase() === service);
  // A service that no identity policy allows is not in the report: a Deny, or a policy of which the report does not know yet.
  if (found === undefined) return { verdict: 'unknown' };
  if (!isSince(found.lastAccessed, since))
    return { verdict: 'service-unused', ...(found.lastAccessed && { lastAccessed: found.lastAccessed }) };
  const tracked = found.tracked.filter((one) => matchAction(ACTION(action), one.action.toLowerCase()));
  const unused = tracked.filter(({ lastAccessed }) => !isSince(lastAccessed, since));
  if (/[*?]/.test(action)) {
    const known = new Set(tracked.map((one) => one.action.toLowerCase()));
    const all = matchingActions(action).map((one) => `${service}:${one.name}`.toLowerCase());
    const isWhole = all.length > 0 && all.every((one) => known.has(one)) && unused.length === tracked.length;
    return { verdict: isWhole ? 'unused' : 'pattern', unused: unused.map((one) => one.action) };
  }
  const [own] = tracked;
  if (own === undefined) return { verdict: 'not-tracked' };
  const last = own.lastAccessed === undefined ? {} : { lastAccessed: own.lastAccessed };
  return { verdict: unused.length > 0 ? 'unused' : 'used', ...last };
}

const ACTION = (Action: string) => ({ Effect: 'Allow', Action }) as const;

function isSince(time: string | undefined, since: string): boolean {
  return time !== undefined && Date.parse(time) >= Date.parse(since);
}

/** What analyzers say where IAM's report does not: exact actions only. */
function judgeByFindings(name: string, service: string, { findings }: Evidence): Judgement | undefined {
  const [found] = findings.filter((finding) => isFound(name, service, finding));
  if (found === undefined) return undefined;
  if (found.findingStatus === 'ARCHIVED') return { verdict: 'archived' };
  const whole = found.services.some((one) => one.service === service && one.unused === undefined);
  return { verdict: whole ? 'service-unused' : 'unused' };
}

function isFound(name: string, service: string, { services }: UnusedFindingFacts): boolean {
  return services.some(
    (one) =>
      one.service === service &&
      (one.unused === undefined || one.unused.some((action) => action.toLowerCase() === name)),
  );
}

function isArchived(name: string, service: string, { findings }: Evidence): boolean {
  return findings.some((finding) => finding.findingStatus === 'ARCHIVED' && isFound(name, service, finding));
}
