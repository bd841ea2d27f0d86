import type { OneOrMany, PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Cluster, Environment, KeptStatement, TrustStatement, Workload } from '../inventory/Inventory';
import { issuerName, oidcProviderArn } from './arns';
import { sessionTagConditions } from './sessionTags';
import { STAGE_TABLE } from './stageTable';

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
 * Pod Identity exceed the default quota of 2,048 characters.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html and …/associate-service-account-role.html
 */
export function sourceTrust(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
): PolicyDocument {
  const row = STAGE_TABLE[workload.stage];
  return {
    Version: '2012-10-17',
    Statement: [
      ...(row.trustsOidc ? irsaStatements(environment, workload, clusters) : []),
      ...(row.trustsPodIdentity ? podIdentityStatements(environment, workload, clusters) : []),
      ...(workload.role.keepTrust ?? []).map(trustStatement),
    ],
  };
}

function irsaStatements(environment: Environment, workload: Workload, clusters: readonly Cluster[]): Statement[] {
  const found = workload.role.adoptedTrust?.oidc ?? [];
  const named = new Set(found.flatMap(federatedIn));
  const issuers = new Set(clusters.flatMap((cluster) => cluster.oidc?.issuer ?? []));
  const own = [...issuers].flatMap((issuer): Statement[] => {
    const provider = oidcProviderArn(environment.partition, environment.account.id, issuer);
    if (named.has(provider)) return [];
    return [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${issuerName(issuer)}:sub`]: serviceAccountSubject(workload.namespace, workload.serviceAccount.name),
            [`${issuerName(issuer)}:aud`]: IRSA_AUDIENCE,
          },
        },
      },
    ];
  });
  return [...found.map(trustStatement), ...own];
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
    workload.role.adoptedTrust?.podIdentity?.map(trustStatement) ?? [
      podIdentityStatement(environment, workload, clusters),
    ]
  );
}

function podIdentityStatement(environment: Environment, workload: Workload, clusters: readonly Cluster[]): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: POD_IDENTITY_SERVICE },
    // EKS refuses an association without both actions.
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: {
        'aws:SourceAccount': environment.account.id,
        ...(workload.sessionTags ? sessionTagConditions('aws:RequestTag', workload, clusters) : {}),
      },
    },
  };
}
