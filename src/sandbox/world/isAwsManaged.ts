/** Whether an ARN is of one of AWS's own policies. */
export function isAwsManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\/([\w+=,.@-]+\/)*[\w+=,.@-]+$/.test(arn);
}
