// The types of parameters. Every pattern admits the characters of its values and no others: no value can end a text, add a policy variable (`${…}`),
// or, where the type has no patterns, a wildcard.

/** A type of parameters of the catalogue. */
export interface ParameterType {
  /** What a value looks like, for people. */
  readonly form: string;
  /** A value that is valid. */
  readonly example: string;
  readonly pattern: RegExp;
  /** One value only. Absent: one or a list. */
  readonly single?: true;
  /** Whether a value admits every resource of the type. Absent: none does. */
  readonly isOpen?: (value: string) => boolean;
}

const ACCOUNT = '111122223333';

const PARTITION = 'aws(?:-cn|-us-gov|-iso|-iso-b|-iso-e|-iso-f|-eusc)?';

/** An ARN whose last part has a format. Regions and accounts are complete. */
function arns(service: string, resource: string, example: string, form: string): ParameterType {
  return {
    form: `ARNs of ${form}`,
    example: `arn:aws:${service}:us-west-2:${ACCOUNT}:${example}`,
    pattern: new RegExp(`^arn:${PARTITION}:${service}:[a-z]{2}(?:-[a-z]+)+-\\d:\\d{12}:${resource}$`),
  };
}

/** Whether a text has nothing but wildcards and separators, at its end behind `prefix`. */
function onlyWildcards(prefix = ''): (value: string) => boolean {
  return (value) => {
    const name = prefix === '' ? value : value.slice(value.indexOf(prefix) + prefix.length);
    return name.includes('*') && /^[*?/.:-]+$/.test(name);
  };
}

/**
 * The types, by the names that pages of the catalogue use. Sources of the formats: the resource types of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/ and the API reference of each service.
 */
export const PARAMETER_TYPES = {
  flag: { form: 'true or false', example: 'true', pattern: /^(true|false)$/, single: true },
  'account-ids': { form: 'ids of accounts: 12 digits', example: ACCOUNT, pattern: /^\d{12}$/ },
  'auto-scaling-group-names': {
    form: 'names of Auto Scaling groups, with * for any part',
    example: 'eks-workers-*',
    pattern: /^[\w.+=@#/*-]{1,255}$/,
    isOpen: onlyWildcards(),
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  'bucket-names': {
    form: 'names of S3 buckets',
    example: 'acme-prod-backups',
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  },
  'bucket-prefix': {
    form: 'a prefix of objects that ends with /',
    example: 'prod/',
    pattern: /^[\w!.()/-]*\/$/,
    single: true,
  },
  'certificate-arns': arns(
    'acm',
    'certificate/[\\w-]+',
    'certificate/11112222-3333-4444-5555-666677778888',
    'certificates of ACM',
  ),
  'certificate-authority-arns': arns(
    'acm-pca',
    'certificate-authority/[\\w-]+',
    'certificate-authority/11112222-3333-4444-5555-666677778888',
    'private certificate authorities',
  ),
  'cloud-map-namespace-names': {
    form: 'names of Cloud Map namespaces',
    example: 'prod.local',
    pattern: /^[\w.-]{1,1024}$/,
  },
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
  'cluster-names': {
    form: 'names of EKS clusters',
    example: 'prod-main',
    pattern: /^[0-9A-Za-z][\w-]{0,99}$/,
  },
  'directory-bucket-arns': arns(
    's3express',
    'bucket/[a-z0-9-]+--x-s3',
    'bucket/acme--usw2-az1--x-s3',
    'directory buckets',
  ),
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html: lower case, and octal codes for other characters.
  'dns-name-patterns': {
    form: 'names of records in lower case without a last dot, with * for any part',
    example: '*.apps.example.com',
    pattern: /^[a-z0-9_*](?:[a-z0-9_.*-]{0,253}[a-z0-9_*-])?$/,
    isOpen: onlyWildcards(),
  },
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
  'dns-record-types': {
    form: 'types of records in upper case',
    example: 'CNAME',
    pattern: /^(A|AAAA|CAA|CNAME|DS|HTTPS|MX|NAPTR|NS|PTR|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT)$/,
  },
  'ecr-repository-names': {
    form: 'names of ECR repositories, with * for any part',
    example: 'apps/*',
    pattern: /^[a-z0-9*][a-z0-9._/*-]{0,255}$/,
    isOpen: onlyWildcards(),
  },
  'file-system-arns': arns(
    'elasticfilesystem',
    'file-system/fs-[0-9a-f]+',
    'file-system/fs-0123456789abcdef0',
    'EFS file systems',
  ),
  'firehose-stream-names': {
    form: 'names of Firehose streams',
    example: 'logs',
    pattern: /^[\w.-]{1,64}$/,
  },
  // https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html (Id: at most 32 characters)
  'hosted-zone-ids': {
    form: 'ids of hosted zones, which begin with Z',
    example: 'Z0123456789ABCDEFGHIJ',
    pattern: /^Z[0-9A-Z]{1,31}$/,
  },
  'kinesis-stream-arns': arns('kinesis', 'stream/[\\w.-]{1,128}', 'stream/logs', 'Kinesis streams'),
  'kms-key-arns': arns(
    'kms',
    'key/[A-Za-z0-9-]+',
    'key/11112222-3333-4444-5555-666677778888',
    'KMS keys (not of aliases)',
  ),
  'log-group-names': {
    form: 'names of log groups, with * for any part',
    example: '/aws/eks/prod/*',
    pattern: /^[\w./#*-]{1,512}$/,
    isOpen: onlyWildcards(),
  },
  'managed-policy-names': {
    form: 'names of AWS managed policies, with their paths',
    example: 'AmazonS3FullAccess',
    pattern: /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
  },
  'opensearch-domain-arns': arns('es', 'domain/[a-z][a-z0-9-]{2,27}', 'domain/logs', 'OpenSearch domains'),
  'queue-arns': arns('sqs', '[\\w-]{1,80}(?:\\.fifo)?', 'karpenter-prod', 'SQS queues'),
  'role-arns': {
    form: 'ARNs of IAM roles',
    example: `arn:aws:iam::${ACCOUNT}:role/reader`,
    pattern: new RegExp(`^arn:${PARTITION}:iam::\\d{12}:role/(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}$`),
  },
  'role-names': {
    form: 'names of IAM roles, with their paths',
    example: 'eks-nodes',
    pattern: /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (Name); rds!… are managed by other services.
  'secret-arns': {
    ...arns('secretsmanager', 'secret:[\\w/+=.@!*?-]+', 'secret:prod/*', 'secrets, with * and ? for parts of the name'),
    isOpen: onlyWildcards(':secret:'),
  },
  'ssm-parameter-arns': {
    ...arns(
      'ssm',
      'parameter/[\\w./*?-]+',
      'parameter/prod/*',
      'parameters of Systems Manager, with * and ? for parts of the name',
    ),
    isOpen: onlyWildcards(':parameter/'),
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
  'table-names': { form: 'names of DynamoDB tables', example: 'external-dns', pattern: /^[\w.-]{3,255}$/ },
  tag: {
    form: 'a tag as KEY=VALUE',
    example: 'external-dns/owner=prod',
    pattern: /^[\w.:/+@-]{1,128}=[\w .:/+@-]{0,256}$/,
    single: true,
  },
  'vpc-arns': arns('ec2', 'vpc/vpc-[0-9a-f]+', 'vpc/vpc-0123456789abcdef0', 'VPCs'),
  'workspace-arns': arns(
    'aps',
    'workspace/ws-[0-9a-f-]+',
    'workspace/ws-11112222-3333-4444-5555-666677778888',
    'workspaces of Amazon Managed Prometheus',
  ),
} as const satisfies Readonly<Record<string, ParameterType>>;

export type ParameterTypeName = keyof typeof PARAMETER_TYPES;

/** The type of a parameter. */
export function parameterType(name: ParameterTypeName): ParameterType {
  return PARAMETER_TYPES[name];
}
