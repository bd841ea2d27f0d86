import { IRSA_AUDIENCE } from '../blueprint/sourceTrust';
import { listOf } from '../iam/meaning/listOf';
import type { ConditionValue, PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Cluster, Environment } from '../inventory/Inventory';
import { canAssume, deniedToToken, type Subject, tokenSubject, type TrustingRole } from './access';

/** The pods of a service account on a cluster, and the role that they use. */
export interface PodsWithRole {
  readonly role: TrustingRole;
  readonly environment: Pick<Environment, 'partition' | 'account'>;
  readonly cluster: Pick<Cluster, 'arn' | 'name' | 'oidc'>;
  readonly pods: Subject;
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
  const own = tokenSubject(namespace, serviceAccount.name);
  const role = narrowedTo(of.role, statements);
  const accepts = (subject: string, audience = IRSA_AUDIENCE) =>
    deniedToToken(role, environment, issuer, subject, audience).length === 0;
  const written = [...new Set(statements.flatMap(subjectsIn))];
  const isPattern = (text: string) => /[*?]/.test(text);
  const probes = [
    tokenSubject(namespace, PROBE),
    tokenSubject(PROBE, serviceAccount.name),
    tokenSubject(PROBE, PROBE),
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
    return canAssume(role, other.environment, other.pods, other.cluster, 'pod-identity');
  });
}

/** A role with some statements of its trust policy, and all that deny: they decide together. */
function narrowedTo({ arn, trust }: TrustingRole, statements: readonly Statement[]): TrustingRole {
  const denies = listOf(trust.Statement).filter(({ Effect }) => Effect === 'Deny');
  const narrowed: PolicyDocument = { ...trust, Statement: [...statements, ...denies] };
  return { arn, trust: narrowed };
}
