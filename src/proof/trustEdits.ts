import { oidcProviderArn } from '../blueprint/arns';
import { compileWorkload } from '../blueprint/compileWorkload';
import { podOf } from '../blueprint/pods';
import { POD_IDENTITY_SERVICE, serviceAccountSubject, trustStatement } from '../blueprint/sourceTrust';
import type { Access } from '../iam/credentialAccess';
import { sessionTagsOf } from '../iam/credentialRequests';
import type { Decision, FailedCondition, StatementRef } from '../iam/Decision';
import { type ConditionValue, listOf, type OneOrMany, type PolicyDocument } from '../iam/PolicyDocument';
import type { Cluster, Environment, KeptStatement, Subject, Workload } from '../inventory/Inventory';
import type { CredentialMode } from './Proof';

/** The lists of a workload's entry that hold statements of its trust policy. */
type List = 'adoptedTrust.oidc' | 'adoptedTrust.podIdentity' | 'keepTrust';

/** A change of a statement that the inventory holds, after which the trust policy refuses the workload's pods no more for its sake. */
export type TrustEdit = {
  /** The statement in the inventory: `workloads.orders-api.role.keepTrust[0]`. */
  readonly path: string;
} & (
  | {
      /** `add`: to the values of a condition. `remove`: from them. */
      readonly what: 'add' | 'remove';
      readonly operator: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly what: 'action'; readonly action: string }
  /** A further condition, by which a `Deny` excepts the service that assumes the role for pods. */
  | { readonly what: 'condition'; readonly operator: string; readonly key: string; readonly value: string }
  /** Excepts a principal from a `Deny`: into `NotPrincipal`. */
  | { readonly what: 'not-principal'; readonly member: 'Service' | 'Federated'; readonly name: string }
  /** Moves the statement to `keepTrust`, where it stays for others; podlift then writes its own statement for the pods. */
  | { readonly what: 'keep'; readonly to: string }
  /** A `Deny` that only a person can narrow; `values`: what the requests of the pods have. */
  | { readonly what: 'narrow'; readonly values: Readonly<Record<string, string>> }
);

/** Pods that a trust policy of the inventory refuses. */
export interface RefusedPods {
  readonly environment: Environment;
  /** At the stage whose trust policy refuses them. */
  readonly workload: Workload;
  readonly cluster: Pick<Cluster, 'arn' | 'name' | 'oidc'>;
  readonly serviceAccount: Pick<Subject, 'namespace' | 'name'>;
  readonly mode: CredentialMode;
  /** What IAM answers to the pods with a trust policy of the role. */
  readonly access: (trust: PolicyDocument) => Access;
}

/** More statements than these are never in one trust policy: 2,048 characters. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_EDITS = 8;

/**
 * How the entry of a workload has to change so that the trust policy that it compiles to allows the workload's pods; each change is evaluated before it is
 * named. Nothing where the trust policy of the entry does not refuse them: then AWS differs from the inventory. No change takes the role from another caller.
 */
export function trustEdits(refused: RefusedPods): readonly TrustEdit[] {
  const edits: TrustEdit[] = [];
  let { workload } = refused;
  while (edits.length < MOST_EDITS) {
    const access = accessAt(refused, workload);
    if (access.result !== 'denied') break;
    const next = nextEdit(refused, workload, access.denied);
    if (next === undefined) break;
    edits.push(...next.edits);
    if (next.workload === undefined) break;
    workload = next.workload;
  }
  return edits;
}

function accessAt({ environment, access }: RefusedPods, workload: Workload): Access {
  return access(compileWorkload(environment, workload).role.trust);
}

interface Step {
  readonly edits: readonly TrustEdit[];
  /** The workload with the edits; absent: a person has to make them. */
  readonly workload?: Workload;
}

interface Written {
  readonly list: List;
  readonly index: number;
  readonly statement: KeptStatement;
}

function writtenIn({ role: { adoptedTrust, keepTrust } }: Workload): readonly Written[] {
  const of = (list: List, statements: readonly KeptStatement[] = []) =>
    statements.map((statement, index) => ({ list, index, statement }));
  return [
    ...of('adoptedTrust.oidc', adoptedTrust?.oidc),
    ...of('adoptedTrust.podIdentity', adoptedTrust?.podIdentity),
    ...of('keepTrust', keepTrust),
  ];
}

function pathOf({ key }: Workload, { list, index }: Pick<Written, 'list' | 'index'>): string {
  return `workloads.${key}.role.${list}[${index}]`;
}

function nextEdit(refused: RefusedPods, workload: Workload, denied: readonly Decision[]): Step | undefined {
  const deny = denied.find(({ reason }) => reason === 'explicit deny')?.decidedBy;
  return deny === undefined ? allowing(refused, workload, denied) : withoutDeny(refused, workload, deny);
}

/** Where the inventory has a statement of a trust policy. Compiling keeps the order of its keys. */
function writtenAs(workload: Workload, { statement }: StatementRef): Written | undefined {
  const text = JSON.stringify(statement);
  return writtenIn(workload).find((one) => JSON.stringify(trustStatement(one.statement)) === text);
}

/** Narrows a `Deny`, so that it excepts the pods and still denies all others that it denied. */
function withoutDeny(refused: RefusedPods, workload: Workload, deny: StatementRef): Step | undefined {
  const found = writtenAs(workload, deny);
  if (found === undefined) return undefined;
  const path = pathOf(workload, found);
  const values = requestOf(refused);
  for (const [edit, statement] of exceptions(refused, found.statement, values)) {
    const changed = withStatement(workload, found, statement);
    const access = accessAt(refused, changed);
    const still =
      access.result === 'denied' &&
      access.denied.some(
        ({ decidedBy }) => decidedBy !== undefined && writtenAs(changed, decidedBy)?.index === found.index,
      );
    if (!still) return { edits: [{ path, ...edit }], workload: changed };
  }
  return { edits: [{ path, what: 'narrow', values }] };
}

type Unplaced = TrustEdit extends infer Edit ? (Edit extends TrustEdit ? Omit<Edit, 'path'> : never) : never;

/** Ways to except the pods from a `Deny`, the smallest first. */
function exceptions(
  { mode, cluster, environment }: RefusedPods,
  statement: KeptStatement,
  values: Readonly<Record<string, string>>,
): readonly (readonly [Unplaced, KeptStatement])[] {
  const ofConditions = conditionsOf(statement).flatMap(
    ({ operator, key, wanted }): readonly (readonly [Unplaced, KeptStatement])[] => {
      const value = Object.entries(values).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
      if (value === undefined) return [];
      if (NEGATED.test(operator) && !wanted.includes(value))
        return [
          [{ what: 'add', operator, key, value }, withValues(statement, operator, key, [...wanted, value])] as const,
        ];
      const others = wanted.filter((one) => one !== value);
      // Without any value, IAM would refuse the condition; and without the condition, the Deny would be for everyone.
      if (!EQUALS.test(operator) || others.length === wanted.length || others.length === 0) return [];
      return [[{ what: 'remove', operator, key, value }, withValues(statement, operator, key, others)] as const];
    },
  );
  const { NotPrincipal } = statement;
  if (NotPrincipal === undefined || NotPrincipal === '*')
    return [...ofConditions, ...(mode === 'pod-identity' ? exceptService(statement) : [])];
  const { oidc } = cluster;
  const [member, name] =
    mode === 'pod-identity'
      ? (['Service', POD_IDENTITY_SERVICE] as const)
      : (['Federated', oidc && oidcProviderArn(environment.partition, environment.account.id, oidc.issuer)] as const);
  if (name === undefined) return ofConditions;
  const excepted = { ...NotPrincipal, [member]: [...listOf(NotPrincipal[member] ?? []), name] };
  return [
    ...ofConditions,
    [
      { what: 'not-principal', member, name },
      { ...statement, NotPrincipal: excepted },
    ] as const,
  ];
}

/**
 * Excepts the service itself, where a `Deny` asks for what a service never has (`aws:PrincipalOrgID`). Requests of others do not have the key, and stay
 * denied. A `Deny` without conditions is meant for everybody, and only a person narrows it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
 */
function exceptService(statement: KeptStatement): readonly (readonly [Unplaced, KeptStatement])[] {
  const conditions = conditionsOf(statement);
  if (conditions.length === 0) return [];
  const [operator, key, value] = ['StringNotEqualsIfExists', 'aws:PrincipalServiceName', POD_IDENTITY_SERVICE];
  const written = conditions.find((one) => one.operator === operator && one.key === key)?.wanted ?? [];
  return [
    [{ what: 'condition', operator, key, value }, withValues(statement, operator, key, [...written, value])] as const,
  ];
}

/** Changes the adopted statements that stand in place of podlift's own, and that do not allow the pods. */
function allowing(refused: RefusedPods, workload: Workload, denied: readonly Decision[]): Step | undefined {
  const list = refused.mode === 'irsa' ? 'adoptedTrust.oidc' : 'adoptedTrust.podIdentity';
  const adopted = writtenIn(workload).filter((one) => one.list === list && isAbout(refused, one.statement));
  for (const found of adopted) {
    const changes = [...withOneValue(workload, found, denied), ...withOneAction(found, denied)];
    for (const [edit, statement] of changes) {
      const changed = withStatement(workload, found, statement);
      if (accessAt(refused, changed).result !== 'denied')
        return { edits: [{ path: pathOf(workload, found), ...edit }], workload: changed };
    }
  }
  if (adopted.length === 0) return undefined;
  const kept = adopted.reduceRight((changed, one) => withStatement(changed, one, undefined), workload);
  const { keepTrust = [] } = kept.role;
  const to = `workloads.${workload.key}.role.keepTrust`;
  return {
    edits: adopted.map((one) => ({ path: pathOf(workload, one), what: 'keep', to })),
    workload: {
      ...kept,
      role: { ...kept.role, keepTrust: [...keepTrust, ...adopted.map(({ statement }) => statement)] },
    },
  };
}

/** podlift writes no statement of its own for a provider that an adopted statement names. */
function isAbout({ mode, cluster, environment }: RefusedPods, { Principal }: KeptStatement): boolean {
  if (mode === 'pod-identity') return true;
  const issuer = cluster.oidc?.issuer;
  const provider = issuer && oidcProviderArn(environment.partition, environment.account.id, issuer);
  return (
    provider !== undefined && typeof Principal === 'object' && listOf(Principal.Federated ?? []).includes(provider)
  );
}

const EQUALS = /^(?:ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))(?:IfExists)?$/i;
const NEGATED = /^(?:String(?:NotEquals|NotEqualsIgnoreCase|NotLike)|Arn(?:NotEquals|NotLike))(?:IfExists)?$/i;

/**
 * The value that one condition lacks. Only where every other condition takes one value: with several, the new value would also admit combinations that nobody
 * asked for.
 */
function withOneValue(
  workload: Workload,
  found: Written,
  denied: readonly Decision[],
): readonly (readonly [Unplaced, KeptStatement])[] {
  const failed = eachOnce(
    denied.flatMap(({ statements }) =>
      statements.flatMap((one) => {
        const at = writtenAs(workload, one);
        return at?.list === found.list && at.index === found.index ? one.failedConditions : [];
      }),
    ),
  );
  const [condition] = failed;
  if (condition === undefined || failed.length > 1) return [];
  const { operator, key, found: values = [] } = condition;
  const [value] = values;
  const isOne = conditionsOf(found.statement).every(
    (other) =>
      (other.operator === operator && other.key === key) ||
      (other.wanted.length === 1 && !/[*?]/.test(other.wanted[0] ?? '')),
  );
  if (!EQUALS.test(operator) || value === undefined || values.length > 1 || !isOne) return [];
  const written = conditionsOf(found.statement).find((one) => one.operator === operator && one.key === key);
  const statement = withValues(found.statement, operator, key, [...(written?.wanted ?? []), value]);
  return [[{ what: 'add', operator, key, value }, statement]];
}

/** The action that a statement of both lacks. */
function withOneAction(
  { statement }: Written,
  denied: readonly Decision[],
): readonly (readonly [Unplaced, KeptStatement])[] {
  const [action, ...others] = [...new Set(denied.map((one) => one.action))];
  const { Action } = statement;
  if (action === undefined || others.length > 0 || Action === undefined) return [];
  return [
    [
      { what: 'action', action },
      { ...statement, Action: [...listOf(Action), action] },
    ],
  ];
}

interface WrittenCondition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
}

function conditionsOf({ Condition = {} }: Pick<KeptStatement, 'Condition'>): readonly WrittenCondition[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, wanted: textsOf(values) })),
  );
}

function textsOf(values: OneOrMany<ConditionValue>): readonly string[] {
  return listOf(values).map(String);
}

function eachOnce(conditions: readonly FailedCondition[]): readonly FailedCondition[] {
  return [...new Map(conditions.map((one) => [JSON.stringify([one.operator, one.key]), one])).values()];
}

function withValues(statement: KeptStatement, operator: string, key: string, values: readonly string[]): KeptStatement {
  const { Condition = {} } = statement;
  return { ...statement, Condition: { ...Condition, [operator]: { ...Condition[operator], [key]: values } } };
}

/** The workload with another statement in place of one, or without it. */
function withStatement(workload: Workload, { list, index }: Written, statement: KeptStatement | undefined): Workload {
  const changed = (all: readonly KeptStatement[] = []) =>
    statement === undefined ? all.toSpliced(index, 1) : all.with(index, statement);
  const { role } = workload;
  const { adoptedTrust = {}, keepTrust } = role;
  if (list === 'keepTrust') return { ...workload, role: { ...role, keepTrust: changed(keepTrust) } };
  const field = list === 'adoptedTrust.oidc' ? 'oidc' : 'podIdentity';
  const left = changed(adoptedTrust[field]);
  const { [field]: _, ...rest } = adoptedTrust;
  return { ...workload, role: { ...role, adoptedTrust: left.length === 0 ? rest : { ...rest, [field]: left } } };
}

/** The condition keys by which the requests of the pods are known. */
function requestOf({
  environment,
  cluster,
  serviceAccount,
  mode,
  workload,
}: RefusedPods): Readonly<Record<string, string>> {
  const pod = podOf(environment, serviceAccount, cluster);
  if (mode === 'pod-identity') {
    const tags = workload.sessionTags ? sessionTagsOf(pod) : {};
    return {
      'aws:SourceAccount': pod.accountId,
      'aws:SourceArn': pod.clusterArn,
      ...Object.fromEntries(
        Object.entries(tags)
          .filter(([key]) => !key.startsWith('kubernetes-pod-'))
          .map(([key, value]) => [`aws:RequestTag/${key}`, value]),
      ),
    };
  }
  const issuer = cluster.oidc?.issuer.replace(/^https:\/\//, '') ?? '';
  return { [`${issuer}:sub`]: serviceAccountSubject(serviceAccount.namespace, serviceAccount.name) };
}

/** An edit as a sentence, with the path of the statement that it changes. */
export function editText(edit: TrustEdit): string {
  const { path } = edit;
  switch (edit.what) {
    case 'add':
      return `Add ${JSON.stringify(edit.value)} to ${edit.operator} ${edit.key} in ${path}.`;
    case 'remove':
      return `Remove ${JSON.stringify(edit.value)} from ${edit.operator} ${edit.key} in ${path}, which denies these requests.`;
    case 'action':
      return `Add ${edit.action} to Action in ${path}.`;
    case 'condition':
      return `Add ${edit.operator} ${edit.key}: ${JSON.stringify(edit.value)} to Condition in ${path}, which denies these requests. It still denies all others.`;
    case 'not-principal':
      return `Add ${edit.member} ${edit.name} to NotPrincipal in ${path}, which denies these requests.`;
    case 'keep':
      return `Move ${path} to ${edit.to}, with its reason (because): others keep the role, and podlift writes its own statement for the pods.`;
    case 'narrow': {
      const values = Object.entries(edit.values).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
      return `Narrow ${path}, which denies these requests: it must not match ${values.join(', ')}. Keep it for all others.`;
    }
  }
}
