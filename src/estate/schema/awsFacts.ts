import { z } from 'zod';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';

// What AWS says, as ports return it and as an Estate has it. `../aws/AwsPort.ts` has the types.

const text = z.string();
const texts = z.array(text);

/** Tags, and other texts by name. */
export const textsByName = z.record(text, text);

const arn = (of: string) => text.meta({ description: `ARN of ${of}.` });

/** A time of AWS or of a cluster. */
export const time = z.iso.datetime().meta({ id: 'time', description: 'ISO 8601, in UTC.' });

const oneOrMany = z.union([text, texts]);
const principal = z.union([
  z.literal('*'),
  z.object({
    AWS: oneOrMany.exactOptional(),
    Service: oneOrMany.exactOptional(),
    Federated: oneOrMany.exactOptional(),
    CanonicalUser: oneOrMany.exactOptional(),
  }),
]);
const conditionValue = z.union([text, z.number(), z.boolean()]);
const statement: z.ZodType<Statement> = z
  .object({
    Sid: text.exactOptional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principal.exactOptional(),
    NotPrincipal: principal.exactOptional(),
    Action: oneOrMany.exactOptional(),
    NotAction: oneOrMany.exactOptional(),
    Resource: oneOrMany.exactOptional(),
    NotResource: oneOrMany.exactOptional(),
    Condition: z.record(text, z.record(text, z.union([conditionValue, z.array(conditionValue)]))).exactOptional(),
  })
  .meta({ id: 'statement' });

/** A policy document in IAM's own JSON names. */
export const policyDocument: z.ZodType<PolicyDocument> = z
  .object({
    Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
    Id: text.exactOptional(),
    Statement: z.union([statement, z.array(statement)]),
  })
  .meta({ id: 'policyDocument', description: "A policy document in IAM's own JSON names." });

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html */
export const clusterFacts = z
  .object({
    arn: arn('the cluster'),
    status: text.meta({ description: 'ACTIVE, UPDATING, …' }),
    version: text.meta({ description: '1.NN' }),
    platformVersion: text.meta({ description: 'eks.N' }),
    autoMode: z.boolean(),
    ipFamily: text.meta({ description: 'ipv4 or ipv6.' }).exactOptional(),
    nodeRoleArn: arn('the role of the nodes of Auto Mode').exactOptional(),
    issuer: text.meta({ description: 'The OIDC issuer, https://….' }).exactOptional(),
  })
  .meta({ id: 'cluster', description: 'An EKS cluster, as EKS describes it.' });

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html */
export const addonFacts = z
  .object({
    name: text,
    arn: arn('the add-on'),
    status: text.meta({ description: 'ACTIVE, CREATING, DEGRADED, …' }),
    version: text,
    issues: texts.meta({ description: 'Its health issues, each as EKS states it.' }),
    configuration: text.meta({ description: 'Its configurationValues: JSON or YAML.' }).exactOptional(),
    serviceAccountRoleArn: arn("the IRSA role of the add-on's service account").exactOptional(),
    associationArns: texts.meta({ description: 'ARNs of the associations that the add-on owns.' }),
    tags: textsByName,
  })
  .meta({ id: 'addon', description: 'An EKS add-on.' });

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
export const nodeGroupFacts = z
  .object({ name: text, nodeRole: arn('the role of its nodes') })
  .meta({ id: 'nodeGroup', description: 'A managed node group.' });

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html */
export const oidcProviderFacts = z
  .object({
    arn: arn('the provider'),
    audiences: texts.meta({ description: 'The audiences that it accepts.' }),
    tags: textsByName.exactOptional(),
  })
  .meta({ id: 'oidcProvider', description: 'An IAM OIDC provider.' });

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html */
export const associationFacts = z
  .object({
    id: text.meta({ description: 'a-…' }),
    namespace: text,
    serviceAccount: text,
    roleArn: arn('the role'),
    targetRoleArn: arn('the target role').exactOptional(),
    disableSessionTags: z.boolean(),
    sessionPolicy: policyDocument.exactOptional(),
    ownerArn: arn('the add-on that owns the association').exactOptional(),
    modifiedAt: time.meta({ description: 'When it was created or updated last.' }).exactOptional(),
    tags: textsByName,
  })
  .meta({ id: 'association', description: 'A Pod Identity association.' });

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
export const roleFacts = z
  .object({
    name: text,
    path: text.meta({ description: '/ or /…/' }),
    arn: arn('the role'),
    trust: policyDocument,
    description: text.exactOptional(),
    permissionsBoundary: arn('the policy').exactOptional(),
    maxSessionDuration: z.int().meta({ description: 'Seconds.' }),
    tags: textsByName,
    createdAt: time.exactOptional(),
    lastUsed: time
      .meta({
        description:
          'IAM writes it within four hours of the use. Absent: not used in the time that IAM keeps (400 days).',
      })
      .exactOptional(),
  })
  .meta({ id: 'role', description: 'An IAM role.' });

/** The policies of a role, apart from its boundary. */
export const rolePolicyFacts = z
  .object({
    attached: texts.meta({ description: 'ARNs of the attached managed policies.' }),
    inline: z.record(text, policyDocument).meta({ description: 'Inline policies by name.' }),
  })
  .meta({ id: 'rolePolicies', description: 'The policies of a role, apart from its boundary.' });

/**
 * What IAM knows of the use of a role's permissions. An action that AWS tracks is in `tracked` with a time, or without one where the role has not used it. Of an action that is
 * not in the list AWS says nothing: data events such as `s3:GetObject`, `iam:PassRole` and `sts:TagSession` are never there.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html; captures of radkawar/stackd, docs/iam-last-access.md (2026-09-11)
 */
export const lastAccessedFacts = z
  .object({
    services: z
      .array(
        z.object({
          service: text.meta({ description: 's3' }),
          lastAccessed: time
            .meta({ description: 'The last attempt, also a denied one. Absent: none in 400 days.' })
            .exactOptional(),
          tracked: z.array(
            z.object({ action: text.meta({ description: 's3:PutObject' }), lastAccessed: time.exactOptional() }),
          ),
        }),
      )
      .meta({ description: 'The services that the identity policies of the role allow.' }),
  })
  .meta({ id: 'lastAccessed', description: "IAM's report on the use of a role's permissions." });

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html and API_UnusedAccessConfiguration.html */
export const analyzerFacts = z
  .object({
    arn: arn('the analyzer'),
    analyzerType: text.meta({ description: 'ACCOUNT_UNUSED_ACCESS or ORGANIZATION_UNUSED_ACCESS.' }),
    days: z.int().meta({ description: 'What was not used for so many days is a finding.' }),
  })
  .meta({ id: 'analyzer', description: 'An active analyzer of unused access.' });

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetFindingV2.html */
export const unusedFindingFacts = z
  .object({
    findingType: text.meta({ description: 'UnusedIAMRole or UnusedPermission.' }),
    findingStatus: text.meta({ description: 'ACTIVE, or ARCHIVED: somebody decided to keep it.' }),
    analyzedAt: time,
    services: z
      .array(
        z.object({
          service: text,
          lastAccessed: time.exactOptional(),
          unused: texts.meta({ description: 'Its unused actions: s3:PutObject.' }).exactOptional(),
        }),
      )
      .meta({ description: 'Of UnusedPermission. A service without `unused` was not used at all.' }),
  })
  .meta({ id: 'unusedFinding', description: 'A finding of an analyzer about unused access of a role.' });

/** Source: the record contents of CloudTrail's user guide. */
export const trailEvent = z
  .object({
    id: text,
    name: text.meta({ description: 'AssumeRoleWithWebIdentity, UpdateAssumeRolePolicy, …' }),
    at: time,
    roleArns: texts.meta({ description: 'ARNs of the roles that the request or its resources name.' }),
    role: text.meta({ description: 'The name of the role that a request of IAM changes.' }).exactOptional(),
    by: text.meta({ description: 'The caller: system:serviceaccount:ns:sa, a service, an ARN.' }).exactOptional(),
    invokedBy: text
      .meta({ description: 'The service that called on behalf of others: pods.eks.amazonaws.com.' })
      .exactOptional(),
    userAgent: text.meta({ description: 'The program that called.' }).exactOptional(),
    session: text.meta({ description: 'The name of the session of the role.' }).exactOptional(),
    provider: arn('the OIDC provider of a web identity').exactOptional(),
    pod: z
      .object({ cluster: text, namespace: text, serviceAccount: text })
      .meta({
        description: 'The service account of a Pod Identity session and the name of its cluster, by the session tags.',
      })
      .exactOptional(),
    error: text.meta({ description: 'The error code. Absent: it succeeded.' }).exactOptional(),
  })
  .meta({ id: 'trailEvent', description: 'An event of CloudTrail about a role: its session, or its trust policy.' });
