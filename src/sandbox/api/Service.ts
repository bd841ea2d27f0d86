/** The services of AWS that the sandbox has, by their signing names. */
export type Service =
  'iam' | 'sts' | 'eks' | 'eks-auth' | 'cloudtrail' | 'organizations' | 'account' | 'access-analyzer';
