/** A role's trust policy, an inline or session policy of an identity, or a managed policy, which can be a boundary. */
export type DocumentKind = 'trust' | 'identity' | 'managed';

/** The path to a value in a document: `['Statement', 0, 'Resource', 1]`. */
export type Path = readonly (string | number)[];

/** A reason for which IAM refuses a document. */
export interface DocumentProblem {
  /** The text of IAM's answer. */
  readonly message: string;
  /** What is wrong with which value, and what is allowed. */
  readonly detail: string;
  readonly path: Path;
}

/**
 * The order in which IAM checks a document. IAM answers the first problem only.
 * Source: getmoto/moto moto/iam/policy_validation.py; the place of `trust` is unknown
 */
export const ORDER = [
  'syntax',
  'version',
  'legacy',
  'sid',
  'no action',
  'resource',
  'action',
  'no resource',
  'trust',
] as const;

export interface OrderedProblem extends DocumentProblem {
  readonly step: (typeof ORDER)[number];
}

/** A JSON object with unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The texts of a value that is one text or a list of texts.
 * @returns undefined for another value, or a list with another value in it
 */
export function textsIn(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((one) => typeof one === 'string') ? list : undefined;
}

/** A JSON value for a message, cut at 80 characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The path of each text: without an index if the value is one text. */
export function at(path: Path, value: unknown, index: number): Path {
  return Array.isArray(value) ? [...path, index] : path;
}

export function syntax(path: Path, detail: string): OrderedProblem {
  return { step: 'syntax', message: 'Syntax errors in policy.', detail, path };
}

/** What IAM answers to an action or a condition key without a service in front. */
export const NO_VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';

/** IAM's text for a `Sid` with other characters. */
export const SID_CHARACTERS =
  'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';

/** What IAM calls every mistake that its older parser finds. */
export const LEGACY = 'The policy failed legacy parsing';
