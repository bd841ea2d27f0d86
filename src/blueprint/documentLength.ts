import type { PolicyDocument } from '../iam/PolicyDocument';

/** Characters of a document as IAM counts them against its quotas: without white space between the parts. */
export function documentLength(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}
