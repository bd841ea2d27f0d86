/** What of a cdktf resource makes its address. */
interface Resource {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}

/**
 * A resource's address in its stack, `aws_iam_role.…`, as plain text. cdktf's own references are tokens, each with a stack trace
 * captured and mapped to its source: at thousands of workloads that was a third of the synthesis.
 */
export function address({ terraformResourceType, friendlyUniqueId }: Resource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
