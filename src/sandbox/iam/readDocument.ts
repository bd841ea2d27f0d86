import type { PolicyDocument } from '../../iam/PolicyDocument';
import { validateDocument } from '../../iam/validateDocument';
import { requiredText, type Input } from '../api/Input';
import { malformedPolicy } from './faults';
import { RULES } from './rules';

/** A policy document of a request: its text as it was sent, and what it says. */
export interface SentDocument {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** Reads and checks a policy document. Throws `MalformedPolicyDocument`. */
export function readDocument(input: Input, key: string, kind: 'trust' | 'identity'): SentDocument {
  const text = requiredText(input, key, RULES.document);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  const problems = validateDocument(value, kind);
  if (problems.length > 0) throw malformedPolicy(problems.join('; '));
  return { text, document: value as PolicyDocument };
}
