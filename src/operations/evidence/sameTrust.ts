import type { PolicyDocument } from '../../iam/PolicyDocument';
import { policyDifference } from '../../iam/sameMeaning';

/** How a trust policy in AWS differs from the one that should stand there; counted in statements. */
export interface TrustDifference {
  readonly missing: number;
  readonly extra: number;
}

/** Compares two trust policies by what they say, see {@link policyDifference}. A statement that says less, or more, counts as one. */
export function trustDifference(found: PolicyDocument, wanted: PolicyDocument): TrustDifference {
  const { missing, extra } = policyDifference(found, wanted);
  return { missing: missing.length, extra: extra.length };
}
