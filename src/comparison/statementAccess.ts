import { oidcProviderArn } from '../blueprint/arns';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE, serviceAccountSubject } from '../blueprint/sourceTrust';
import { listOf } from '../iam/PolicyDocument';
import type { ConditionValue, PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Cluster, Environment } from '../inventory/Inventory';
import { podAccess, type ServiceAccountPods, tokenAccess, type TrustingRole } from './access';

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

/** Takes the trust policy of a role apart by what each statement allows to the pods. */
export function splitTrust({ role: { arn, trust }, environment, cluster, pods }: PodsWithRole): SplitTrust {
  // A statement whose conditions are open allows nothing for sure: such a role is left out before.
  const denied = (document: PolicyDocument) => {
    const access = podAccess({ arn, trust: document }, environment, pods, cluster, 'pod-identity');
    return access.result === 'allowed' ? 0 : access.result === 'denied' ? access.denied.length : 2;
  };
  const usesPodIdentity = denied(trust) === 0;
  const provider = oidcProviderArn(environment.partition, environment.account.id, cluster.oidc?.issuer ?? '');
  const kindOf = (statement: Statement): keyof SplitTrust => {
    const alone: PolicyDocument = { ...trust, Statement: statement };
    // EKS needs two actions, which two statements can allow.
    const some = denied(alone) < 2;
    if (podAccess({ arn, trust: alone }, environment, pods, cluster, 'irsa').result === 'allowed')
      return some || !isOnly(statement, 'Federated', provider) ? 'mixed' : 'oidc';
    if (!some) return 'keep';
    if (!usesPodIdentity) return 'half';
    return isOnly(statement, 'Service', POD_IDENTITY_SERVICE) ? 'podIdentity' : 'mixed';
  };
  const all = listOf(trust.Statement).map((statement) => ({ statement, kind: kindOf(statement) }));
  const of = (kind: keyof SplitTrust) => all.flatMap((one) => (one.kind === kind ? [one.statement] : []));
  return { oidc: of('oidc'), podIdentity: of('podIdentity'), half: of('half'), mixed: of('mixed'), keep: of('keep') };
}

/** Whether a statement names this one principal, and no other. */
function isOnly({ Principal }: Statement, kind: 'Federated' | 'Service', name: string): boolean {
  if (typeof Principal !== 'object') return false;
  const names = Object.entries(Principal).flatMap(([key, values]) => listOf(values).map((value) => `${key} ${value}`));
  return names.length === 1 && names[0] === `${kind} ${name}`;
}

/** Stands for every name that nothing mentions. */
const PROBE = 'podlift-probe';
const OTHER_ACCOUNT = '000000000000';

/** Whose web identity tokens some statements of a trust policy accept besides those of a service account. */
export interface OtherTokens {
  /** The subjects that the statements name. */
  readonly subjects: readonly string[];
  /** The statements accept subjects by a pattern, or whatever their names are. */
  readonly anySubject: boolean;
  readonly anyAudience: boolean;
}

/** Evaluates whose tokens some statements of a role's trust policy accept; what the trust policy denies counts. */
export function otherTokens(of: PodsWithRole, statements: readonly Statement[]): OtherTokens {
  const { environment, cluster, pods } = of;
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined || statements.length === 0) return { subjects: [], anySubject: false, anyAudience: false };
  const { namespace, serviceAccount } = pods;
  const own = serviceAccountSubject(namespace, serviceAccount.name);
  const role = narrowedTo(of.role, statements);
  const accepts = (subject: string, audience = IRSA_AUDIENCE) =>
    tokenAccess(role, environment, { issuer, subject, audience }).result === 'allowed';
  const written = [...new Set(statements.flatMap(subjectsIn))];
  const isPattern = (text: string) => /[*?]/.test(text);
  const probes = [
    serviceAccountSubject(namespace, PROBE),
    serviceAccountSubject(PROBE, serviceAccount.name),
    serviceAccountSubject(PROBE, PROBE),
    ...written
      .filter(isPattern)
      .flatMap((pattern) => [PROBE, ''].map((part) => pattern.replaceAll('*', part).replaceAll('?', 'x'))),
  ];
  return {
    subjects: written.filter((one) => one !== own && !isPattern(one) && accepts(one)),
    anySubject: probes.some((probe) => probe !== own && accepts(probe)),
    anyAudience: accepts(own, PROBE),
  };
}

/** Whether the trust policy means the service account by its name: the token of another one of its namespace is denied. */
export function isMeantByName({ role, environment, cluster, pods }: PodsWithRole): boolean {
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined) return false;
  const accepts = (name: string) => {
    const token = { issuer, subject: serviceAccountSubject(pods.namespace, name), audience: IRSA_AUDIENCE };
    return tokenAccess(role, environment, token).result === 'allowed';
  };
  return accepts(pods.serviceAccount.name) && !accepts(PROBE);
}

/** Every subject that the conditions of a statement name. */
function subjectsIn({ Condition = {} }: Statement): readonly string[] {
  return Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) =>
      key.toLowerCase().endsWith(':sub') ? listOf<ConditionValue>(values).map(String) : [],
    ),
  );
}

/** Pods that can get a role through Pod Identity where an association names the role for them. */
export type OtherPods = 'service-accounts' | 'namespaces' | 'clusters' | 'accounts';

/** Evaluates which other pods some statements of a role's trust policy allow through Pod Identity; what the trust policy denies counts. */
export function otherPods(of: PodsWithRole, statements: readonly Statement[]): readonly OtherPods[] {
  const { environment, cluster, pods } = of;
  const { serviceAccount } = pods;
  const role = narrowedTo(of.role, statements);
  const probes: Readonly<Record<OtherPods, Partial<PodsWithRole>>> = {
    'service-accounts': { pods: { ...pods, serviceAccount: { ...serviceAccount, name: PROBE } } },
    namespaces: { pods: { ...pods, namespace: PROBE } },
    clusters: { cluster: { ...cluster, name: PROBE, arn: cluster.arn.replace(/[^/]*$/, PROBE) } },
    accounts: { environment: { ...environment, account: { ...environment.account, id: OTHER_ACCOUNT } } },
  };
  return (Object.keys(probes) as OtherPods[]).filter((probe) => {
    const other = { ...of, ...probes[probe] };
    return podAccess(role, other.environment, other.pods, other.cluster, 'pod-identity').result === 'allowed';
  });
}

/** A role with some statements of its trust policy, and all that deny: they decide together. */
function narrowedTo({ arn, trust }: TrustingRole, statements: readonly Statement[]): TrustingRole {
  const denies = listOf(trust.Statement).filter(({ Effect }) => Effect === 'Deny');
  const narrowed: PolicyDocument = { ...trust, Statement: [...statements, ...denies] };
  return { arn, trust: narrowed };
}
