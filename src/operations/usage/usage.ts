import { compileWorkload } from '../../blueprint/compileWorkload';
import type { Role } from '../../blueprint/Blueprint';
import { ask, type Ask, atTimeOf, openQuestions, settle } from '../../estate/ask';
import type { AnalyzerFacts, Answer, LastAccessedFacts, RoleFacts, UnusedFindingFacts } from '../../estate/aws/AwsPort';
import type { Estate } from '../../estate/Estate';
import { type Places, questionText } from '../../estate/places';
import type { Question, QuestionOf } from '../../estate/questions';
import { listOf, type PolicyDocument } from '../../iam/PolicyDocument';
import type { Account, Environment, Inventory, Workload } from '../../inventory/Inventory';
import { mightAllow } from '../../iam/mightAllow';
import { accessChecks } from '../guardrails/accessChecks';
import { noAnswerText } from '../remedies';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import { type Evidence, judgeAction, type Judgement, REMOVABLE } from './verdict';

/** Of which roles the use is asked for. */
export interface UsageRequest {
  /** Keys. */
  readonly environments: readonly string[];
  /** The length of the window. */
  readonly days: number;
}

/**
 * What can be said of a role. `judged`: each action has a verdict that counts. `young`: observed for less than 30 days. `moving`: its workload is between IRSA and Pod Identity, so a
 * path may not have been used yet. `external`: its owner decides. `missing`: there is no such role. `unread`: AWS did not answer. `not-tracked`: AWS tracks no
 * use in this partition.
 */
export type UsageState = 'judged' | 'young' | 'moving' | 'external' | 'missing' | 'unread' | 'not-tracked';

/** An action of a policy of the inventory, and what AWS says of its use. */
export interface PermissionUse extends Judgement {
  /** The name of the inline policy; `podlift`: the statements of `permissions`. */
  readonly policy: string;
  /** Counted from 0. */
  readonly statement: number;
  readonly action: string;
}

/** A statement that allows more than a pod should have. */
export interface PermissiveStatement {
  /** The name of an inline policy, or the ARN of a managed one. */
  readonly policy: string;
  readonly statement: number;
  /** `administration`, `any-role`: see `podlift guardrails`; `not-action`: it allows everything but a list. */
  readonly reason: string;
}

/** A managed policy of a role: podlift does not rewrite it. */
export interface ManagedUse {
  readonly arn: string;
  /** Services that it allows and that the role did not use in the window. */
  readonly unusedServices: readonly string[];
  /** All of its services are unused. Absent: its document could not be read. */
  readonly unused?: boolean;
}

/** A question that AWS did not answer. */
export interface Unread {
  /** `iam:GenerateServiceLastAccessedDetails arn:…`. */
  readonly asked: string;
  /** The account and the region. */
  readonly of: string;
  /** `denied`, `throttled`, `unreachable`, `timeout`, `failed` or `not-asked`. */
  readonly reason: string;
  readonly message: string;
}

/** The use of the permissions of one role. */
export interface RoleUsage {
  readonly environment: string;
  readonly workload: string;
  readonly target?: string;
  /** ARN. */
  readonly role: string;
  readonly state: UsageState;
  readonly createdAt?: string;
  readonly lastUsed?: string;
  /** How many days of use are known, at most those of the window. */
  readonly observedDays: number;
  readonly analyzers: readonly AnalyzerFacts[];
  readonly permissions: readonly PermissionUse[];
  readonly managed: readonly ManagedUse[];
  readonly permissive: readonly PermissiveStatement[];
  readonly unread: readonly Unread[];
}

/** Below this AWS has seen too little: a job that runs once a month is not unused. */
export const LEAST_DAYS = 30;

const DAY = 86_400_000;

/** A role of a workload, with what the inventory gives it. */
interface RoleOf {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly target?: string;
  readonly role: Role;
  readonly account: Account;
}

/** The questions about all roles of the workloads, also in their other environments: they have the same statements of the inventory. */
export function usageQuestions(inventory: Inventory, request: UsageRequest): (estate: Estate) => readonly Question[] {
  const asks = atTimeOf(() => rolesOf(inventory, request).map((one) => evidenceOf(one)));
  return (estate) => asks(estate).flatMap((one) => openQuestions(one, estate));
}

/** The use of the permissions of each role of the workloads of an environment, in all environments of these workloads. Pure. */
export function usage(
  inventory: Inventory,
  request: UsageRequest,
  estate: Estate,
  places: Places,
): readonly RoleUsage[] {
  return rolesOf(inventory, request).map((one) =>
    judge(one, settle(evidenceOf(one), estate).value, { at: estate.at, days: request.days, places }),
  );
}

function rolesOf({ environments }: Inventory, request: UsageRequest): readonly RoleOf[] {
  const asked = environments.filter(({ key }) => request.environments.includes(key));
  const keys = new Set(asked.flatMap(({ workloads }) => workloads.map(({ key }) => key)));
  return environments.flatMap((environment) =>
    environment.workloads
      .filter(({ key }) => keys.has(key))
      .flatMap((workload): readonly RoleOf[] => {
        const { role, targetRoles } = compileWorkload(environment, workload);
        const of = { environment, workload };
        return [
          { ...of, role, account: environment.account },
          ...targetRoles.map((one) => ({ ...of, role: one, account: one.account, target: one.target })),
        ];
      }),
  );
}

interface Found {
  readonly role: Answer<RoleFacts | undefined>;
  readonly last: Answer<LastAccessedFacts | undefined>;
  readonly managed: readonly Answer<PolicyDocument | undefined>[];
  readonly analyzers: readonly AnalyzerFacts[];
  readonly findings: readonly UnusedFindingFacts[];
  readonly noAnswers: readonly { readonly question: Question; readonly answer: Answer<unknown> }[];
}

/** The regions of the home of IAM, by partition. An analyzer of unused access finds the same in any region, and stands in one. */
const HOME: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** All that AWS says of the use of a role. */
function evidenceOf({ environment, role, account }: RoleOf): Ask<Found> {
  const roleQuestion = { ask: 'role', account: account.id, name: role.name } as const;
  const lastQuestion = { ask: 'lastAccessed', account: account.id, arn: role.arn } as const;
  const managed = role.managedPolicies.map((arn) => ({ ask: 'managedPolicy', account: account.id, arn }) as const);
  const regions = new Set([
    environment.region,
    ...environment.clusters.map(({ region }) => region),
    HOME[environment.partition] ?? 'us-east-1',
  ]);
  const accounts = new Set([account.id, environment.account.id]);
  const analyzers = [...accounts].flatMap((id) =>
    [...regions].map((region) => ({ ask: 'analyzers', account: id, region }) as const),
  );
  return ask([roleQuestion, lastQuestion], (foundRole, last) =>
    ask(managed as readonly QuestionOf<'managedPolicy'>[], (...documents) =>
      ask(analyzers as readonly QuestionOf<'analyzers'>[], (...lists) => {
        const listed = lists.flatMap((list, index) => {
          const { account: owner = '', region = '' } = analyzers[index] ?? {};
          const all: readonly AnalyzerFacts[] = list.ok ? list.value : [];
          return all
            .filter(({ analyzerType }) => owner === account.id || analyzerType.startsWith('ORGANIZATION'))
            .map((analyzer) => ({ analyzer, owner, region }));
        });
        const questions = listed.map(({ analyzer, owner, region }): QuestionOf<'unusedFindings'> => ({
          ...{ ask: 'unusedFindings', account: owner, region, analyzer: analyzer.arn, role: role.arn },
        }));
        return ask(questions as readonly QuestionOf<'unusedFindings'>[], (...findings): Found => {
          const all = [roleQuestion, lastQuestion, ...managed, ...analyzers, ...questions];
          const answers: readonly Answer<unknown>[] = [foundRole, last, ...documents, ...lists, ...findings];
          return {
            role: foundRole,
            last,
            managed: documents,
            analyzers: listed.map(({ analyzer }) => analyzer),
            findings: findings.flatMap((list) => (list.ok ? list.value : [])),
            noAnswers: answers.flatMap((answer, index) => {
              const question = all[index];
              return answer.ok || question === undefined ? [] : [{ question, answer }];
            }),
          };
        });
      }),
    ),
  );
}

function judge(
  one: RoleOf,
  found: Found,
  { at, days, places }: { readonly at: string; readonly days: number; readonly places: Places },
): RoleUsage {
  const { environment, workload, target, role } = one;
  const facts = found.role.ok ? found.role.value : undefined;
  const report = found.last.ok ? found.last.value : undefined;
  const age = facts?.createdAt === undefined ? 0 : Math.floor((Date.parse(at) - Date.parse(facts.createdAt)) / DAY);
  const observedDays = Math.max(0, Math.min(days, age));
  const since = new Date(Date.parse(at) - days * DAY).toISOString();
  const evidence: Evidence = { ...(report && { report }), findings: found.findings, since };
  return {
    environment: environment.key,
    workload: workload.key,
    ...(target === undefined ? {} : { target }),
    role: role.arn,
    state: stateOf(one, found, observedDays),
    ...(facts?.createdAt === undefined ? {} : { createdAt: facts.createdAt }),
    ...(facts?.lastUsed === undefined ? {} : { lastUsed: facts.lastUsed }),
    observedDays,
    analyzers: found.analyzers,
    permissions: documentsOf(one).flatMap(({ name, document }) => permissionsOf(name, document, evidence)),
    managed: role.managedPolicies.map((arn, index) => managedUse(arn, found.managed[index], evidence)),
    permissive: permissiveOf(one, found),
    unread: found.noAnswers.flatMap(({ question, answer }) =>
      answer.ok
        ? []
        : [
            {
              ...questionText(question, places),
              reason: answer.why,
              message: noAnswerText({ noAnswer: question, answer }, places).found,
            },
          ],
    ),
  };
}

function stateOf({ environment, role, workload }: RoleOf, found: Found, observedDays: number): UsageState {
  if (role.manage === 'external') return 'external';
  // The table of regions has none of China. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
  if (environment.partition === 'aws-cn') return 'not-tracked';
  if (!found.role.ok) return 'unread';
  if (found.role.value === undefined) return 'missing';
  if (!found.last.ok && found.analyzers.length === 0) return 'unread';
  if (found.last.ok && found.last.value === undefined) return 'missing';
  if (observedDays < LEAST_DAYS) return 'young';
  return ['prepared', 'dual', 'cutover'].includes(workload.stage) ? 'moving' : 'judged';
}

/** The documents of the inventory, without podlift's own statement for hops: the inventory has no action of it. */
function documentsOf({
  role,
  workload,
  target,
}: RoleOf): readonly { readonly name: string; readonly document: PolicyDocument }[] {
  const written = target === undefined ? workload : workload.targets.find(({ key }) => key === target);
  const count = written?.permissions.statements.length ?? 0;
  const own = role.inline && { ...role.inline, Statement: listOf(role.inline.Statement).slice(0, count) };
  return [...(own === undefined ? [] : [{ name: INLINE_POLICY, document: own }]), ...role.inlinePolicies];
}

function permissionsOf(policy: string, document: PolicyDocument, evidence: Evidence): readonly PermissionUse[] {
  return listOf(document.Statement).flatMap(({ Effect, Action }, statement) =>
    Effect === 'Deny' || Action === undefined
      ? []
      : listOf(Action).map((action) => ({ policy, statement, action, ...judgeAction(action, evidence) })),
  );
}

function managedUse(
  arn: string,
  document: Answer<PolicyDocument | undefined> | undefined,
  evidence: Evidence,
): ManagedUse {
  if (document?.ok !== true || document.value === undefined) return { arn, unusedServices: [] };
  const actions = permissionsOf(arn, document.value, evidence);
  const hasNotAction = listOf(document.value.Statement).some(({ NotAction }) => NotAction !== undefined);
  const unused = actions.filter(({ verdict }) => verdict === 'service-unused');
  return {
    arn,
    unusedServices: [...new Set(unused.map(({ action }) => action.slice(0, action.indexOf(':'))))],
    unused: !hasNotAction && actions.length > 0 && actions.every(({ verdict }) => REMOVABLE.has(verdict)),
  };
}

function permissiveOf(one: RoleOf, found: Found): readonly PermissiveStatement[] {
  const checks = accessChecks([one.role]);
  const managed = one.role.managedPolicies.flatMap((name, index) => {
    const document = found.managed[index];
    return document?.ok === true && document.value !== undefined ? [{ name, document: document.value }] : [];
  });
  return [...documentsOf(one), ...managed].flatMap(({ name, document }) => [
    ...checks.flatMap(({ name: reason, access }) =>
      mightAllow(document, access).map(({ index }) => ({ policy: name, statement: index, reason })),
    ),
    ...listOf(document.Statement).flatMap(({ Effect, NotAction }, statement) =>
      Effect === 'Allow' && NotAction !== undefined ? [{ policy: name, statement, reason: 'not-action' }] : [],
    ),
  ]);
}
