import { z } from 'zod';
import { errorAt, errorRule, type Issue, mistake, type RuleInfo, type Segments } from '../Finding';
import { type Format, misfit } from '../formats/Format';
import { FORMATS } from '../formats/formats';
import { formatPath, isMap, valueAt } from '../source/plainData';
import { didYouMean, suggest } from '../suggest';
import { MISSING } from './fields';
import { inventorySchema } from './inventorySchema';
import { ONE_BACKEND, stateSchema } from './state';
import { stateCredential } from './stateCredentials';

/** The rules of the schema, except the formats of texts. */
export const SHAPE_RULES = {
  unknownKey: errorRule(
    'unknown-key',
    'Every key exists in the format.',
    'unknown key "regoin": did you mean "region"? allowed: account, region, state',
  ),
  missingKey: errorRule('missing-key', 'Keys without a default are present.', '"region" is missing'),
  wrongType: errorRule(
    'wrong-type',
    'Every value has the kind that the format requires.',
    'this is a list, but it must be a map',
  ),
  notAllowed: errorRule(
    'not-allowed',
    'A value with a fixed choice is one of the choices.',
    '"duall" is not one of irsa, prepared, dual, cutover, pod-identity: did you mean "dual"?',
  ),
  outOfRange: errorRule('out-of-range', 'A number is within its limits.', '100000 is too large: at most 43200'),
  empty: errorRule('empty-value', 'Texts and lists that need content are not empty.', 'this list is empty'),
  stateBackend: errorRule(
    'state-backend',
    '`state` has exactly one backend.',
    '`state` has 2 backends (s3, gcs): exactly one is allowed',
  ),
  stateCredential: errorRule(
    'state-credential',
    '`state` has no credential: the inventory is committed, and Terraform copies it into its folder and its plans.',
    '"access_key" is a credential: it never stands in the inventory',
  ),
  principal: errorRule(
    'principal-in-permission',
    'A permission has no principal: its role is the principal.',
    '"Principal" does not belong in a permission: the role of the permission is the principal',
  ),
} as const satisfies Record<string, RuleInfo>;

/** The page with every key. */
const REFERENCE = 'docs/inventory-reference.md';

type ZodIssue = z.core.$ZodIssue;

/** Checks the content of a file. */
export function parseShape(content: unknown) {
  return inventorySchema.safeParse(content, LIST_KEYS);
}

/** The parameters of a parse whose issues `shapeIssues` takes: the message of an issue about unknown keys lists the keys that the map can have. */
export const LIST_KEYS: z.core.ParseContext<z.core.$ZodIssue> = {
  error: ({ code, inst }) =>
    code === 'unrecognized_keys' && inst instanceof z.ZodObject ? Object.keys(inst.shape).join(', ') : undefined,
};

/**
 * The issues of zod as findings of rules. A missing key that is only mistyped is one finding, not two.
 *
 * @param reference the page that has every key of the file
 */
export function shapeIssues(
  issues: readonly ZodIssue[],
  content: unknown,
  reference: string = REFERENCE,
): readonly Issue[] {
  const found = issues.flatMap((issue) => translate(issue, [], content, reference));
  const meant = new Set(
    found.flatMap(({ path, means }) => (means === undefined ? [] : [formatPath([...path.slice(0, -1), means])])),
  );
  return found.filter(({ rule, path }) => rule !== SHAPE_RULES.missingKey.name || !meant.has(formatPath(path)));
}

/** An issue about an unknown key, with the key that was probably meant. */
interface ShapeIssue extends Issue {
  readonly means?: string;
}

function translate(issue: ZodIssue, above: Segments, content: unknown, reference: string): readonly ShapeIssue[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  const value = valueAt(content, path);
  const format = FORMATS.get(issue.message);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, issue.message.split(', '), reference));
    case 'invalid_key':
      return issue.issues.map((inner) => badKey(FORMATS.get(inner.message), path));
    case 'invalid_union':
      return union(issue, path, content, reference);
    case 'invalid_type':
      return [value === undefined ? missing(path, reference) : wrongType(issue.expected, value, path, format)];
    case 'invalid_value':
      return [value === undefined ? missing(path, reference) : notAllowed(issue.values, value, path)];
    case 'too_small':
    case 'too_big':
      return [limits(issue, value, path)];
    default:
      if (issue.message === MISSING) return [missing(path, reference)];
      if (issue.message === ONE_BACKEND) return [backends(value, path)];
      return [
        format
          ? errorAt(path, misfit(format, show(value)))
          : issueOf(SHAPE_RULES.wrongType, path, issue.message, `Compare it with ${reference}.`),
      ];
  }
}

function issueOf(rule: RuleInfo, path: Segments, message: string, hint: string, at?: 'key'): Issue {
  return errorAt(path, mistake(rule, message, hint), at);
}

/** A value for a message: text in quotes, maps and lists by their kind. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value);
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `${value as number | boolean}`;
}

/** Elements of AWS policy documents that an inventory does not have. */
const PRINCIPALS = new Set(['principal', 'principals', 'notprincipal', 'notprincipals']);

/** The issue of an unknown key; `path` is the path of its map. Default of the keys that its map can have: those of a whole file. */
export function unknownKey(
  key: string,
  path: Segments,
  allowed: readonly string[] = Object.keys(inventorySchema.shape),
  reference: string = REFERENCE,
): ShapeIssue {
  const at = [...path, key];
  if (PRINCIPALS.has(key.toLowerCase()) && path.includes('statements'))
    return issueOf(
      SHAPE_RULES.principal,
      at,
      `"${key}" does not belong in a permission: the role of the permission is the principal`,
      'Remove it. The stage, the clusters and the targets determine who can assume the role.',
      'key',
    );
  const credential = stateCredential(key, path);
  if (credential !== undefined)
    return issueOf(
      SHAPE_RULES.stateCredential,
      at,
      `"${key}" is a credential: it never stands in the inventory`,
      credential.hint,
      'key',
    );
  const near = suggest(key, allowed);
  const issue = issueOf(
    SHAPE_RULES.unknownKey,
    at,
    `unknown key ${show(key)}: ${didYouMean(key, allowed)}allowed: ${allowed.join(', ')}`,
    near === undefined ? `Remove it, or move it to its map: ${reference} has every key.` : `Rename it to ${near}.`,
    'key',
  );
  return near === undefined ? issue : { ...issue, means: near };
}

/** A `state` with no backend, or with several. */
function backends(value: unknown, path: Segments): Issue {
  const names = Object.keys(isMap(value) ? value : {});
  const found = names.length === 0 ? 'no backend' : `${names.length} backends (${names.join(', ')})`;
  return issueOf(
    SHAPE_RULES.stateBackend,
    path,
    `\`state\` has ${found}: exactly one is allowed`,
    `Keep one of ${Object.keys(stateSchema.shape).join(', ')}. Remove \`state\` for a local file.`,
  );
}

function badKey(format: Format | undefined, path: Segments): Issue {
  const key = show(path.at(-1));
  if (!format) return issueOf(SHAPE_RULES.empty, path, `the key ${key} is empty`, 'Give it a name.', 'key');
  return errorAt(path, misfit(format, key), 'key');
}

function missing(path: Segments, reference: string): Issue {
  const key = String(path.at(-1));
  return issueOf(SHAPE_RULES.missingKey, path, `"${key}" is missing`, `Add ${key}: ${reference} describes its value.`);
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function wrongType(expected: string, value: unknown, path: Segments, format?: Format): Issue {
  if (format && typeof value === 'number') return errorAt(path, misfit(format, String(value), format.unquoted));
  const wanted = KINDS[expected] ?? expected;
  const found = value === null ? 'there is no value' : `this is ${kindOf(value)}`;
  return issueOf(SHAPE_RULES.wrongType, path, `${found}, but it must be ${wanted}`, typeHint(expected, value, wanted));
}

function typeHint(expected: string, value: unknown, wanted: string): string {
  if (value === null) return 'Give it a value, or remove the key.';
  if (expected === 'array') return 'Write a list: [first, second].';
  if (expected !== 'string') return `Write ${wanted} here.`;
  const name = nameInBraces(value);
  if (name !== undefined) return `Put it in quotes: "{${name}}". Without quotes YAML reads a map.`;
  return typeof value === 'object' ? `Write ${wanted} here.` : `Put it in quotes: "${show(value)}".`;
}

/** The name in `{bucket}` without quotes, which is a map with one key and no value. */
function nameInBraces(value: unknown): string | undefined {
  if (!isMap(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  return entry && others.length === 0 && entry[1] === null ? entry[0] : undefined;
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? show(value) : `the ${typeof value} ${show(value)}`;
}

function notAllowed(values: readonly unknown[], value: unknown, path: Segments): Issue {
  const allowed = values.map(String);
  if (formatPath(path) === 'version') {
    const is = typeof value === 'number' ? `this is version ${value} of the format` : `this is ${kindOf(value)}`;
    const hint = `Write \`version: ${allowed.join()}\`, or use a podlift that reads this version.`;
    return issueOf(SHAPE_RULES.notAllowed, path, `${is}, and this podlift reads version ${allowed.join()}`, hint);
  }
  const near = typeof value === 'string' ? suggest(value, allowed) : undefined;
  const choices = allowed.length === 1 ? allowed.join() : `one of ${allowed.join(', ')}`;
  const message = `${show(value)} is not ${choices}${near === undefined ? '' : `: did you mean "${near}"?`}`;
  return issueOf(SHAPE_RULES.notAllowed, path, message, `Write ${near ?? allowed.join(' or ')}.`);
}

function limits(issue: ZodIssue & { code: 'too_small' | 'too_big' }, value: unknown, path: Segments): Issue {
  if (typeof value === 'string' || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'list' : 'text';
    return issueOf(SHAPE_RULES.empty, path, `this ${kind} is empty`, 'Add content, or remove the key.');
  }
  const [size, limit, hint] =
    issue.code === 'too_small'
      ? ['small', `at least ${issue.minimum}`, `Write ${issue.minimum} or more.`]
      : ['large', `at most ${issue.maximum}`, `Write ${issue.maximum} or less.`];
  return issueOf(SHAPE_RULES.outOfRange, path, `${show(value)} is too ${size}: ${limit}`, hint);
}

/** Reports only the form that the value tries to have: the one whose outermost kind matches. */
function union(
  issue: ZodIssue & { code: 'invalid_union' },
  path: Segments,
  content: unknown,
  reference: string,
): readonly ShapeIssue[] {
  const value = valueAt(content, path);
  const isOfThisKind = (branch: readonly ZodIssue[]): boolean =>
    !branch.some(
      ({ path: inner, code }) =>
        inner.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string')),
    );
  const [tried] = issue.errors.filter(isOfThisKind);
  if (tried) return tried.flatMap((inner) => translate(inner, path, content, reference));
  if (value === undefined) return [missing(path, reference)];
  const all = issue.errors.flat();
  const choice = all.find((inner) => inner.code === 'invalid_value');
  if (choice && typeof value === 'string') return [notAllowed(choice.values, value, path)];
  const unquoted = all.map((inner) => FORMATS.get(inner.message)).find((format) => format !== undefined);
  if (unquoted && typeof value === 'number') return [wrongType('string', value, path, unquoted)];
  const wanted = all.flatMap((inner) =>
    inner.code === 'invalid_type' ? [KINDS[inner.expected] ?? inner.expected] : [],
  );
  const message = `this is ${kindOf(value)}, but it must be ${[...new Set(wanted)].join(' or ')}`;
  return [issueOf(SHAPE_RULES.wrongType, path, message, 'Write it in one of these forms.')];
}
