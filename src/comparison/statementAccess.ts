import { oidcProviderArn } from '../blueprint/arns';
import { POD_IDENTITY_SERVICE, serviceAccountSubject } from '../blueprint/sourceTrust';
import { decideAssumeRole } from '../iam/decideAssumeRole';
import { listOf } from '../iam/PolicyDocument';
import type { ConditionValue, PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { OwnCallers } from '../iam/strangers/CallerClass';
import { callerClasses } from '../iam/strangers/callerClasses';
import type { Cluster, Environment } from '../inventory/Inventory';
import { type Mode, podAccess, type ServiceAccountPods, tokenAccess, type TrustingRole } from './access';

/** The pods of a service account on a cluster, and the role that they use. What the statements of its trust policy allow is evaluated for them. */
export interface PodsWithRole {
  readonly role: TrustingRole;
  readonly environment: Pick<Environment, 'partition' | 'account'>;
  readonly cluster: Pick<Cluster, 'arn' | 'name' | 'oidc'>;
  readonly pods: ServiceAccountPods;
}

/**
 * The statements of a trust policy by what each of them allows. `half`: one of the two actions that Pod Identity needs; `mixed`: the pods together with
 * others, who cannot be told apart from them; `keep`: nothing to the pods.
 */
export type SplitTrust = Readonly<Record<'oidc' | 'podIdentity' | 'half' | 'mixed' | 'keep', readonly Statement[]>>;

/**
 * Takes the trust policy of a role apart by what each statement allows to the pods. `others`: pods of further service accounts and clusters that use the
 * role too.
 */
export function splitTrust(first: PodsWithRole, ...others: readonly PodsWithRole[]): SplitTrust {
  const {
    role: { arn, trust },
  } = first;
  const all = [first, ...others];
  // What depends on conditions is for the service account all the same.
  const denied = (document: PolicyDocument, mode: Mode = 'pod-identity') =>
    Math.min(
      ...all.map(({ environment, cluster, pods }) => {
        const access = podAccess({ arn, trust: document }, environment, pods, cluster, mode);
        return access.result === 'denied' ? access.denied.length : 0;
      }),
    );
  const usesPodIdentity = denied(trust) === 0;
  const providers = all.flatMap(({ environment, cluster, pods }) => ownCallersOf(environment, cluster, pods).providers);
  const kindOf = (statement: Statement): keyof SplitTrust => {
    const alone: PolicyDocument = { ...trust, Statement: statement };
    // EKS needs two actions, which two statements can allow.
    const some = denied(alone) < 2;
    if (providers.length > 0 && allowsTokens(all, alone))
      return some || !isOnly(statement, 'Federated', providers) ? 'mixed' : 'oidc';
    if (!some) return 'keep';
    if (!usesPodIdentity) return 'half';
    return isOnly(statement, 'Service', [POD_IDENTITY_SERVICE]) ? 'podIdentity' : 'mixed';
  };
  const kinds = listOf(trust.Statement).map((statement) => ({ statement, kind: kindOf(statement) }));
  const of = (kind: keyof SplitTrust) => kinds.flatMap((one) => (one.kind === kind ? [one.statement] : []));
  return { oidc: of('oidc'), podIdentity: of('podIdentity'), half: of('half'), mixed: of('mixed'), keep: of('keep') };
}

/** Whether a trust policy allows the tokens of some of the pods, or that depends on conditions. */
function allowsTokens(all: readonly PodsWithRole[], trust: PolicyDocument): boolean {
  return all.some(
    ({ role: { arn }, environment, cluster, pods }) =>
      cluster.oidc !== undefined && podAccess({ arn, trust }, environment, pods, cluster, 'irsa').result !== 'denied',
  );
}

/** Whether a statement names only principals of a kind, and of these only some. */
function isOnly({ Principal }: Statement, kind: 'Federated' | 'Service', some: readonly string[]): boolean {
  if (typeof Principal !== 'object') return false;
  const names = Object.entries(Principal).flatMap(([key, values]) => listOf(values).map((value) => ({ key, value })));
  return names.length > 0 && names.every(({ key, value }) => key === kind && some.includes(value));
}

/** Whose web identity tokens some statements of a trust policy accept besides those of a service account. */
export interface OtherTokens {
  /** The subjects that the statements name. */
  readonly subjects: readonly string[];
  /** The statements accept subjects by a pattern, or whatever their names are. */
  readonly anySubject: boolean;
}

/** Evaluates whose tokens some statements of a role's trust policy accept; what the trust policy denies counts. */
export function otherTokens(of: PodsWithRole, statements: readonly Statement[]): OtherTokens {
  const { environment, cluster, pods } = of;
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined) return { subjects: [], anySubject: false };
  const own = serviceAccountSubject(pods.namespace, pods.name);
  const role = narrowedTo(of.role, statements);
  const named = subjectsIn(statements);
  const accepts = (subject: string) => tokenAccess(role, environment, { issuer, subject }).result !== 'denied';
  return {
    subjects: named.filter((subject) => subject !== own && accepts(subject)),
    anySubject: acceptsUnnamed(of, role, named, 'system:serviceaccount:*:*'),
  };
}

/** Whether the trust policy means the service account by its name: it denies the tokens of those of its namespace that it does not name. */
export function isMeantByName(of: PodsWithRole): boolean {
  const { role, environment, cluster, pods } = of;
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined) return false;
  const own = serviceAccountSubject(pods.namespace, pods.name);
  const named = subjectsIn(listOf(role.trust.Statement));
  return (
    tokenAccess(role, environment, { issuer, subject: own }).result !== 'denied' &&
    !acceptsUnnamed(of, role, named, serviceAccountSubject(pods.namespace, '*'))
  );
}

/** Whether a trust policy accepts a token of the cluster with a subject of a pattern that is neither the service account's nor named. */
function acceptsUnnamed(
  { environment, cluster, pods }: PodsWithRole,
  role: TrustingRole,
  named: readonly string[],
  like: string,
): boolean {
  const own = ownCallersOf(environment, cluster, pods);
  const trust = { name: role.arn, document: role.trust };
  return callerClasses(listOf(role.trust.Statement), own)
    .filter(({ stranger }) => stranger.kind === 'tokens' && own.providers.includes(stranger.provider))
    .some(({ attempt }) => {
      const sets = Object.fromEntries(
        Object.entries(attempt.sets ?? {}).map(([key, { except, ...set }]) => [
          key,
          key.endsWith(':sub') ? { ...set, like, except: [...except, ...named] } : { ...set, except },
        ]),
      );
      return decideAssumeRole({ ...attempt, sets, roleArn: role.arn, trust }).result !== 'denied';
    });
}

/** The callers that the role of a service account is for, on one cluster. */
export function ownCallersOf(
  { partition, account }: PodsWithRole['environment'],
  { arn, oidc }: PodsWithRole['cluster'],
  { namespace, name, sessionTags }: ServiceAccountPods,
): OwnCallers {
  const providers = oidc === undefined ? [] : [oidcProviderArn(partition, account.id, oidc.issuer)];
  const [provider] = providers;
  return {
    partition,
    accountId: account.id,
    providers,
    clusterArns: [arn],
    subjects: [{ clusterArn: arn, ...(provider !== undefined && { provider }), namespace, serviceAccount: name }],
    tagged: sessionTags,
  };
}

/** The subjects that the conditions of some statements name, each once. A pattern names none. */
function subjectsIn(statements: readonly Statement[]): readonly string[] {
  const keys = statements.flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((one) => Object.entries(one)),
  );
  const values = keys.flatMap(([key, value]) =>
    key.toLowerCase().endsWith(':sub') ? listOf<ConditionValue>(value).map(String) : [],
  );
  return [...new Set(values)].filter((subject) => !/[*?]/.test(subject));
}

/** A role with some statements of its trust policy, and all that deny: they decide together. */
function narrowedTo({ arn, trust }: TrustingRole, statements: readonly Statement[]): TrustingRole {
  const denies = listOf(trust.Statement).filter(({ Effect }) => Effect === 'Deny');
  const narrowed: PolicyDocument = { ...trust, Statement: [...statements, ...denies] };
  return { arn, trust: narrowed };
}
