import type { ApiResult, Call } from '../api/Action';
import type { Input } from '../api/Input';
import { recordEvent, signerIdentity } from './recordEvent';

/**
 * Where events of IAM are recorded, in whatever region the caller is.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
const REGION_OF_IAM: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/**
 * Records iam:CreateRole and iam:UpdateAssumeRolePolicy in the caller's account. What AWS has as resources of these events besides the name of the role is
 * not known.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export function recordRoleChange(name: 'CreateRole' | 'UpdateAssumeRolePolicy') {
  return (input: Input, call: Call, answer: ApiResult): void => {
    const { RoleName: role, AssumeRolePolicyDocument, PolicyDocument } = input;
    const roleName = typeof role === 'string' ? role : '';
    recordEvent(call.state, {
      name,
      source: 'iam.amazonaws.com',
      region: REGION_OF_IAM[call.partition] ?? 'us-east-1',
      time: call.time,
      identity: signerIdentity(call.principal),
      userAgent: call.userAgent,
      requestParameters: {
        roleName,
        ...(AssumeRolePolicyDocument !== undefined && { assumeRolePolicyDocument: AssumeRolePolicyDocument }),
        ...(PolicyDocument !== undefined && { policyDocument: PolicyDocument }),
      },
      resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: roleName }],
      recordResources: [],
      accounts: [call.account],
      answer,
      readOnly: false,
    });
  };
}
