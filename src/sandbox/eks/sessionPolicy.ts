import type { NamedPolicy } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { validateDocument } from '../../iam/validateDocument';
import { type Input, optionalText } from '../api/Input';
import { invalidParameter } from './eksRequest';

/**
 * The longest session policy and its characters: those of STS, to which EKS sends it. EKS's own limit is not known.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy)
 */
const POLICY = { max: 2048, pattern: /^[\t\n\r -\u00ff]*$/ };

/** What is wrong with the text of a policy. Undefined for a policy that IAM takes. */
function problemOf(text: string): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text) as PolicyDocument;
  } catch {
    return 'Syntax errors in policy.';
  }
  return validateDocument(document, 'identity')[0]?.message;
}

/**
 * The session policy that an association has after a request: that of the request, or the earlier one. "When using this policy, disableSessionTags must
 * be set to true." Not known: EKS's texts, whether it checks the document before a pod asks for credentials, and how a policy is removed; an
 * empty text removes it here, as it removes the target role.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html (policy)
 * @param disableSessionTags the value after the request
 * @returns the policy as it was sent. Throws `InvalidParameterException`.
 */
export function sessionPolicyAfter(
  earlier: string | undefined,
  input: Input,
  disableSessionTags: boolean,
): string | undefined {
  const sent = optionalText(input, 'policy', POLICY);
  const policy = sent ?? earlier;
  if (policy === undefined || policy === '') return undefined;
  const problem = sent === undefined ? undefined : problemOf(sent);
  if (problem !== undefined) throw invalidParameter(`The policy provided in the request is not valid: ${problem}`);
  if (!disableSessionTags) throw invalidParameter('disableSessionTags must be true when a policy is specified.');
  return policy;
}

/**
 * The policies of a session that EKS makes for an association, as STS gets them. None without a policy. A session has the permissions that its role
 * and the policy allow both; with a target role only the target's session has the policy.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html (policy)
 */
export function sessionPolicies({ policy }: { readonly policy?: string | undefined }): {
  readonly sessionPolicies: readonly NamedPolicy[];
  readonly policyTexts: readonly string[];
} {
  if (policy === undefined) return { sessionPolicies: [], policyTexts: [] };
  const document = JSON.parse(policy) as PolicyDocument;
  return { sessionPolicies: [{ name: 'session policy of the association', document }], policyTexts: [policy] };
}
