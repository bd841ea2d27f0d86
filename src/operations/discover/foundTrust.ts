import { sourceTrust } from '../../blueprint/sourceTrust';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { standingOf } from '../../comparison/adoption';
import {
  otherPods,
  type OtherTokens,
  otherTokens,
  type PodsWithRole,
  type SplitTrust,
  splitTrust,
} from '../../comparison/statementAccess';
import { showsNoChange } from '../../comparison/showsNoChange';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import { validateDocument } from '../../iam/validateDocument';
import type { Cluster, Environment, KeptStatement, Stage, Workload } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
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
  const tokens = otherTokens(where, split.oidc);
  const entangled = entanglement(account, role.facts.name, split, tokens, found);
  if (entangled !== undefined) return entangled;
  const { stages } = standingOf(environment, where.pods, [cluster], role.facts, [account.association]);
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
  const weak = weakness(where, oidc.length > 0 ? tokens : undefined, podIdentity);
  const fields: FoundTrust['fields'] = {
    ...(split.keep.length > 0 && { keepTrust: split.keep.map(kept) }),
    ...(oidc.length + podIdentity.length > 0 && {
      adoptedTrust: {
        ...(weak !== undefined && { because: `as found, the trust policy also allows ${weak}` }),
        ...(oidc.length > 0 && { oidc: oidc.map(kept) }),
        ...(podIdentity.length > 0 && { podIdentity: podIdentity.map(kept) }),
      },
    }),
  };
  if (showsNoChange(trust, compiled(where, stage, fields)))
    return { stage, fields, ...(weak !== undefined && { weak }) };
  const message = 'podlift would write another trust policy than the one that the role has';
  return leave(account, 'would-change', message, 'Change the trust policy to that of a stage (docs/MIGRATION.md).');
}

/** The trust policy allows others together with the service account, who cannot be told apart from it. */
function entanglement(
  account: FoundServiceAccount,
  role: string,
  { half, mixed }: SplitTrust,
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
  if (half.length > 0) {
    const message = `the trust policy of role ${role} allows pods.eks.amazonaws.com only one of sts:AssumeRole and sts:TagSession, and EKS needs both`;
    return leave(account, 'half-trust', message);
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

/** Who else can assume the role, in words. */
function weakness(
  where: ClusterPods,
  tokens: OtherTokens | undefined,
  podIdentity: readonly Statement[],
): string | undefined {
  const pods = otherPods(where, podIdentity).map((one) => OTHER_PODS[one]);
  const subjects = tokens?.subjects.map(subjectName) ?? [];
  const texts = [
    tokens?.anyAudience === true && 'web identity tokens for any audience',
    subjects.length > 0 && `${subjects.join(', ')} through web identity`,
    pods.length > 0 && `${pods.join(', ')} through Pod Identity, where an association names the role`,
  ];
  return texts.filter((text) => text !== false).join('; ') || undefined;
}

const OTHER_PODS = {
  'service-accounts': 'other service accounts',
  namespaces: 'other namespaces',
  clusters: 'other clusters',
  accounts: 'clusters of other accounts',
} as const;

/** What the inventory cannot have of a trust policy. */
function formProblem(trust: PolicyDocument): string | undefined {
  const { Version = '2008-10-17', Id } = trust;
  if (Version !== '2012-10-17') return `it has the version ${Version}, and podlift writes 2012-10-17`;
  if (Id !== undefined) return 'it has an Id';
  const [mistake] = validateDocument(trust, 'trust');
  return mistake && `IAM would not accept it again: ${mistake} (a principal such as AROA… or AIDA… was deleted)`;
}

/** What podlift would write for the role at a stage. */
function compiled(
  { environment, cluster, pods }: ClusterPods,
  stage: Stage,
  fields: FoundTrust['fields'],
): PolicyDocument {
  const imports = { managedPolicies: [], inlinePolicies: [], associations: {} };
  const trust = fields as Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>;
  const workload: Workload = {
    ...pods,
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
