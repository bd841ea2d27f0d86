// All provider classes come through this file, each from its own file: the index files of the packages cost three seconds and 500 MB.
export { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
export { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
export { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
export { IamRole } from '@cdktf/provider-aws/lib/iam-role';
export { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
export { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
export { AwsProvider } from '@cdktf/provider-aws/lib/provider';
export { Annotations } from '@cdktf/provider-kubernetes/lib/annotations';
export { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
export { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
