import { deflateRawSync } from 'node:zlib';
import { ApiError } from '../api/ApiError';
import type { Tags } from '../world/World';

/** What the packed form of a session holds: the tags of the request and those that it inherits, and the texts of its session policies. */
export interface PackedParts {
  readonly tags: Readonly<Tags>;
  /** The inline policy and the ARNs of the others. */
  readonly policies: readonly string[];
}

/** Bytes that are 100 %, and those that a tag needs beside its key and value. Nine tags of 252 bytes measured 498 %: aws-actions/configure-aws-credentials #1898. */
const SPACE = 459;
const PER_TAG = 2;
/** The policy of STS's sample, of 106 characters, is 6 % there: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const POLICY_WEIGHT = 0.3;

/**
 * How much of STS's space the tags and policies of a session need, in percent; undefined where there are none. An estimate: AWS publishes no
 * formula. Measured are tags only, inherited ones too: the six of EKS are 74 % and other tags come on top (aws/containers-roadmap #2413).
 */
export function packedSizeOf({ tags, policies }: PackedParts): number | undefined {
  const pairs = Object.entries(tags);
  if (pairs.length + policies.length === 0) return undefined;
  const ofTags = pairs.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value) + PER_TAG, 0);
  const ofPolicies = policies.length === 0 ? 0 : deflateRawSync(policies.join('\n')).length * POLICY_WEIGHT;
  return Math.max(1, Math.round(((ofTags + ofPolicies) / SPACE) * 100));
}

/**
 * Throws `PackedPolicyTooLarge` for more than 100 %. The text for tags alone is AWS's; that with policies is not known.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PackedPolicyTooLarge) and aws/containers-roadmap #2413
 */
export function checkPackedSize(parts: PackedParts): number | undefined {
  const size = packedSizeOf(parts);
  if (size === undefined || size <= 100) return size;
  const hasTags = Object.keys(parts.tags).length > 0;
  const what = [...(parts.policies.length > 0 ? ['session policy'] : []), ...(hasTags ? ['session tags'] : [])];
  throw new ApiError(
    'PackedPolicyTooLarge',
    400,
    `Packed size of ${what.join(' and ')} consumes ${size}% of allotted space.`,
  );
}
