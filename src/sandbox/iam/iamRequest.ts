import type { PolicyDocument } from '../../iam/PolicyDocument';
import { validateDocument } from '../../iam/validateDocument';
import { Fault } from '../api/ApiError';
import { type Input, optionalText, requiredText, structureList, textList, type TextRule } from '../api/Input';
import { recordOf, type Tags } from '../world/World';

// The errors of IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html (Errors of each action)

export function noSuchEntity(message: string): Fault {
  return new Fault('NoSuchEntity', 404, message);
}

export function entityAlreadyExists(message: string): Fault {
  return new Fault('EntityAlreadyExists', 409, message);
}

export function limitExceeded(message: string): Fault {
  return new Fault('LimitExceeded', 409, message);
}

export function deleteConflict(message: string): Fault {
  return new Fault('DeleteConflict', 409, message);
}

export function invalidInput(message: string): Fault {
  return new Fault('InvalidInput', 400, message);
}

export function malformedPolicy(message: string): Fault {
  return new Fault('MalformedPolicyDocument', 400, message);
}

/** What IAM's names must look like. Source: the shapes of IAM's API model (roleNameType, pathType, …). */
export const RULES = {
  roleName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 64 },
  policyName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 128 },
  path: { pattern: /^(\/|\/[!-~]+\/)$/, min: 1, max: 512 },
  pathPrefix: { pattern: /^\/[!-~]*$/, min: 1, max: 512 },
  arn: { min: 20, max: 2048 },
  description: { pattern: /^[\t\n\r -~\u00a1-\u00ff]*$/, max: 1000 },
  document: { pattern: /^[\t\n\r -\u00ff]+$/, min: 1, max: 131_072 },
  tagKey: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u, min: 1, max: 128 },
  tagValue: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, max: 256 },
  thumbprint: { pattern: /^[0-9A-Fa-f]{40}$/, min: 40, max: 40 },
  providerUrl: { min: 1, max: 255 },
  clientId: { min: 1, max: 255 },
  versionId: { pattern: /^v[1-9][0-9]*$/ },
} as const satisfies Record<string, TextRule>;

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

/** The `Tags` of a request as a map. Throws for a key that stands there twice or that AWS keeps for itself. */
export function readTags(input: Input): Tags {
  const tags = recordOf<string>();
  const seen = new Set<string>();
  for (const tag of structureList(input, 'Tags')) {
    const key = requiredText(tag, 'Key', RULES.tagKey);
    if (seen.has(key.toLowerCase()))
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    if (key.toLowerCase().startsWith('aws:')) throw invalidInput(`Tag keys that start with aws: are reserved: ${key}`);
    seen.add(key.toLowerCase());
    tags[key] = optionalText(tag, 'Value', RULES.tagValue) ?? '';
  }
  return tags;
}

/** The tags with others put over them; keys that differ in case alone are one key. Throws when there are more than the quota. */
export function mergeTags(old: Readonly<Tags>, added: Readonly<Tags>, quota: number): Tags {
  const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
  const kept = Object.entries(old).filter(([key]) => !replaced.has(key.toLowerCase()));
  const merged = { ...Object.fromEntries(kept), ...added };
  if (Object.keys(merged).length > quota)
    throw limitExceeded(`The number of tags has reached the maximum limit: ${quota}.`);
  return merged;
}

/** The tags without those whose keys the request's `TagKeys` name. */
export function withoutTags(old: Readonly<Tags>, input: Input): Tags {
  const gone = new Set(textList(input, 'TagKeys', RULES.tagKey).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(old).filter(([key]) => !gone.has(key.toLowerCase())));
}

/** Tags as IAM lists them; undefined when there are none, as IAM leaves the element out. */
export function tagList(tags: Readonly<Tags>): readonly { Key: string; Value: string }[] | undefined {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length === 0 ? undefined : list;
}
