import { issuerName } from '../../blueprint/arns';
import { POD_IDENTITY_SERVICE, sourceTrust } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { type Mode, podAccess } from '../../comparison/access';
import { otherTokens, type SplitTrust, splitTrust } from '../../comparison/statementAccess';
import { showsNoChange } from '../../comparison/showsNoChange';
import { explain } from '../../iam/explain';
import { type ConditionValue, listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import { judgeService } from '../../iam/servicePrincipals';
import { validateDocument } from '../../iam/validateDocument';
import { subjectPattern } from '../../inventory/formats/clusterFormats';
import { fits } from '../../inventory/formats/Format';
import type { AdoptedTrust, Cluster, KeptStatement, Stage, SubjectPattern, Workload } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { ownCallersOf, strangersThrough } from '../../proof/attacks/sourceStrangers';
import type { RemedyStep } from '../../estate/Remedy';
import { annotate, aws } from '../remedies';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf } from './FoundCluster';
import { dividingSteps } from './mixedTrust';
import { leave, type LeftOut } from './LeftOut';
import type { WorkloadEntry } from './Proposal';
import { notAssumable } from './reasons';
import { clustersOf, podsWithRole, type RoleUsers, stageOf, userName, workloadOf } from './RoleUsers';

/** The stage of the users of a role, and the fields of their entry with which podlift compiles the trust policy that the role has. */
export interface FoundTrust {
  /** The users, with the patterns of the trust policy that an entry can have. */
  readonly group: RoleUsers;
  readonly stage: Stage;
  readonly fields: Pick<NonNullable<WorkloadEntry['role']>, 'keepTrust' | 'adoptedTrust'>;
  /** Who else can assume the role by the statements that allow the users. */
  readonly weak?: string;
  /** The trust policy admits service accounts by a pattern, or whatever their names are: `pr-*:app`. */
  readonly open?: string;
  /** What an operator should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Takes a role's trust policy apart by what each statement does, which is evaluated: statements of others are kept, those that allow the users are
 * adopted unless podlift writes the same. Or the reason why that is not possible.
 */
export function foundTrust(users: RoleUsers): FoundTrust | LeftOut {
  const { role, found } = users;
  const account = firstOf(users);
  const { trust } = role.facts;
  const parts = splitBy(users);
  // Half of what Pod Identity needs gives no pod the role: it stays as it is, and podlift writes its own statement beside it.
  const split = { ...parts, keep: [...parts.keep, ...parts.half] };
  // One statement with two subjects means the same as two statements.
  const tokens = tokensOf(users, [...split.oidc, ...split.keep]);
  const entangled = entanglement(users, split, tokens);
  const half = halfTrust(users, split);
  if (
    half !== undefined &&
    account.association !== undefined &&
    (entangled === undefined || entangled.reason === 'trust-mixed')
  )
    return half;
  if (entangled !== undefined) return entangled;
  const group = { ...users, patterns: tokens.patterns };
  const stage = stageOf(group);
  if (stage === undefined) return notTogether(group);
  const problem = formProblem(trust);
  if (problem !== undefined)
    return leave(account, 'trust-form', `the inventory cannot have the trust policy as it is: ${problem}`);
  const frame = frameOf(trust);
  const written = compiled(
    group,
    'prepared',
    fieldsOf([], [], [], frame, () => ({})),
  );
  const own = splitBy({ ...group, role: { ...role, facts: { ...role.facts, trust: written } } });
  const differing = (these: readonly Statement[], others: readonly Statement[]) =>
    showsNoChange({ Statement: these }, { Statement: others }) ? [] : these;
  const oidc = STAGE_TABLE[stage].trustsOidc ? differing(split.oidc, own.oidc) : [];
  const podIdentity = STAGE_TABLE[stage].trustsPodIdentity ? differing(split.podIdentity, own.podIdentity) : [];
  const weakness = weaknessOf(group);
  const weak = weakness([...split.keep, ...oidc, ...podIdentity]);
  const fields = fieldsOf(split.keep, oidc, podIdentity, frame, () => ({}));
  const conditions = conditionsOf(group, fields);
  const reasoned = fieldsOf(split.keep, oidc, podIdentity, frame, (statements) => {
    const others = statements.some(namesEveryone) ? undefined : weakness(statements);
    const texts = [
      ...(others === undefined ? [] : [`the trust policy also allows ${others}`]),
      ...(statements.some((one) => parts.half.includes(one))
        ? [`it allows ${POD_IDENTITY_SERVICE} one of the two actions that EKS needs`]
        : []),
      ...conditions(statements),
    ];
    return texts.length === 0 ? {} : { because: `as found, ${texts.join('; ')}` };
  });
  if (showsNoChange(trust, compiled(group, stage, fields)))
    return {
      ...{ group, stage, fields: reasoned, notes: namedNotes(tokens, found) },
      ...(weak !== undefined && { weak }),
      ...(tokens.open !== undefined && { open: tokens.open }),
    };
  const message = 'podlift would write another trust policy than the one that the role has';
  return leave(account, 'would-change', message, 'Change the trust policy to that of a stage (docs/MIGRATION.md).');
}

/** The first service account of the discovered cluster: findings about all of them name it. */
function firstOf({ users, found, role }: RoleUsers): FoundServiceAccount {
  const { account } = users.find(({ on }) => on === found) ?? users[0] ?? {};
  if (account === undefined) throw new Error(`role ${role.facts.name} has no users`);
  return account;
}

function splitBy(group: RoleUsers): SplitTrust {
  const [first, ...others] = podsWithRole(group);
  if (first === undefined) throw new Error(`role ${group.role.facts.name} has no users`);
  return splitTrust(first, ...others);
}

/** The fields of an entry, with a reason for kept statements one by one and for adopted ones together. */
function fieldsOf(
  keep: readonly Statement[],
  oidc: readonly Statement[],
  podIdentity: readonly Statement[],
  frame: Frame,
  reason: (statements: readonly Statement[]) => { readonly because?: string },
): FoundTrust['fields'] {
  return {
    ...(keep.length > 0 && { keepTrust: keep.map((one) => ({ ...kept(one), ...reason([one]) })) }),
    ...(oidc.length + podIdentity.length + Object.keys(frame).length > 0 && {
      adoptedTrust: {
        ...frame,
        ...reason([...oidc, ...podIdentity]),
        ...(oidc.length > 0 && { oidc: oidc.map(kept) }),
        ...(podIdentity.length > 0 && { podIdentity: podIdentity.map(kept) }),
      },
    }),
  };
}

/** What a trust policy has beside its statements, where that is not what podlift writes. */
type Frame = Pick<AdoptedTrust, 'version' | 'id'>;

function frameOf({ Version, Id }: PolicyDocument): Frame {
  return {
    ...(Version !== '2012-10-17' && { version: Version ?? 'none' }),
    ...(Id !== undefined && Id !== '' && { id: Id }),
  };
}

/** The conditions of some statements on which the access of the workload’s own pods depends. podlift cannot tell whether their requests meet them. */
function conditionsOf(group: RoleUsers, fields: FoundTrust['fields']) {
  const prepared = { ...group.role.facts, trust: compiled(group, 'prepared', fields) };
  const open = podsWithRole(group)
    .flatMap(({ environment, cluster, pods }) =>
      (['irsa', 'pod-identity'] as const).map((mode) => podAccess(prepared, environment, pods, cluster, mode)),
    )
    .flatMap((access) => (access.result === 'depends' ? access.dependsOn : []))
    .map(({ key, of }) => ({ key, text: JSON.stringify(of.statement) }));
  return (statements: readonly Statement[]): readonly string[] => {
    const written = statements.map((one) => JSON.stringify(kept(one)));
    const keys = open.flatMap(({ key, text }) => (written.includes(text) ? [key] : []));
    return [...new Set(keys)].map((key) => `its pods get the role under a condition on ${key}`);
  };
}

/** A statement allows the pods one of the two actions that EKS needs: what it lacks for the other one is named. */
function halfTrust(group: RoleUsers, { half }: SplitTrust): LeftOut | undefined {
  const [statement] = half;
  const [where] = podsWithRole(group);
  if (statement === undefined || where === undefined) return undefined;
  const { role, environment, cluster, pods } = where;
  const access = podAccess(role, environment, pods, cluster, 'pod-identity');
  const denied = access.result === 'denied' ? access.denied : [];
  const actions = [...new Set(denied.map(({ action }) => action))].join(' and ');
  const index = listOf(role.trust.Statement).indexOf(statement);
  const message = [
    `the trust policy of role ${role.name ?? role.arn} allows pods.eks.amazonaws.com only one of sts:AssumeRole and sts:TagSession, and EKS needs both`,
    ...denied.map(explain),
  ].join('\n');
  const byCondition = denied.some(({ statements }) =>
    statements.some((one) => one.index === index && one.mismatch === 'condition'),
  );
  const fix = byCondition
    ? `Keep statement ${index} for its callers, and add a statement for these pods with both actions and without the conditions that are named above.`
    : `Add ${actions === '' ? 'the missing action' : actions} to Action of statement ${index}.`;
  return leave(
    firstOf(group),
    'half-trust',
    message,
    fix,
    `If no other pods use statement ${index}, remove it instead: podlift writes its own.`,
  );
}

/** The trust policy allows others together with the service account, who cannot be told apart from it. */
function entanglement(users: RoleUsers, { mixed }: SplitTrust, { named }: Tokens): LeftOut | undefined {
  const account = firstOf(users);
  const { name, arn, trust } = users.role.facts;
  const others = named.filter(({ usesByPods }) => usesByPods(arn)).map((one) => one.name);
  if (others.length > 0) {
    const message = `pods of ${listed(others)} use role ${name} too (AWS_ROLE_ARN), without an annotation`;
    const annotated =
      'Set the annotation on each of them, to the same role. This changes nothing for their pods. Then run discover again: one entry has all of them.';
    return leave(account, 'shared-role', message, annotated);
  }
  if (mixed.length === 0) return undefined;
  const numbers = mixed.map((statement) => listOf(trust.Statement).indexOf(statement)).join(', ');
  const message = `one statement in the trust policy of role ${name} allows the service account together with other principals: statement ${numbers}`;
  return leave(account, 'trust-mixed', message, ...dividingSteps(users, mixed));
}

/** Whose tokens the trust policy accepts beside those of the users. */
interface Tokens {
  readonly patterns: readonly SubjectPattern[];
  /** The trust policy admits service accounts that it does not name: by these patterns, or whatever their names are. */
  readonly open?: string;
  /** Service accounts of the clusters that it names, and that neither annotation nor association gives the role. */
  readonly named: readonly { readonly name: string; readonly usesByPods: (arn: string) => boolean }[];
}

function tokensOf(users: RoleUsers, statements: readonly Statement[]): Tokens {
  const perCluster = clustersOf(users).flatMap((cluster) => {
    const here = users.users.filter(({ on }) => on.cluster.key === cluster.key);
    const [first] = podsWithRole({ ...users, users: here });
    const [{ on } = {}] = here;
    if (first === undefined || on === undefined) return [];
    const tokens = otherTokens(first, statements);
    const own = new Set(here.map(({ account }) => nameOf(account)));
    const all = new Set(on.serviceAccounts.map(nameOf));
    return [
      {
        isOpen: tokens.anySubject,
        patterns: tokens.anySubject ? subjectPatterns(statements, cluster) : [],
        named: tokens.subjects
          .map(subjectName)
          .filter((one) => all.has(one) && !own.has(one))
          .map((name) => ({
            name,
            usesByPods: (arn: string) =>
              on.pods.some(
                (pod) =>
                  `${pod.namespace}/${pod.serviceAccount}` === name &&
                  pod.containers.some(({ env }) => env.AWS_ROLE_ARN === arn),
              ),
          })),
      },
    ];
  });
  const isOpen = perCluster.some((one) => one.isOpen);
  const patterns = perCluster.flatMap((one) => one.patterns);
  const texts = patterns.flatMap(({ namespaces, serviceAccounts }) =>
    namespaces.flatMap((namespace) => serviceAccounts.map((name) => `${namespace}:${name}`)),
  );
  // A pattern that the inventory cannot have stays in the trust policy alone: one for every service account, among others.
  const canBeWritten = patterns.every(({ namespaces, serviceAccounts }) => {
    const both = [...namespaces, ...serviceAccounts];
    return both.every((one) => fits(subjectPattern, one)) && both.some((one) => /[a-z0-9]/.test(one));
  });
  return {
    patterns: canBeWritten ? patterns : [],
    ...(isOpen && { open: [...new Set(texts)].join(', ') }),
    named: perCluster.flatMap((one) => one.named),
  };
}

/** Accounts that the trust policy names, and that do not use it. */
function namedNotes({ named }: Tokens, { cluster }: FoundCluster): readonly string[] {
  if (named.length === 0) return [];
  const names = listed(named.map(({ name }) => name));
  return [
    `Its trust policy also names ${names} (cluster ${cluster.key}), without an annotation and an association: no pod uses the role by them now. At pod-identity, the role trusts no OIDC provider any more.`,
  ];
}

/**
 * The patterns of subjects in the conditions of some statements, for one cluster. `*` matches a colon too, so a pattern without a second colon has any name
 * of a service account.
 */
function subjectPatterns(statements: readonly Statement[], { key, oidc }: Cluster): readonly SubjectPattern[] {
  const subjectKey = `${issuerName(oidc?.issuer ?? '')}:sub`.toLowerCase();
  const values = statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Condition = {} }) => Object.entries(Condition))
    .filter(([operator]) => /like/i.test(operator) && !/not/i.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .flatMap(([one, value]) => (one.toLowerCase() === subjectKey ? listOf<ConditionValue>(value).map(String) : []))
    .filter((value) => /[*?]/.test(value));
  return [...new Set(values)].map((value) => {
    const rest = value.startsWith(SUBJECT) ? value.slice(SUBJECT.length) : '*';
    const [namespace = '', name] = rest.split(':');
    const star = namespace.lastIndexOf('*');
    const [before, after] =
      name === undefined ? [namespace.slice(0, star + 1), namespace.slice(star)] : [namespace, name];
    return { namespaces: [before], serviceAccounts: [after], clusters: [key] };
  });
}

const SUBJECT = 'system:serviceaccount:';

/** Users of one role that an entry cannot have together, since they are at different stages, or one of them at none. */
function notTogether(group: RoleUsers): LeftOut {
  const at = group.users.map((user) => ({ user, stage: stageOf({ ...group, users: [user] }) }));
  const nowhere = at.find(({ stage }) => stage === undefined) ?? at[0];
  if (nowhere === undefined) throw new Error(`role ${group.role.facts.name} has no users`);
  const { account } = nowhere.user;
  if (nowhere.stage === undefined) {
    const left = notAssumable(account, nowhere.user.on);
    return at.length < 2 ? left : { ...left, message: `${nameOf(account)}: ${left.message}` };
  }
  const texts = at.map(({ user, stage }) => `${userName(user, group)} is at ${stage ?? ''}`);
  const message = `${group.role.facts.arn} is shared, and its service accounts are not at the same stage: ${texts.join(', ')}`;
  return leave(account, 'shared-role', message, ...sameStageSteps(group));
}

/** Brings users of one role to the same stage, without a pod that loses access: each step adds what the others have. */
function sameStageSteps({
  role: { facts },
  users,
  found: { environment },
}: RoleUsers): readonly (string | RemedyStep)[] {
  const associated = users.some(({ account }) => account.association !== undefined);
  const annotated = users.some(({ account }) => account.annotation !== undefined);
  const steps = users.flatMap(({ account, on: { cluster } }) => {
    const { namespace, name } = account;
    const by = (mode: Mode) => podAccess(facts, environment, podsOf(account), cluster, mode).result;
    return [
      ...(annotated && account.annotation === undefined && by('irsa') === 'allowed'
        ? [annotate(cluster, account, facts.arn)]
        : []),
      ...(associated && account.association === undefined && by('pod-identity') === 'allowed'
        ? [
            `Before ${nameOf(account)} gets its association: check that the SDK of its pods supports Pod Identity (docs/MIGRATION.md). Then create the association, and restart its pods:`,
            aws(
              environment.account,
            )`eks create-pod-identity-association --cluster-name ${cluster.name} --region ${cluster.region} --namespace ${namespace} --service-account ${name} --role-arn ${facts.arn}`,
          ]
        : []),
    ];
  });
  return [
    'Service accounts that share a role move together: bring them to the same stage first. Change the annotations where the service accounts are created, too.',
    ...steps,
    ...(steps.length === 0 ? ['The documentation shows how to give each of them a role of its own.'] : []),
    'Then run discover again.',
  ];
}

/** A service account as `namespace/name`, any other subject of a token as a quoted text. */
function subjectName(subject: string): string {
  return /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(subject)?.slice(1).join('/') ?? JSON.stringify(subject);
}

/** Who else can assume the role by some of its statements, in the words of the proof. */
type Weakness = (statements: readonly Statement[]) => string | undefined;

function weaknessOf(group: RoleUsers): Weakness {
  const { facts } = group.role;
  const staged = {
    environment: group.found.environment,
    workload: workloadOf(group, 'irsa', {}),
    clusters: clustersOf(group),
  };
  const { admitted } = strangersThrough(
    { name: facts.arn, arn: facts.arn, trust: facts.trust },
    ownCallersOf({ ...staged, stages: [] }),
    () => true,
  );
  return (statements) => {
    const found = admitted.filter(({ result }) =>
      statements.some((statement) => statement === result.decision?.decidedBy?.statement),
    );
    return [...new Set(found.map(({ who }) => who))].join('; ') || undefined;
  };
}

/** Whoever it is: a statement that names everyone gets no reason from podlift, and the proof fails. */
function namesEveryone({ Principal }: Statement): boolean {
  return Principal === undefined || Principal === '*' || listOf(Principal.AWS ?? []).includes('*');
}

/** What the inventory cannot have of a trust policy, since IAM would not accept it again. */
function formProblem(trust: PolicyDocument): string | undefined {
  // AWS accepted the service. It is podlift's list that does not have it.
  for (const service of listOf(trust.Statement).flatMap(servicesOf)) {
    const judged = judgeService(service);
    if (judged.verdict === 'refused')
      return `podlift does not know the service ${JSON.stringify(service)}${judged.meant === undefined ? '' : `, and takes it for ${judged.meant}`}`;
  }
  const [mistake] = validateDocument(trust, 'trust');
  return (
    mistake &&
    `IAM would not accept it again: ${mistake.message} ${mistake.detail} (a principal such as AROA… or AIDA… was deleted)`
  );
}

function servicesOf({ Principal }: Statement): readonly string[] {
  return Principal === undefined || Principal === '*' ? [] : listOf(Principal.Service ?? []);
}

/** What podlift would write for the role at a stage. */
function compiled(group: RoleUsers, stage: Stage, fields: FoundTrust['fields']): PolicyDocument {
  const trust = fields as Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>;
  const environment = { ...group.found.environment, workloads: [] };
  return sourceTrust(environment, workloadOf(group, stage, trust), clustersOf(group));
}

function kept({ Sid, ...statement }: Statement): KeptStatement {
  return { ...(Sid !== undefined && Sid !== '' && { Sid }), ...statement };
}
