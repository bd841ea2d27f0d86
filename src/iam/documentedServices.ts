/** The day on which the names in this file were checked. */
export const DOCUMENTED_DATE = '2026-11-28';

/**
 * Services of trust policies that AWS's managed policies do not name, without `.amazonaws.com`.
 *
 * Sources: the trust policies in the guides of the services, under "service role" and "Using service-linked roles", which
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html links. IAM took these names in trust policies in
 * October 2026: udondan/iam-floyd 0.851.0 (CHANGELOG.md) creates a role with each. A name with an address beside it is from that page only. AWS publishes
 * no list.
 */
const SERVICES: readonly string[] = [
  // Containers
  'ecr',
  'eks-connector',
  'eks-fargate',
  'eks-fargate-pods',
  'eks-nodegroup',
  'emr-containers',
  // Computing
  'airflow-env',
  'appstream',
  'autoscaling-plans',
  // https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
  'build.apprunner',
  'dlm',
  'drs',
  'ec2-instance-connect',
  'edgelambda',
  'evs',
  'gamelift',
  'lightsail',
  'm2',
  'mgn',
  'outposts',
  'pcs',
  'serverlessrepo',
  'swf',
  // https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
  'tasks.apprunner',
  'workspaces',
  // Each kind of target of Application Auto Scaling
  'comprehend.application-autoscaling',
  'custom-resource.application-autoscaling',
  'elasticache.application-autoscaling',
  'kafka.application-autoscaling',
  'lambda.application-autoscaling',
  'neptune.application-autoscaling',
  'workspaces.application-autoscaling',
  // Networks
  'cloudfront',
  'directconnect',
  'logger.cloudfront',
  'ops.apigateway',
  'practice-run.arc-zonal-shift',
  'route53',
  'servicediscovery',
  'vpc-flow-logs',
  'vpcorigin.cloudfront',
  'waf',
  'waf-regional',
  // Storage and databases
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html
  'batchoperations.s3',
  'dynamodb',
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Setup.html
  'export.rds',
  'glacier',
  'monitoring.rds',
  's3-outposts',
  'storagegateway',
  'timestream',
  // Messages and data
  'appflow',
  'datapipeline',
  'es',
  'kafkaconnect',
  'kinesis',
  'kinesisanalytics',
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security-overview.html
  'osis-pipelines',
  'pinpoint',
  'self-managed-vpce.osis',
  'sms-voice',
  'sns',
  'sqs',
  // Machine learning and media
  'comprehend',
  'machinelearning',
  // https://docs.aws.amazon.com/medialive/latest/ug/scenarios-for-medialive-role.html
  'medialive',
  'mediapackage',
  'mediastore',
  'mediatailor',
  'qbusiness',
  'rekognition',
  'textract',
  'transcribe',
  'translate',
  // Devices
  // https://docs.aws.amazon.com/deadline-cloud/latest/userguide/security_iam_service-with-iam.html
  'credentials.deadline',
  'groundstation',
  'iotanalytics',
  'iotevents',
  'iottwinmaker',
  // Development
  'amplify',
  'aps',
  // https://docs.aws.amazon.com/appconfig/latest/userguide/getting-started-with-appconfig-cloudwatch-alarms-permissions.html
  'appconfig',
  'chatbot',
  'codecommit',
  'codedeploy',
  'codestar-notifications',
  'repository.sync.codeconnections',
  'xray',
  // Management and security
  'acm-pca',
  'cloudhsm',
  'cloudwatch-crossaccount',
  'controltower',
  'discovery',
  'ds',
  'iam',
  'kms',
  'license-manager',
  'managedblockchain',
  'member.org.stacksets.cloudformation',
  'opsworks-cm',
  'ram',
  'resource-groups',
  'secretsmanager',
  'signer',
  'ssm-incidents',
  'ssm-quicksetup',
  'streams.metrics.cloudwatch',
  'sts',
  'support',
  'tagpolicies.tag',
  'trustedadvisor',
  // Applications
  'app-integrations',
  'connect-campaigns',
  'meetings.chime',
  'workdocs',
  'workmail',
];

/**
 * Services outside amazonaws.com.
 * Sources: https://docs.aws.amazon.com/alexa/ask-skills-with-ask-sdk/host-a-custom-skill-as-an-aws-lambda-function.html;
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateKeySigningKey.html
 */
const ELSEWHERE: readonly string[] = [
  'alexa-appkit.amazon.com',
  'alexa-connectedhome.amazon.com',
  'api-service.dnssec.route53.aws.internal',
];

/**
 * Names with the domain of China; AWS's managed policies have more. CodeDeploy and CloudWatch Logs have the region in their names there.
 * Source: aws/aws-cdk packages/aws-cdk-lib/region-info/lib/default.ts
 */
const CHINA: readonly string[] = ['codedeploy.amazonaws.com.cn', 'logs.amazonaws.com.cn'];

export const DOCUMENTED_SERVICES: readonly string[] = [
  ...SERVICES.map((name) => `${name}.amazonaws.com`),
  ...ELSEWHERE,
  ...CHINA,
];

/**
 * Names that IAM refuses, each with the name that is meant. China has the usual name for most services.
 * Sources: terraform-aws-modules/terraform-aws-eks issues 1904 and 2263 (`eks`), aws/aws-cdk issue 2198 (`lambda`); it follows for `pods.eks`, whose
 * name is `pods.eks.amazonaws.com` in docs.amazonaws.cn. Users report `s3files` and `bedrock-agent` with IAM's answer
 */
export const REFUSED_SERVICES: ReadonlyMap<string, string> = new Map([
  ['eks.amazonaws.com.cn', 'eks.amazonaws.com'],
  ['pods.eks.amazonaws.com.cn', 'pods.eks.amazonaws.com'],
  ['lambda.amazonaws.com.cn', 'lambda.amazonaws.com'],
  ['s3files.amazonaws.com', 'elasticfilesystem.amazonaws.com'],
  ['bedrock-agent.amazonaws.com', 'bedrock.amazonaws.com'],
]);
