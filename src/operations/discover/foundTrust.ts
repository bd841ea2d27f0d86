import { sourceTrust } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { podAccess } from '../../comparison/access';
import { standingOf } from '../../comparison/adoption';
import {
  type OtherTokens,
  otherTokens,
  ownCallersOf,
  type PodsWithRole,
  type SplitTrust,
  splitTrust,
} from '../../comparison/statementAccess';
import { showsNoChange } from '../../comparison/showsNoChange';
import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import { explain } from '../../iam/explain';
import { judgeService } from '../../iam/servicePrincipals';
import { validateDocument } from '../../iam/validateDocument';
import type { Cluster, Environment, KeptStatement, Stage, Workload } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { strangersThrough } from '../../proof/attacks/sourceStrangers';
import type { FoundRole } from './askCluster';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import { notAssumable } from './reasons';
import type { WorkloadEntry } from './Proposal';

/** The stage of a service account, and the fields of its entry with which podlift compiles the trust policy that the role has. */
export interface FoundTrust {
  readonly stage: Stage;
  readonly fields: Pick<NonNullable<WorkloadEntry['role']>, 'keepTrust' | 'adoptedTrust'>;
  /** Who else can assume the role by the statements that allow the service account. */
  readonly weak?: string;
}

interface ClusterPods extends PodsWithRole {
  readonly environment: Environment;
  readonly cluster: Cluster;
}

/**
 * Takes a role's trust policy apart by what each statement does, which is evaluated: statements of others are kept, those that allow the service
 * account are adopted unless podlift writes the same. Or the reason why that is not possible.
 */
export function foundTrust(account: FoundServiceAccount, role: FoundRole, found: FoundCluster): FoundTrust | LeftOut {
  const { trust } = role.facts;
  const { environment, cluster } = found;
  const where: ClusterPods = { role: role.facts, environment, cluster, pods: podsOf(account) };
  const split = splitTrust(where);
  // One statement with two subjects means the same as two statements.
  const tokens = otherTokens(where, [...split.oidc, ...split.keep]);
  const entangled = entanglement(account, role.facts.name, split, tokens, found);
  const half = halfTrust(account, where, split);
  if (half !== undefined && (entangled === undefined || entangled.reason === 'trust-mixed')) return half;
  if (entangled !== undefined) return entangled;
  const { stages } = standingOf(
    environment,
    [{ cluster, pods: where.pods, association: account.association }],
    role.facts,
  );
  const isAnnotated = account.annotation !== undefined;
  // An annotation does nothing any more at the last stage; AWS CDK leaves it.
  const stage = stages.find((one) => one === 'pod-identity' || STAGE_TABLE[one].annotation === isAnnotated);
  if (stage === undefined) return notAssumable(account);
  const problem = formProblem(trust);
  if (problem !== undefined)
    return leave(account, 'trust-form', `the inventory cannot have the trust policy as it is: ${problem}`);
  const own = splitTrust({ ...where, role: { ...role.facts, trust: compiled(where, 'prepared', {}) } });
  const differing = (these: readonly Statement[], others: readonly Statement[]) =>
    showsNoChange({ Statement: these }, { Statement: others }) ? [] : these;
  const oidc = STAGE_TABLE[stage].trustsOidc ? differing(split.oidc, own.oidc) : [];
  const podIdentity = STAGE_TABLE[stage].trustsPodIdentity ? differing(split.podIdentity, own.podIdentity) : [];
  const weakness = weaknessOf(where);
  const weak = weakness([...split.keep, ...oidc, ...podIdentity]);
  const fields = fieldsOf(split.keep, oidc, podIdentity, () => ({}));
  const conditions = conditionsOf(where, fields);
  const reasoned = fieldsOf(split.keep, oidc, podIdentity, (statements) => {
    const others = statements.some(namesEveryone) ? undefined : weakness(statements);
    const texts = [
      ...(others === undefined ? [] : [`the trust policy also allows ${others}`]),
      ...conditions(statements),
    ];
    return texts.length === 0 ? {} : { because: `as found, ${texts.join('; ')}` };
  });
  if (showsNoChange(trust, compiled(where, stage, fields)))
    return { stage, fields: reasoned, ...(weak !== undefined && { weak }) };
  const message = 'podlift would write another trust policy than the one that the role has';
  return leave(account, 'would-change', message, 'Change the trust policy to that of a stage (docs/MIGRATION.md).');
}

/** The fields of an entry, with a reason for kept statements one by one and for adopted ones together. */
function fieldsOf(
  keep: readonly Statement[],
  oidc: readonly Statement[],
  podIdentity: readonly Statement[],
  reason: (statements: readonly Statement[]) => { readonly because?: string },
): FoundTrust['fields'] {
  return {
    ...(keep.length > 0 && { keepTrust: keep.map((one) => ({ ...kept(one), ...reason([one]) })) }),
    ...(oidc.length + podIdentity.length > 0 && {
      adoptedTrust: {
        ...reason([...oidc, ...podIdentity]),
        ...(oidc.length > 0 && { oidc: oidc.map(kept) }),
        ...(podIdentity.length > 0 && { podIdentity: podIdentity.map(kept) }),
      },
    }),
  };
}

/** The conditions of some statements on which the access of the workload’s own pods depends. podlift cannot tell whether their requests meet them. */
function conditionsOf(where: ClusterPods, fields: FoundTrust['fields']) {
  const { role, environment, cluster, pods } = where;
  const prepared = { ...role, trust: compiled(where, 'prepared', fields) };
  const open = (['irsa', 'pod-identity'] as const)
    .map((mode) => podAccess(prepared, environment, pods, cluster, mode))
    .flatMap((access) => (access.result === 'depends' ? access.dependsOn : []))
    .map(({ key, of }) => ({ key, text: JSON.stringify(of.statement) }));
  return (statements: readonly Statement[]): readonly string[] => {
    const written = statements.map((one) => JSON.stringify(kept(one)));
    const keys = open.flatMap(({ key, text }) => (written.includes(text) ? [key] : []));
    return [...new Set(keys)].map((key) => `its pods get the role under a condition on ${key}`);
  };
}

/** A statement allows the pods one of the two actions that EKS needs: what it lacks for the other one is named. */
function halfTrust(account: FoundServiceAccount, where: ClusterPods, { half }: SplitTrust): LeftOut | undefined {
  const { role, environment, cluster, pods } = where;
  const [statement] = half;
  if (statement === undefined) return undefined;
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
    account,
    'half-trust',
    message,
    fix,
    `If no other pods use statement ${index}, remove it instead: podlift writes its own.`,
  );
}

/** The trust policy allows others together with the service account, who cannot be told apart from it. */
function entanglement(
  account: FoundServiceAccount,
  role: string,
  { mixed }: SplitTrust,
  tokens: OtherTokens,
  { serviceAccounts }: FoundCluster,
): LeftOut | undefined {
  if (tokens.anySubject) {
    const message = `the trust policy of role ${role} also allows other service accounts: it has a pattern, or no condition on the subject`;
    return leave(account, 'wildcard-subject', message);
  }
  const all = new Set(serviceAccounts.map(nameOf));
  const others = tokens.subjects.map(subjectName).filter((one) => all.has(one));
  if (others.length > 0) {
    const message = `the trust policy of role ${role} also allows ${listed(others)}`;
    const split =
      'Give each of them a role of its own if its pods use this role (AWS_ROLE_ARN in the pods). Then remove it from the trust policy.';
    return leave(account, 'shared-role', message, split);
  }
  if (mixed.length === 0) return undefined;
  return leave(
    account,
    'trust-mixed',
    `one statement in the trust policy of role ${role} allows the service account together with other principals`,
  );
}

/** A service account as `namespace/name`, any other subject of a token as a quoted text. */
function subjectName(subject: string): string {
  return /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(subject)?.slice(1).join('/') ?? JSON.stringify(subject);
}

/** Who else can assume the role by some of its statements, in the words of the proof. */
type Weakness = (statements: readonly Statement[]) => string | undefined;

function weaknessOf({ role, environment, cluster, pods }: ClusterPods): Weakness {
  const own = ownCallersOf(environment, cluster, pods);
  const { admitted } = strangersThrough({ name: role.arn, ...role }, own, () => true);
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

/** What the inventory cannot have of a trust policy. */
function formProblem(trust: PolicyDocument): string | undefined {
  const { Version = '2008-10-17', Id } = trust;
  if (Version !== '2012-10-17') return `it has the version ${Version}, and podlift writes 2012-10-17`;
  if (Id !== undefined) return 'it has an Id';
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
function compiled(
  { environment, cluster, pods }: ClusterPods,
  stage: Stage,
  fields: FoundTrust['fields'],
): PolicyDocument {
  const imports = { managedPolicies: [], inlinePolicies: [], associations: {} };
  const trust = fields as Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>;
  const { namespace, name, sessionTags } = pods;
  const workload: Workload = {
    subjects: [{ namespace, name, manage: 'none', clusters: [cluster.key], isFirst: true }],
    sessionTags,
    key: 'found',
    stage,
    compute: 'ec2',
    role: { name: 'found', path: '/', adopt: true, tags: {}, imports, ...trust },
    permissions: { managedPolicies: [], statements: [], inlinePolicies: {} },
    targets: [],
    clusters: [cluster.key],
  };
  return sourceTrust({ ...environment, workloads: [] }, workload, [cluster]);
}

function kept({ Sid, ...statement }: Statement): KeptStatement {
  return { ...(Sid !== undefined && Sid !== '' && { Sid }), ...statement };
}
