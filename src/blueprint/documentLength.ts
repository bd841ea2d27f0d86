import type { PolicyDocument } from '../iam/PolicyDocument';

/** The characters that IAM counts for its quotas: without white space between the parts. */
export function documentLength(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}
