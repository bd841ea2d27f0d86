import { parseArn } from '../../iam/Arn';
import type { DocumentKind } from '../../iam/documentProblem';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { validateDocument } from '../../iam/validateDocument';
import { ApiError } from '../api/ApiError';
import { type Input, requiredText, requireMember, structureList, textList, type TextRule } from '../api/Input';
import { recordOf, type Tags } from '../world/World';

// The errors of IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html (Errors of each action)

export function noSuchEntity(message: string): ApiError {
  return new ApiError('NoSuchEntity', 404, message);
}

export function entityAlreadyExists(message: string): ApiError {
  return new ApiError('EntityAlreadyExists', 409, message);
}

export function limitExceeded(message: string): ApiError {
  return new ApiError('LimitExceeded', 409, message);
}

export function deleteConflict(message: string): ApiError {
  return new ApiError('DeleteConflict', 409, message);
}

export function invalidInput(message: string): ApiError {
  return new ApiError('InvalidInput', 400, message);
}

export function malformedPolicy(message: string): ApiError {
  return new ApiError('MalformedPolicyDocument', 400, message);
}

/** Checks that a text is the ARN of a managed policy. Throws `InvalidInput`. */
export function requirePolicyArn(arn: string): void {
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('policy/')) throw invalidInput(`ARN ${arn} is not valid.`);
}

/** The constraints of IAM's parameters. Source: the shapes of IAM's API model (roleNameType, pathType, policyPathType, …). */
export const RULES = {
  roleName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 64 },
  policyName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 128 },
  path: { pattern: /^(\/|\/[!-~]+\/)$/, min: 1, max: 512 },
  policyPath: { pattern: /^(\/[A-Za-z0-9.,+@=_-]+)*\/$/, min: 1, max: 512 },
  pathPrefix: { pattern: /^\/[!-~]*$/, min: 1, max: 512 },
  arn: { min: 20, max: 2048 },
  description: { pattern: /^[\t\n\r -~\u00a1-\u00ff]*$/, max: 1000 },
  document: { pattern: /^[\t\n\r -\u00ff]+$/, min: 1, max: 131_072 },
  tagKey: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u, min: 1, max: 128 },
  tagValue: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, min: 0, max: 256 },
  providerUrl: { min: 1, max: 255 },
  clientId: { min: 1, max: 255 },
  versionId: { pattern: /^v[1-9][0-9]*$/ },
} as const satisfies Record<string, TextRule>;

/** A policy document of a request: its text as it was sent, and the parsed document. */
export interface ParsedDocument {
  readonly text: string;
  readonly document: PolicyDocument;
}

/**
 * Reads and checks a policy document. Throws `MalformedPolicyDocument` with the first problem, as IAM does.
 */
export function readDocument(input: Input, key: string, kind: DocumentKind): ParsedDocument {
  return parseDocument(requiredText(input, key, RULES.document), kind);
}

/** Checks the text of a policy document. Throws as `readDocument`. */
export function parseDocument(text: string, kind: DocumentKind): ParsedDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformedPolicy(kind === 'trust' ? 'This policy contains invalid Json' : 'Syntax errors in policy.');
  }
  const [problem] = validateDocument(value, kind);
  if (problem !== undefined) throw malformedPolicy(problem.message);
  return { text, document: value as PolicyDocument };
}

/** The largest number of tags, or of tag keys, in one request. Source: the shapes tagListType and tagKeyListType of the API models. */
const TAGS_IN_REQUEST = 50;

/**
 * The `Tags` of a request as a map. Throws for a missing value, for a duplicate or reserved key, and for more than 50 tags. `refuse` makes the
 * error for a duplicate or reserved key: STS has another code than IAM.
 */
export function readTags(input: Input, refuse: (message: string) => ApiError = invalidInput): Tags {
  const tags = recordOf<string>();
  const seen = new Set<string>();
  for (const [index, tag] of structureList(input, 'Tags', TAGS_IN_REQUEST).entries()) {
    const at = `tags.${index + 1}.member`;
    const key = requiredText(tag, 'Key', { ...RULES.tagKey, at: `${at}.key` });
    if (seen.has(key.toLowerCase()))
      throw refuse('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    if (key.toLowerCase().startsWith('aws:')) throw refuse(`Tag keys that start with aws: are reserved: ${key}`);
    seen.add(key.toLowerCase());
    tags[key] = requiredText(tag, 'Value', { ...RULES.tagValue, at: `${at}.value` });
  }
  return tags;
}

/** The `Tags` of a request that needs them. An empty list is a list. */
export function requireTags(input: Input): Tags {
  requireMember(input, 'Tags');
  return readTags(input);
}

/**
 * The tags with the added ones. Keys that differ only in case are the same key. Throws `LimitExceeded` when there are more tags than the quota; more
 * than 50 in one request are another error. Source of the text: versity/versitygw #2316
 */
export function mergeTags(old: Readonly<Tags>, added: Readonly<Tags>, quota: number): Tags {
  const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
  const kept = Object.entries(old).filter(([key]) => !replaced.has(key.toLowerCase()));
  const merged = { ...Object.fromEntries(kept), ...added };
  if (Object.keys(merged).length > quota) throw limitExceeded('The number of tags has reached the maximum limit.');
  return merged;
}

/** The tags without the `TagKeys` of the request. */
export function withoutTags(old: Readonly<Tags>, input: Input): Tags {
  requireMember(input, 'TagKeys');
  const keys = textList(input, 'TagKeys', { ...RULES.tagKey, most: TAGS_IN_REQUEST });
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(old).filter(([key]) => !removed.has(key.toLowerCase())));
}

/** Tags in IAM's answers. Undefined for no tags: IAM omits the element. */
export function tagList(tags: Readonly<Tags>): readonly { Key: string; Value: string }[] | undefined {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length === 0 ? undefined : list;
}
