/** The parts of a cdktf resource that form its address. */
interface Resource {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}

/**
 * The address of a resource in its stack, `aws_iam_role.…`, as plain text. cdktf's own references are tokens, and each token captures a
 * stack trace: with thousands of workloads that was a third of the synthesis.
 */
export function address({ terraformResourceType, friendlyUniqueId }: Resource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
