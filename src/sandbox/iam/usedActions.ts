import { matchAction } from '../../iam/matchStatement';
import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import type { SandboxState, UsedAction } from '../api/SandboxState';

/** The actions that the sessions of a role have tried. */
export function useOf({ used }: Pick<SandboxState, 'used'>, roleId: string): readonly UsedAction[] {
  return [...(used.get(roleId)?.values() ?? [])];
}

/** Remembers that a session of a role tried an action; an earlier attempt does not replace a later one. */
export function rememberUse({ used }: Pick<SandboxState, 'used'>, roleId: string, use: UsedAction): void {
  const actions = used.get(roleId) ?? new Map<string, UsedAction>();
  const before = actions.get(use.action);
  if (before === undefined || before.at < use.at) actions.set(use.action, use);
  used.set(roleId, actions);
}

/**
 * Actions whose use IAM tracks one by one, of services that workloads use. It is a part of AWS's list. IAM tracks no data events such as `s3:GetObject` and
 * `sqs:SendMessage`, and neither `iam:PassRole`, `sts:TagSession` nor `sts:SetSourceIdentity`.
 * Source: `SupportedBy["IAM Action Last Accessed"]` of https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html, read on
 * 2026-11-28; https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html
 */
const TRACKED: readonly string[] = [
  'iam:GetRole',
  'iam:GetUser',
  'iam:ListRoles',
  'lambda:ListFunctions',
  'route53:ChangeResourceRecordSets',
  'route53:ListHostedZones',
  'route53:ListResourceRecordSets',
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:GetCallerIdentity',
];

/** Services whose actions a pattern without a service, such as `*`, allows: those of the list, and some whose actions are not tracked. */
const SERVICES = [...new Set([...TRACKED.map(serviceOf), 'ec2', 's3', 'sqs'])].toSorted();

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

/**
 * The services that identity policies may allow, sorted. A whole service that is denied without conditions is not among them.
 * Source: captures of radkawar/stackd, docs/iam-last-access.md (2026-09-11)
 */
export function allowedServices(documents: readonly PolicyDocument[]): readonly string[] {
  const statements = documents.flatMap(({ Statement }) => listOf(Statement));
  const allows = statements.filter(({ Effect }) => Effect === 'Allow');
  const named = allows.flatMap(({ Action = [] }) =>
    listOf(Action).flatMap((action) => /^[a-z0-9-]+(?=:)/i.exec(action)?.[0].toLowerCase() ?? []),
  );
  const byPattern = SERVICES.filter((service) => allows.some((one) => allowsAll(one, service)));
  return [...new Set([...named, ...byPattern])].filter((service) => !isDenied(statements, service)).toSorted();
}

/** By `*`, or by a `NotAction` that leaves it in. */
function allowsAll(statement: Statement, service: string): boolean {
  return matchAction(statement, `${service}:some-action-without-a-name`);
}

function isDenied(statements: readonly Statement[], service: string): boolean {
  return statements.some(
    ({ Effect, Action = [], Resource, Condition }) =>
      Effect === 'Deny' &&
      Condition === undefined &&
      listOf(Resource ?? []).includes('*') &&
      listOf(Action).some((action) => action === '*' || action.toLowerCase() === `${service}:*`),
  );
}

/** The actions of a service that IAM tracks and that identity policies may allow. The never-used ones are among them. */
export function trackedActions(service: string, documents: readonly PolicyDocument[]): readonly string[] {
  const allows = documents.flatMap(({ Statement }) => listOf(Statement)).filter(({ Effect }) => Effect === 'Allow');
  return TRACKED.filter(
    (action) => serviceOf(action) === service && allows.some((one) => matchAction(one, action.toLowerCase())),
  );
}
