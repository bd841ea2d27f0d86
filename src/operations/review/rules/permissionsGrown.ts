import { isDeepStrictEqual } from 'node:util';
import { compileWorkload } from '../../../blueprint/compileWorkload';
import type { Role } from '../../../blueprint/Blueprint';
import { compilePattern, patternsMeet } from '../../../iam/matchPattern';
import { listOf, type PolicyDocument, type Statement } from '../../../iam/PolicyDocument';
import { notCovered } from '../../../iam/sameMeaning';
import type { Segments } from '../../../inventory/Finding';
import type { Permissions } from '../../../inventory/Inventory';
import { statementPath } from '../../../inventory/permissionPath';
import { elementsOf, type Grant, type ReviewFinding, type ReviewRule, type ReviewedWorkload } from '../Review';

/** Whether a role may do more is evaluated: other spelling, order or splitting of the same permissions is no finding. */
export const permissionsGrown: ReviewRule = {
  name: 'permissions-grown',
  severities: ['warning'],
  what: 'No role may do more than before: no new action, resource, wildcard or managed policy. No condition or `Deny` is removed. All permissions of a new role are new.',
  example: 'the role of workload "orders-api" in prod may do more: s3:DeleteObject on arn:aws:s3:::acme/*',
  *check(workloads) {
    for (const reviewed of workloads) {
      const { environment, workload, before } = reviewed;
      const now = compileWorkload(environment, workload);
      const then = before && compileWorkload(before.environment.base, before.base);
      const whose = `workload "${workload.key}" in ${environment.key}`;
      yield* grown(reviewed, { now: now.role, then: then?.role, permissions: workload.permissions, path: [] }, whose);
      for (const target of workload.targets) {
        const role = now.targetRoles.find((one) => one.target === target.key);
        if (role === undefined) continue;
        const earlier = then?.targetRoles.find((one) => one.target === target.key);
        const parts = { now: role, then: earlier, permissions: target.permissions, path: ['targets', target.key] };
        yield* grown(reviewed, parts, `target "${target.key}" of ${whose}`, target.key);
      }
    }
  },
};

/** A role in both versions, and where its permissions are written. */
interface Versions {
  readonly now: Role;
  readonly then: Role | undefined;
  readonly permissions: Permissions;
  readonly path: Segments;
}

/** A grant, and the place of what gives it below the workload. */
interface PlacedGrant {
  readonly grant: Pick<Grant, 'kind' | 'actions' | 'resources' | 'conditions'>;
  readonly path: Segments;
}

function* grown(
  { environment, workload }: ReviewedWorkload,
  versions: Versions,
  whose: string,
  target?: string,
): Generator<ReviewFinding> {
  const { now, then, path } = versions;
  // Most roles do not change, and evaluation takes milliseconds a role.
  if (isDeepStrictEqual([documentsOf(now), now.managedPolicies], [documentsOf(then), then?.managedPolicies])) return;
  const found = [...grownStatements(versions), ...grownPolicies(versions), ...lostDenials(versions)];
  const [first] = found;
  if (first === undefined) return;
  const grants = found.map(({ grant }) => ({
    ...grant,
    environment: environment.key,
    workload: workload.key,
    ...(target !== undefined && { target }),
    who: `role ${now.name}`,
  }));
  const texts = grants.map(grantText);
  const more = texts.length > SHOWN ? `, and ${texts.length - SHOWN} more` : '';
  yield {
    path: ['workloads', workload.key, ...path, ...first.path],
    message: `the role of ${whose} ${then === undefined ? 'is new, and may do' : 'may do more'}: ${texts.slice(0, SHOWN).join('; ')}${more}`,
    hint: 'Have a reviewer confirm that the workload needs it. `podlift check` lists everything that the change allows.',
    grants,
  };
}

/** How many grants a message has. The table has all of them. */
const SHOWN = 3;

function grantText({ kind, actions, resources }: Grant): string {
  if (kind === 'administrator') return 'every action on every resource (administrator access)';
  if (kind === 'managed-policy') return `what ${resources.join(', ')} allows, whose document podlift does not know`;
  const what = `${actions.join(', ')} on ${resources.join(', ')}`;
  return kind === 'denial' ? `what was denied: ${what}` : what;
}

const EVERYTHING: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html */
const ADMINISTRATOR = /^arn:[\w-]+:iam::aws:policy\/AdministratorAccess$/;

function documentsOf(role: Role | undefined): readonly PolicyDocument[] {
  if (role === undefined) return [];
  const own = role.inline === undefined ? [] : [role.inline];
  const known = role.managedPolicies.some((arn) => ADMINISTRATOR.test(arn)) ? [documentOf(EVERYTHING)] : [];
  return [...own, ...role.inlinePolicies.map(({ document }) => document), ...known];
}

function documentOf(...Statement: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

/** The documents with the statements of one effect, all as `Allow`, so that they can be compared with each other. */
function withEffect(documents: readonly PolicyDocument[], effect: Statement['Effect']): readonly PolicyDocument[] {
  return documents.map((document) => ({
    ...document,
    Statement: listOf(document.Statement)
      .filter(({ Effect }) => Effect === effect)
      .map((statement) => ({ ...statement, Effect: 'Allow' as const })),
  }));
}

/** What needs no further permission: what the role was allowed before, and what its own `Deny` statements deny now. */
function settled({ now, then }: Versions): readonly PolicyDocument[] {
  return [...withEffect(documentsOf(then), 'Allow'), ...withEffect(documentsOf(now), 'Deny')];
}

/** The statements that allow more, each with its place. Those of targets follow from the targets. */
function* grownStatements(versions: Versions): Generator<PlacedGrant> {
  const { now, then, permissions } = versions;
  const before = withEffect(documentsOf(then), 'Allow');
  const covered = settled(versions);
  // Each statement is compared by itself below, so that its place is known: not where nothing is new.
  if (notCovered(withEffect(documentsOf(now), 'Allow'), covered).length === 0) return;
  const written = listOf(now.inline?.Statement ?? []).map((statement, index) => ({
    document: documentOf(statement),
    path: index < permissions.statements.length ? ['permissions', ...statementPath(permissions, index)] : ['targets'],
  }));
  const kept = now.inlinePolicies.flatMap(({ name, document }) =>
    listOf(document.Statement).map((statement) => ({
      document: { ...document, Statement: [statement] },
      path: ['permissions', 'inlinePolicies', name],
    })),
  );
  for (const { document, path } of [...written, ...kept])
    for (const statement of notCovered(withEffect([document], 'Allow'), covered))
      yield { grant: { kind: kindOf(statement, document, before), ...elementsOf(statement) }, path };
}

function kindOf(statement: Statement, { Version }: PolicyDocument, before: readonly PolicyDocument[]): Grant['kind'] {
  const { actions, resources } = elementsOf(statement);
  const onEverything = statement.Resource === undefined || resources.some(isEverything);
  if (statement.Action !== undefined && onEverything && actions.some((action) => /^[*:]+$/.test(action)))
    return 'administrator';
  if (statement.Action === undefined || onEverything || actions.some((action) => /[*?]/.test(action)))
    return 'wildcard';
  const statements = before.flatMap((document) => listOf(document.Statement));
  if (!statements.some((other) => actionsMeet(statement, other))) return 'actions';
  const bare = { ...(Version !== undefined && { Version }), Statement: [withoutCondition(statement)] };
  const others = before.map((document) => ({
    ...document,
    Statement: listOf(document.Statement).map(withoutCondition),
  }));
  return notCovered([bare], others).length === 0 ? 'conditions' : 'resources';
}

function withoutCondition({ Condition, ...statement }: Statement): Statement {
  return statement;
}

/** `*`, and an ARN of wildcards only, apart from its partition and its service. */
function isEverything(resource: string): boolean {
  return /^\*+$/.test(resource) || /^arn:[^:]+:[^:]+:[*?]*:[*?]*:[*?/:]+$/.test(resource);
}

/** Whether some action belongs to both statements. */
function actionsMeet(one: Statement, other: Statement): boolean {
  if (one.Action === undefined || other.Action === undefined) return true;
  const patterns = [one.Action, other.Action].map((actions) =>
    listOf(actions).map((action) => compilePattern(action.toLowerCase())),
  );
  const [these = [], those = []] = patterns;
  return these.some((pattern) => those.some((wide) => patternsMeet(pattern, wide)));
}

/** Managed policies that the role did not have, unless it was allowed everything that they can contain. */
function* grownPolicies(versions: Versions): Generator<PlacedGrant> {
  const { now, then } = versions;
  const couldGrow = notCovered([documentOf(EVERYTHING)], settled(versions)).length > 0;
  for (const [index, arn] of now.managedPolicies.entries()) {
    if (then?.managedPolicies.includes(arn) === true || !couldGrow) continue;
    const path = ['permissions', 'managedPolicies', index];
    yield ADMINISTRATOR.test(arn)
      ? { grant: { kind: 'administrator', ...elementsOf(EVERYTHING) }, path }
      : { grant: { kind: 'managed-policy', actions: [], resources: [arn] }, path };
  }
}

/** What a `Deny` denied before and none denies now, if the role may do any of its actions. */
function* lostDenials({ now, then }: Versions): Generator<PlacedGrant> {
  const lost = notCovered(withEffect(documentsOf(then), 'Deny'), withEffect(documentsOf(now), 'Deny'));
  const allowed = withEffect(documentsOf(now), 'Allow').flatMap((document) => listOf(document.Statement));
  for (const statement of lost)
    if (now.managedPolicies.length > 0 || allowed.some((other) => actionsMeet(statement, other)))
      yield { grant: { kind: 'denial', ...elementsOf(statement) }, path: ['permissions'] };
}
