import type { OneOrMany, PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Cluster, Environment, KeptStatement, TrustStatement, Workload } from '../inventory/Inventory';
import { issuerName, oidcProviderArn } from './arns';
import { oneOrMany } from './oneOrMany';
import { sessionTagConditions } from './sessionTags';
import { STAGE_TABLE } from './stageTable';
import { type SubjectBox, subjectBoxes } from './subjectBoxes';

/** The audience of the tokens that the EKS webhook projects for IRSA. */
export const IRSA_AUDIENCE = 'sts.amazonaws.com';

/** The subject of a service account's web identity token. */
export function serviceAccountSubject(namespace: string, serviceAccount: string): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** The service that assumes source roles for pods. */
export const POD_IDENTITY_SERVICE = 'pods.eks.amazonaws.com';

/**
 * The trust policy of a workload's source role at its stage, for all its clusters, with the statements that an adopted role keeps. Adopted
 * statements replace podlift's own, so that adopting a role changes nothing. The statements have no Sid: otherwise three OIDC providers and
 * Pod Identity exceed the default quota of 2,048 characters. Version and `Id` stay as they were found.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html and …/associate-service-account-role.html
 */
export function sourceTrust(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
): PolicyDocument {
  const row = STAGE_TABLE[workload.stage];
  return {
    ...trustFrame(workload),
    Statement: [
      ...(row.trustsOidc ? irsaStatements(environment, workload, clusters) : []),
      ...(row.trustsPodIdentity ? podIdentityStatements(environment, workload, clusters) : []),
      ...(workload.role.keepTrust ?? []).map(trustStatement),
    ],
  };
}

/** What a trust policy has beside its statements. podlift's own statements have no variable, so that the version does not change what they mean. */
export function trustFrame({ role }: Pick<Workload, 'role'>): Omit<PolicyDocument, 'Statement'> {
  const { version, id } = role.adoptedTrust ?? {};
  return { ...(version !== 'none' && { Version: version ?? '2012-10-17' }), ...(id !== undefined && { Id: id }) };
}

function irsaStatements(environment: Environment, workload: Workload, clusters: readonly Cluster[]): Statement[] {
  const found = workload.role.adoptedTrust?.oidc ?? [];
  const named = new Set(found.flatMap(federatedIn));
  // In one order whatever the order of the clusters in the file, so that the text of the document says nothing but its meaning.
  const issuers = [...new Set(clusters.flatMap((cluster) => cluster.oidc?.issuer ?? []))].sort();
  const own = issuers.flatMap((issuer): Statement[] => {
    const provider = oidcProviderArn(environment.partition, environment.account.id, issuer);
    if (named.has(provider)) return [];
    // Tokens of one issuer are of one cluster, or of several of which each may have the subjects of the others.
    const boxes = subjectBoxes(
      workload,
      clusters.filter(({ oidc }) => oidc?.issuer === issuer),
    );
    return [false, true].flatMap((isPattern): Statement[] => {
      const subjects = boxes.filter((box) => box.isPattern === isPattern).flatMap(subjectsOf);
      if (subjects.length === 0) return [];
      const sub = { [`${issuerName(issuer)}:sub`]: oneOrMany([...new Set(subjects)]) };
      const aud = { [`${issuerName(issuer)}:aud`]: IRSA_AUDIENCE };
      return [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: isPattern ? { StringEquals: aud, StringLike: sub } : { StringEquals: { ...sub, ...aud } },
        },
      ];
    });
  });
  return [...found.map(trustStatement), ...own];
}

function subjectsOf({ namespaces, serviceAccounts }: SubjectBox): readonly string[] {
  return namespaces.flatMap((namespace) => serviceAccounts.map((name) => serviceAccountSubject(namespace, name)));
}

/** A statement of the inventory as AWS gets it. */
export function trustStatement({ because, ...statement }: KeptStatement): TrustStatement {
  return statement;
}

/** The OIDC providers in a statement. */
function federatedIn({ Principal }: TrustStatement): OneOrMany<string> {
  return typeof Principal === 'object' ? (Principal.Federated ?? []) : [];
}

function podIdentityStatements(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
): readonly Statement[] {
  return (
    workload.role.adoptedTrust?.podIdentity?.map(trustStatement) ??
    (workload.sessionTags ? subjectBoxes(workload, clusters) : [undefined]).map((box) =>
      podIdentityStatement(environment, box),
    )
  );
}

/** @param box who is admitted; absent: EKS sends no session tags that could tell the account's pods apart */
function podIdentityStatement({ account }: Environment, box: SubjectBox | undefined): Statement {
  const tags = box && sessionTagConditions('aws:RequestTag', box);
  return {
    Effect: 'Allow',
    Principal: { Service: POD_IDENTITY_SERVICE },
    // EKS refuses an association without both actions.
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: { ...tags, StringEquals: { 'aws:SourceAccount': account.id, ...tags?.StringEquals } },
  };
}
