/** The day on which the names in this file were checked. */
export const DOCUMENTED_DATE = '2026-11-28';

/**
 * Services of trust policies that AWS's managed policies do not name, without `.amazonaws.com`.
 *
 * Source: IAM took these names in October 2026. udondan/iam-floyd 0.851.0 (CHANGELOG.md) creates a role with each, and reports which IAM takes. This
 * list was compared with the report name by name. Names with a source beside them are not in the report. The guide of each service is at
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html. AWS publishes no list.
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
  // binbashar/terraform-aws-rds-export-to-s3 identities.tf
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
  // hashicorp/terraform-provider-aws, the example of aws_osis_pipeline
  'osis-pipelines',
  'pinpoint',
  'self-managed-vpce.osis',
  'sms-voice',
  'sns',
  'sqs',
  // Machine learning and media
  'comprehend',
  'machinelearning',
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_medialive.html (iam:PassedToService)
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
  // Deadline Cloud user guide: trust policies of queues and fleets
  'credentials.deadline',
  'groundstation',
  'iotanalytics',
  'iotevents',
  'iottwinmaker',
  // Development
  'amplify',
  'aps',
  // https://docs.aws.amazon.com/appconfig/latest/userguide/setting-up-appconfig.html
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
 * name is `pods.eks.amazonaws.com` in https://docs.amazonaws.cn/en_us/eks/latest/userguide/pod-id-role.html. Users report `s3files` and `bedrock-agent` with IAM's answer
 */
export const REFUSED_SERVICES: ReadonlyMap<string, string> = new Map([
  ['eks.amazonaws.com.cn', 'eks.amazonaws.com'],
  ['pods.eks.amazonaws.com.cn', 'pods.eks.amazonaws.com'],
  ['lambda.amazonaws.com.cn', 'lambda.amazonaws.com'],
  ['s3files.amazonaws.com', 'elasticfilesystem.amazonaws.com'],
  ['bedrock-agent.amazonaws.com', 'bedrock.amazonaws.com'],
]);
