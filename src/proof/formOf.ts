import type { Environment, Permissions, PermissionStatement, Workload } from '../inventory/Inventory';

/**
 * The form of a workload: all that its documents are made of but its names. Workloads of one form compile to documents that differ in
 * those names alone, and names are labels without wildcards which the documents compare whole: what is proved of one holds for all.
 * Nothing where people's own words could tell names apart: a kept or adopted trust statement, an inline policy of people's, a permission
 * that speaks of STS or of any service, a tag that is named like a session tag.
 */
export function formOf(environment: Environment, workload: Workload): string | undefined {
  const { role, permissions, targets, wave, stage, compute, sessionTags, clusters } = workload;
  const statements = [permissions, ...targets.map((target) => target.permissions)].flatMap((one) => one.statements);
  if (role.keepTrust !== undefined || role.adoptedTrust !== undefined || statements.some(speaksOfSts)) return undefined;
  if ([permissions, ...targets.map((target) => target.permissions)].some(hasOwnDocuments)) return undefined;
  if (Object.keys(role.tags).some((tag) => SESSION_TAG.test(tag))) return undefined;
  if (Object.keys(environment.tags).some((tag) => SESSION_TAG.test(tag))) return undefined;
  return JSON.stringify([
    environment.key,
    [wave, stage, compute, sessionTags, clusters],
    [role.path, role.adopt],
    targets.map(({ account, via, role: { path } }) => [account, via, path]),
    // Whether there is an inline policy at all.
    statements.length > 0,
  ]);
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html; tag keys are compared without regard to case. */
const SESSION_TAG = /^(eks|kubernetes)-/i;

function speaksOfSts({ actions, effect }: PermissionStatement): boolean {
  return effect === 'Deny' || actions.some((action) => /^(sts:|[^:]*[*?])/i.test(action));
}

function hasOwnDocuments({ inlinePolicies }: Permissions): boolean {
  return Object.keys(inlinePolicies).length > 0;
}
