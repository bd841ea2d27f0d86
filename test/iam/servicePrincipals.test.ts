import { judgeService, unknownServices } from '../../src/iam/servicePrincipals';

/** From trust policies in AWS's guides, one a service. */
const REAL = `
  access-analyzer.amazonaws.com acm-pca.amazonaws.com amplify.amazonaws.com apigateway.amazonaws.com
  appconfig.amazonaws.com application-autoscaling.amazonaws.com apprunner.amazonaws.com autoscaling.amazonaws.com
  backup.amazonaws.com batch.amazonaws.com batchoperations.s3.amazonaws.com bedrock.amazonaws.com
  build.apprunner.amazonaws.com budgets.amazonaws.com cloudformation.amazonaws.com cloudtrail.amazonaws.com
  codebuild.amazonaws.com codedeploy.amazonaws.com codepipeline.amazonaws.com config.amazonaws.com
  credentials.iot.amazonaws.com datasync.amazonaws.com delivery.logs.amazonaws.com dlm.amazonaws.com
  dms.amazonaws.com ds.amazonaws.com dynamodb.application-autoscaling.amazonaws.com ec2.amazonaws.com
  ec2fleet.amazonaws.com ecs-tasks.amazonaws.com ecs.amazonaws.com edgelambda.amazonaws.com
  eks-connector.amazonaws.com eks-fargate-pods.amazonaws.com eks-fargate.amazonaws.com eks-nodegroup.amazonaws.com
  eks.amazonaws.com elasticbeanstalk.amazonaws.com elasticfilesystem.amazonaws.com elasticmapreduce.amazonaws.com
  emr-containers.amazonaws.com es.amazonaws.com events.amazonaws.com export.rds.amazonaws.com firehose.amazonaws.com
  fis.amazonaws.com glue.amazonaws.com iot.amazonaws.com kafkaconnect.amazonaws.com kinesisanalytics.amazonaws.com
  lakeformation.amazonaws.com lambda.amazonaws.com logger.cloudfront.amazonaws.com logs.amazonaws.com
  mediaconvert.amazonaws.com medialive.amazonaws.com monitoring.rds.amazonaws.com ops.apigateway.amazonaws.com
  osis-pipelines.amazonaws.com pipes.amazonaws.com pods.eks.amazonaws.com quicksight.amazonaws.com rds.amazonaws.com
  redshift.amazonaws.com replication.ecr.amazonaws.com rolesanywhere.amazonaws.com s3.amazonaws.com
  sagemaker.amazonaws.com scheduler.amazonaws.com secretsmanager.amazonaws.com servicecatalog.amazonaws.com
  ses.amazonaws.com sms.amazonaws.com sns.amazonaws.com spotfleet.amazonaws.com sqs.amazonaws.com ssm.amazonaws.com
  states.amazonaws.com storagegateway.amazonaws.com streams.metrics.cloudwatch.amazonaws.com transfer.amazonaws.com
  vmie.amazonaws.com vpc-flow-logs.amazonaws.com waf.amazonaws.com xray.amazonaws.com
  alexa-appkit.amazon.com api-service.dnssec.route53.aws.internal
`;
/**
 * Names that may be services. The list does not have them: it is not complete, and AWS has new ones every week. The first are real; nobody knows
 * which services have a name for China.
 */
const UNKNOWN = `
  clouddirectory.amazonaws.com finspace.amazonaws.com freertos.amazonaws.com honeycode.amazonaws.com
  iotthingsgraph.amazonaws.com mobilehub.amazonaws.com route53domains.amazonaws.com wam.amazonaws.com ec.amazonaws.com
  tts.amazonaws.com inspector3.amazonaws.com lexv3.amazonaws.com s3v2.amazonaws.com rds2.amazonaws.com
  cognito-identity.amazonaws.com eks-auth.amazonaws.com oidc.eks.us-west-2.amazonaws.com tomorrow.amazonaws.com
  new.eks.amazonaws.com s3.amazonaws.com.cn voice.amazon.com nova.aws.internal
`;

/** With a region, and of China. Source of `dms.<region>`: AWS's managed policies. */
const FORMS = `
  states.us-east-1.amazonaws.com logs.eu-west-1.amazonaws.com logs.us-gov-west-1.amazonaws.com
  codedeploy.ap-southeast-2.amazonaws.com s3.me-south-1.amazonaws.com ssm.ap-east-1.amazonaws.com
  dms.il-central-1.amazonaws.com ec2.amazonaws.com.cn elasticmapreduce.amazonaws.com.cn
  logs.cn-north-1.amazonaws.com.cn codedeploy.cn-northwest-1.amazonaws.com.cn
  replication.ecr.ca-west-1.amazonaws.com
`;

/** What is refused, and the service that is meant. */
const NONE: readonly (readonly [string, string | undefined])[] = [
  ['pod.eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazon.com', 'pods.eks.amazonaws.com'],
  ['pods.eks.aws.internal', 'pods.eks.amazonaws.com'],
  ['eks-pods.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods-eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pod-eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['eks.pods.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['podseks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods.esk.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods.eks', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazonaws', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazonws.com', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazonaws.con', 'pods.eks.amazonaws.com'],
  ['pods.eks.aws.amazon.com', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazonaws.com.', 'pods.eks.amazonaws.com'],
  [' pods.eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['https://pods.eks.amazonaws.com/', 'pods.eks.amazonaws.com'],
  ['Pods.eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods_eks.amazonaws.com', 'pods.eks.amazonaws.com'],
  ['pods.eks.amazonaws.com.cn', 'pods.eks.amazonaws.com'],
  ['eks.amazonaws.com.cn', 'eks.amazonaws.com'],
  ['lambda.amazonaws.com.cn', 'lambda.amazonaws.com'],
  ['EC2.amazonaws.com', 'ec2.amazonaws.com'],
  ['lamda.amazonaws.com', 'lambda.amazonaws.com'],
  ['codepipeiine.amazonaws.com', 'codepipeline.amazonaws.com'],
  ['sagemkaer.amazonaws.com', 'sagemaker.amazonaws.com'],
  ['ecs-task.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  ['ecs.tasks.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  ['event.amazonaws.com', 'events.amazonaws.com'],
  ['eks-nodegroups.amazonaws.com', 'eks-nodegroup.amazonaws.com'],
  ['eks-node-group.amazonaws.com', 'eks-nodegroup.amazonaws.com'],
  ['vpcflowlogs.amazonaws.com', 'vpc-flow-logs.amazonaws.com'],
  ['log.eu-west-1.amazonaws.com', 'logs.eu-west-1.amazonaws.com'],
  ['us-east-1.states.amazonaws.com', 'states.us-east-1.amazonaws.com'],
  ['states.us-esat-1.amazonaws.com', undefined],
  ['s3files.amazonaws.com', 'elasticfilesystem.amazonaws.com'],
  ['bedrock-agent.amazonaws.com', 'bedrock.amazonaws.com'],
  ['amazonaws.com', undefined],
  ['*.amazonaws.com', undefined],
  ['*', undefined],
  ['', undefined],
  ['ec2*.amazonaws.com', undefined],
  ['lambda.amazonaws.com.example.org', undefined],
  ['system:serviceaccount:shop:api', undefined],
  ['arn:aws:iam::111122223333:root', undefined],
];

const names = (text: string) => text.trim().split(/\s+/);

describe('a service principal', () => {
  it.each(names(REAL))('%s is known', (name) => {
    expect(judgeService(name)).toEqual({ verdict: 'known' });
  });

  it.each(names(FORMS))('%s is known by its form', (name) => {
    expect(judgeService(name)).toEqual({ verdict: 'known' });
  });

  it.each(names(UNKNOWN))('%s is unknown, and no other one is meant', (name) => {
    expect(judgeService(name)).toEqual({ verdict: 'unknown' });
  });

  it.each(NONE)('%j is refused, and what is meant is %s', (name, meant) => {
    expect(judgeService(name)).toEqual({ verdict: 'refused', meant });
  });

  it('may be of any length', () => {
    expect(judgeService(`${'.'.repeat(1_000_000)}x`)).toEqual({ verdict: 'refused', meant: undefined });
  });

  it('that is meant is known itself', () => {
    const meant = NONE.flatMap(([, one]) => (one === undefined ? [] : [one]));
    expect(meant.filter((name) => judgeService(name).verdict !== 'known')).toEqual([]);
  });
});

describe('the unknown services of a trust policy', () => {
  it('have their places, in a text and in a list', () => {
    const Statement = [
      { Principal: { Service: 'tomorrow.amazonaws.com' } },
      { Principal: { Service: ['ec2.amazonaws.com', 'pod.eks.amazonaws.com', 'new.eks.amazonaws.com'] } },
    ];
    expect(unknownServices({ Statement })).toEqual([
      { name: 'tomorrow.amazonaws.com', path: ['Statement', 0, 'Principal', 'Service'] },
      { name: 'new.eks.amazonaws.com', path: ['Statement', 1, 'Principal', 'Service', 2] },
    ]);
  });

  it.each([
    ['a text', 'x'],
    ['nothing', undefined],
    ['everyone', { Statement: [{ Principal: '*' }, 'x', {}, { Principal: { Service: 5 } }] }],
  ])('are none in %s', (_, document) => {
    expect(unknownServices(document)).toEqual([]);
  });
});
