import { z } from 'zod';
import * as aws from '../../inventory/formats/awsFormats';
import * as cluster from '../../inventory/formats/clusterFormats';
import { referenceSections } from '../../inventory/schema/generatedPages';
import { flag, map, optional, required, several, text, words } from '../../inventory/schema/fields';
import { DEFAULT_QUOTAS } from '../../sandbox/world/quotas';

// The schema of a file for `podlift sandbox --estate`.

const document = z.record(z.string(), z.unknown());
const texts = z.record(z.string(), z.string());
const tags = optional(texts, 'Tags. Those of AWS (`aws:…`) are allowed.');

const quotas = Object.fromEntries(
  Object.entries(DEFAULT_QUOTAS).map(([name, standard]) => [
    name,
    optional(z.int().min(1), 'As in AWS Service Quotas.', { default: standard }),
  ]),
) as Record<keyof typeof DEFAULT_QUOTAS, z.ZodExactOptional<z.ZodInt>>;

const role = map('A role, by its name.', {
  path: optional(text(aws.rolePath), 'The path.', { default: '/' }),
  description: optional(text(aws.roleDescription), 'The description.'),
  trust: required(document, 'The trust policy, as IAM has it.'),
  inlinePolicies: optional(z.record(words, document), 'The inline policies by name.'),
  managedPolicies: optional(
    several(text(aws.managedPolicy)),
    'The attached policies: the name of a policy of AWS, or the ARN of a policy.',
  ),
  permissionsBoundary: optional(text(aws.policyArn), 'The ARN of the permissions boundary.'),
  maxSessionDuration: optional(z.int().min(3600).max(43_200), 'Seconds.', { default: 3600 }),
  tags,
  lastUsed: optional(
    z.union([z.literal('now'), z.iso.datetime()]),
    'When a session of the role last called an API: `now` is the start of the sandbox. Default: never.',
    { examples: ['2026-11-21T12:00:00Z'] },
  ),
  createdAt: optional(z.iso.datetime(), 'When the role was made. Default: the start of the sandbox.', {
    examples: ['2026-01-01T00:00:00Z'],
  }),
  used: optional(
    z.record(z.string(), z.union([z.literal('now'), z.iso.datetime()])),
    'When a session of the role last tried an action, by action: `s3:GetObject`. IAM reports the services, and the actions that it tracks. Default: nothing.',
    { examples: [{ 'ssm:GetParameter': 'now' }] },
  ),
});

const serviceAccount = map('A service account.', {
  namespace: required(text(cluster.namespace), 'The namespace.'),
  name: required(text(cluster.serviceAccount), 'The name.'),
  annotations: optional(texts, 'Annotations. `eks.amazonaws.com/role-arn` is that of IRSA.'),
  labels: optional(texts, 'Labels.'),
  imagePullSecrets: optional(several(words), 'The names of secrets.'),
  writer: optional(
    map('The owner of the fields in `metadata.managedFields`.', {
      fieldManager: required(words, 'Its name.', 'helm', 'argocd-controller'),
      operation: optional(z.enum(['Update', 'Apply']), '`Apply` is server-side apply.', { default: 'Update' }),
    }),
    'Who wrote the account. Default: `kubectl create`.',
  ),
});

const association = map('A Pod Identity association.', {
  id: optional(text(cluster.associationId), 'The id. Default: a new one.'),
  namespace: required(text(cluster.namespace), 'The namespace.'),
  serviceAccount: required(text(cluster.serviceAccount), 'The name of the service account, which need not exist.'),
  roleArn: required(text(aws.roleArn), 'The ARN of the role.'),
  targetRoleArn: optional(text(aws.roleArn), 'The ARN of the target role.'),
  disableSessionTags: flag('EKS sends no session tags.'),
  policy: optional(document, 'The session policy.'),
  tags,
});

const addon = map('An installed EKS add-on.', {
  name: required(words, 'The name, also `eks-pod-identity-agent`.'),
  version: optional(
    text(cluster.addonVersion),
    'The version. Default: the one that EKS installs on the Kubernetes version.',
  ),
  configuration: optional(words, 'The configuration as it was sent to EKS: JSON or YAML in one text.'),
  serviceAccountRoleArn: optional(
    text(aws.roleArn),
    'The role of the add-on by IRSA. The service account of the add-on gets the annotation.',
  ),
  associations: optional(
    several(
      map('An association of an add-on.', {
        serviceAccount: required(text(cluster.serviceAccount), 'The name of the service account.'),
        roleArn: required(text(aws.roleArn), 'The ARN of the role.'),
      }),
    ),
    'The associations that the add-on owns.',
  ),
  tags,
});

const egress = z
  .union([
    map('Through a public address, as of a NAT gateway.', { sourceIp: required(words, 'The public address.') }),
    map('Through VPC endpoints.', {
      vpc: required(words, 'The id of the VPC.'),
      vpcEndpoint: required(words, 'The id of the endpoint.'),
      privateIp: required(words, 'The private address of the pods.'),
    }),
  ])
  .describe('How the requests of pods reach AWS.');

const object = z
  .looseObject({
    apiVersion: required(words, 'The group and version.'),
    kind: required(words, 'The kind.'),
    metadata: z.looseObject({
      name: required(words, 'The name.'),
      namespace: optional(text(cluster.namespace), 'The namespace.', { default: 'default' }),
      labels: optional(texts, 'Labels.'),
      annotations: optional(texts, 'Annotations.'),
    }),
    spec: optional(document, 'What is wanted.'),
  })
  .describe('A Kubernetes object, as in a manifest.');

const eksCluster = map('An EKS cluster.', {
  name: required(text(cluster.clusterName), 'The name in EKS.'),
  region: required(text(aws.region), 'The region.'),
  version: required(text(cluster.kubernetesVersion), 'The Kubernetes version, in quotes.', '1.33'),
  issuer: optional(
    text(cluster.oidcIssuer),
    'The issuer of the tokens. Default: one made from the ARN of the cluster.',
  ),
  autoMode: flag('The cluster is in EKS Auto Mode, which has the Pod Identity agent built in.'),
  egress: optional(egress, 'How the requests of pods reach AWS. Default: the public address 203.0.113.1.'),
  nodes: optional(
    several(
      map('A node.', {
        name: required(text(cluster.serviceAccount), 'The name.'),
        compute: required(z.enum(['ec2', 'auto', 'fargate', 'hybrid', 'windows']), 'The kind of the node.'),
        labels: optional(texts, 'More labels. `eks.amazonaws.com/nodegroup` names its group.'),
      }),
    ),
    'The nodes. Default: one.',
  ),
  nodeGroups: optional(
    several(
      map('A managed node group.', {
        name: required(words, 'The name.'),
        nodeRole: required(text(aws.roleArn), 'The ARN of the role of its nodes, which the agent on them uses.'),
      }),
    ),
    'The managed node groups.',
  ),
  nodeRole: optional(text(aws.roleArn), 'The ARN of the role of the nodes of Auto Mode.'),
  addons: optional(several(addon), 'The installed EKS add-ons.'),
  associations: optional(several(association), 'The associations that no add-on owns.'),
  namespaces: optional(several(text(cluster.namespace)), 'More namespaces. Those of the objects below need no entry.'),
  serviceAccounts: optional(several(serviceAccount), 'The service accounts.'),
  objects: optional(
    several(object),
    'Other objects: Deployments, DaemonSets, StatefulSets, Jobs, CronJobs, pods, custom resources and their definitions.',
  ),
});

const account = map('An AWS account, by its id in quotes.', {
  quotas: optional(z.strictObject(quotas), 'Raised quotas. Default: those of AWS for a new account.'),
  oidcProviders: optional(
    several(z.url({ protocol: /^https$/ })),
    'The issuers for which IAM has an OIDC provider. The audience is `sts.amazonaws.com`.',
  ),
  policies: optional(
    z.record(
      words,
      map('A customer-managed policy, by its path and name without the first `/`: `team/orders-read`.', {
        document: required(document, 'The policy.'),
      }),
    ),
    'The customer-managed policies.',
  ),
  roles: optional(z.record(text(aws.roleName), role), 'The roles.'),
  analyzers: optional(
    several(
      map('An analyzer of unused access.', {
        name: required(words, 'The name.'),
        region: required(text(aws.region), 'The region.'),
        days: optional(z.int().min(1).max(365), 'What was not used for so many days is a finding.', { default: 90 }),
      }),
    ),
    'The analyzers of IAM Access Analyzer for unused access.',
  ),
  clusters: optional(several(eksCluster), 'The EKS clusters.'),
});

/** A file for `podlift sandbox --estate`: AWS accounts and clusters as they are before podlift. */
export const existingEstateSchema = z
  .strictObject({
    version: required(z.literal(1), 'The version of this format.'),
    credentials: optional(
      text(aws.accountId),
      'The account of the credentials that commands get. Default: the first account of the inventory without a deploy role.',
    ),
    organisations: optional(
      several(
        map('An organisation.', {
          id: required(words, 'The id, `o-…`.'),
          root: optional(words, 'The id of the root, `r-…`.', { default: 'r-0000' }),
          accounts: required(several(text(aws.accountId)), 'The ids of its accounts.'),
          management: optional(
            text(aws.accountId),
            'The id of its management account, which alone can list the accounts. Default: the first one.',
          ),
          names: optional(z.record(text(aws.accountId), words), 'The names of accounts by id. Default: the id.'),
          suspended: optional(several(text(aws.accountId)), 'The ids of accounts that are suspended. Default: none.'),
        }),
      ),
      'Organisations. All accounts are directly under the root. Default: no account is in one.',
    ),
    accounts: required(z.record(text(aws.accountId), account), 'The AWS accounts by their ids.'),
  })
  .describe('AWS accounts and clusters with which podlift sandbox --estate starts.');

export type ExistingEstate = z.infer<typeof existingEstateSchema>;
export type EstateAccount = ExistingEstate['accounts'][string];
export type EstateCluster = NonNullable<EstateAccount['clusters']>[number];

/** The text of `docs/sandbox-estate.md`: every key of the file with its kind, default and meaning. */
export function existingEstatePage(): string {
  return `# Reference of the sandbox's estate

This page is a reference: every key of a file for \`podlift sandbox --estate\`. [SANDBOX.md](SANDBOX.md) says how a
sandbox starts with it. Unknown keys are errors. \`npm run schema\` generates this page from
\`src/rehearsal/existingEstate/\`.

${referenceSections(existingEstateSchema)}`;
}

/** The JSON Schema of the file, for editors. */
export function existingEstateJsonSchema(): string {
  const schema = z.toJSONSchema(existingEstateSchema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
