import { oidcProviderArn } from '../../blueprint/arns';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { listOf } from '../../iam/meaning/listOf';
import type { ConditionValue, PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { Cluster } from '../../inventory/Inventory';
import { canAssume, deniedToPods, deniedToToken, type Subject as PodIdentity } from '../../comparison/access';
import type { Surroundings } from './ClusterSurvey';

/** Whose role it is, and where. `cluster.oidc` is the live issuer. */
export interface TrustScene {
  readonly environment: Pick<Surroundings, 'partition' | 'account'>;
  readonly cluster: Pick<Cluster, 'arn' | 'name' | 'oidc'>;
  readonly pods: PodIdentity;
  readonly roleArn: string;
}

/** A trust policy taken apart by what its statements do, each by evaluating it. */
export interface SplitTrust {
  /** Let the service account's pods in by web identity. */
  readonly oidc: readonly Statement[];
  /** Let them in by Pod Identity. */
  readonly podIdentity: readonly Statement[];
  /** Give them one of the two actions that Pod Identity needs, in a document that does not give them the other. */
  readonly half: readonly Statement[];
  /** All others. */
  readonly keep: readonly Statement[];
  /** The document as a whole lets them in. */
  readonly letsWebIdentityIn: boolean;
  readonly letsPodIdentityIn: boolean;
  /** Statements that let the pods in and cannot go or come without somebody else. */
  readonly mixed: readonly Statement[];
  /** Further service accounts of the cluster that the `oidc` statements let in, as `namespace/name`. */
  readonly otherSubjects: readonly string[];
  /** They let service accounts in by a pattern, or whatever they are called. */
  readonly anySubject: boolean;
  /** They take tokens for any audience. */
  readonly anyAudience: boolean;
}

/** Takes a role's trust policy apart. */
export function splitTrust(scene: TrustScene, trust: PolicyDocument): SplitTrust {
  const oidc: Statement[] = [];
  const podIdentity: Statement[] = [];
  const half: Statement[] = [];
  const keep: Statement[] = [];
  const mixed: Statement[] = [];
  const letsPodIdentity = refused(scene, trust).length === 0;
  for (const statement of listOf(trust.Statement)) {
    const alone: PolicyDocument = { ...trust, Statement: statement };
    const web = webIdentity(scene, alone);
    // EKS asks for two actions, which two statements may give.
    const given = 2 - refused(scene, alone).length;
    const pod = letsPodIdentity && given > 0;
    if (web && (pod || !isOf(statement, { Federated: providerOf(scene) }))) mixed.push(statement);
    else if (pod && !isOf(statement, { Service: POD_IDENTITY_SERVICE })) mixed.push(statement);
    else (web ? oidc : pod ? podIdentity : given > 0 ? half : keep).push(statement);
  }
  return {
    oidc,
    podIdentity,
    half,
    keep,
    mixed,
    letsWebIdentityIn: webIdentity(scene, trust),
    letsPodIdentityIn: letsPodIdentity,
    ...strangersBy(scene, trust, oidc),
  };
}

function webIdentity({ roleArn, environment, pods, cluster }: TrustScene, trust: PolicyDocument): boolean {
  return canAssume({ arn: roleArn, trust }, environment, pods, cluster, 'irsa');
}

function refused({ roleArn, environment, pods, cluster }: TrustScene, trust: PolicyDocument): readonly string[] {
  return (deniedToPods({ arn: roleArn, trust }, environment, pods, cluster, 'pod-identity') ?? []).map(
    ({ action }) => action,
  );
}

function providerOf({ environment, cluster }: TrustScene): string {
  return oidcProviderArn(environment.partition, environment.account.id, cluster.oidc?.issuer ?? '');
}

/** Whether a statement names this one principal, and nobody else. */
function isOf({ Principal }: Statement, wanted: Readonly<Record<string, string>>): boolean {
  if (typeof Principal !== 'object') return false;
  const names = Object.entries(Principal).flatMap(([kind, values]) =>
    listOf(values).map((value) => `${kind} ${value}`),
  );
  const [only] = Object.entries(wanted).map(([kind, value]) => `${kind} ${value}`);
  return names.length === 1 && names[0] === only;
}

const PROBE = 'podlift-probe';

/** Who else gets in by these statements: asked of the whole document, since a Deny may keep them out. */
function strangersBy(
  { roleArn, environment, pods, cluster }: TrustScene,
  trust: PolicyDocument,
  statements: readonly Statement[],
): Pick<SplitTrust, 'otherSubjects' | 'anySubject' | 'anyAudience'> {
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined || statements.length === 0)
    return { otherSubjects: [], anySubject: false, anyAudience: false };
  const subject = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
  const own = subject(pods.namespace, pods.serviceAccount.name);
  const others = listOf(trust.Statement).filter(({ Effect }) => Effect === 'Deny');
  const these: PolicyDocument = { ...trust, Statement: [...statements, ...others] };
  const gets = (who: string, audience = IRSA_AUDIENCE) =>
    deniedToToken({ arn: roleArn, trust: these }, environment, issuer, who, audience).length === 0;
  const written = [...new Set(statements.flatMap(subjectsIn))];
  const probes = [
    subject(pods.namespace, PROBE),
    subject(PROBE, pods.serviceAccount.name),
    subject(PROBE, PROBE),
    ...written
      .filter(isPattern)
      .flatMap((pattern) => [PROBE, ''].map((part) => pattern.replaceAll('*', part).replaceAll('?', 'x'))),
  ];
  return {
    otherSubjects: written
      .filter((one) => one !== own && !isPattern(one) && gets(one))
      .flatMap((one) => /^system:serviceaccount:([^:]+):([^:]+)$/.exec(one)?.slice(1, 3).join('/') ?? [one]),
    anySubject: probes.some((probe) => probe !== own && gets(probe)),
    anyAudience: gets(own, PROBE),
  };
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** Every subject that the conditions of a statement speak of. */
function subjectsIn({ Condition = {} }: Statement): readonly string[] {
  return Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) =>
      key.toLowerCase().endsWith(':sub') ? listOf<ConditionValue>(values).map(String) : [],
    ),
  );
}
