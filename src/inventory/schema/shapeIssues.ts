import type { z } from 'zod';
import type { Issue, Segments } from '../Issue';
import { FORMATS } from '../formats/formats';
import { type Format, misfit } from '../formats/Format';
import type { RuleInfo } from '../RuleInfo';
import { SHAPE_RULES } from '../rules/shapeRules';
import { formatPath } from '../source/formatPath';
import { didYouMean, suggest } from '../suggest';
import { knownKeys } from './knownKeys';
import { valueAt } from './valueAt';

/** The page that has every key. */
const REFERENCE = 'docs/inventory-reference.md';

type ZodIssue = z.core.$ZodIssue;

/** What zod finds in a file's content, said as rules say it. A key that is missing because it is mistyped is one finding, not two. */
export function shapeIssues(issues: readonly ZodIssue[], content: unknown): readonly Issue[] {
  const found = issues.flatMap((issue) => translate(issue, [], content));
  const meant = new Set(
    found.flatMap(({ path, means }) => (means === undefined ? [] : [formatPath([...path.slice(0, -1), means])])),
  );
  return found.filter(({ rule, path }) => rule !== SHAPE_RULES.missingKey.name || !meant.has(formatPath(path)));
}

/** An issue about an unknown key, with the key that was probably meant. */
interface ShapeIssue extends Issue {
  readonly means?: string;
}

function translate(issue: ZodIssue, above: Segments, content: unknown): readonly ShapeIssue[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  const value = valueAt(content, path);
  const format = FORMATS.get(issue.message);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path));
    case 'invalid_key':
      return issue.issues.map((inner) => badKey(FORMATS.get(inner.message), path));
    case 'invalid_union':
      return union(issue, path, content);
    case 'invalid_type':
      return [value === undefined ? missing(path) : wrongType(issue.expected, value, path, format)];
    case 'invalid_value':
      return [value === undefined ? missing(path) : notAllowed(issue.values, value, path)];
    case 'too_small':
    case 'too_big':
      return [limits(issue, value, path)];
    default:
      return [
        format
          ? say(format, path, misfit(format, show(value)), format.hint)
          : say(SHAPE_RULES.wrongType, path, issue.message, `Look at ${REFERENCE}.`),
      ];
  }
}

function say(rule: RuleInfo, path: Segments, message: string, hint: string, at?: 'key'): Issue {
  return { severity: 'error', rule: rule.name, path, message, hint, ...(at && { at }) };
}

/** Shows a value as a person would write it: text in quotes, the rest by kind. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value);
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `${value as number | boolean}`;
}

/** Spellings of AWS's policy documents, which have no counterpart in an inventory. */
const PRINCIPALS = new Set(['principal', 'principals', 'notprincipal', 'notprincipals']);

/** What is said of a key that the format does not know; `path` is that of the map which has it. */
export function unknownKey(key: string, path: Segments): ShapeIssue {
  const at = [...path, key];
  if (PRINCIPALS.has(key.toLowerCase()) && path.includes('statements')) {
    return say(
      SHAPE_RULES.principal,
      at,
      `"${key}" does not belong in a permission: the role that has the permission is the principal`,
      'Remove it. Who may assume the role follows from the stage, the clusters and the targets.',
      'key',
    );
  }
  const allowed = knownKeys(path);
  const near = suggest(key, allowed);
  const issue = say(
    SHAPE_RULES.unknownKey,
    at,
    `there is no key ${show(key)} here: ${didYouMean(key, allowed)}allowed are ${allowed.join(', ')}`,
    near === undefined ? `Remove it, or look for its place in ${REFERENCE}.` : `Rename it to ${near}.`,
    'key',
  );
  return near === undefined ? issue : { ...issue, means: near };
}

function badKey(format: Format | undefined, path: Segments): Issue {
  const key = show(path.at(-1));
  if (!format) return say(SHAPE_RULES.empty, path, `the key ${key} is empty`, 'Give it a name.', 'key');
  return say(format, path, misfit(format, key), format.hint, 'key');
}

function missing(path: Segments): Issue {
  const key = String(path.at(-1));
  return say(SHAPE_RULES.missingKey, path, `"${key}" is missing`, `Add ${key}: ${REFERENCE} says what it holds.`);
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
  if (format && typeof value === 'number')
    return say(format, path, misfit(format, String(value)), format.unquoted ?? format.hint);
  const wanted = KINDS[expected] ?? expected;
  const hint =
    value === null
      ? 'Give it a value, or remove the key.'
      : expected === 'string' && nameInBraces(value) !== undefined
        ? `Put it in quotes: "{${nameInBraces(value) ?? ''}}". Without them YAML reads a map.`
        : expected === 'string' && typeof value !== 'object'
          ? `Put it in quotes: "${show(value)}".`
          : expected === 'array'
            ? 'Write a list: [first, second].'
            : `Write ${wanted} here.`;
  return say(
    SHAPE_RULES.wrongType,
    path,
    `${value === null ? 'there is nothing here' : `this is ${kindOf(value)}`}, but it must be ${wanted}`,
    hint,
  );
}

/** `{bucket}` without quotes: a map with one key and nothing behind it. */
function nameInBraces(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
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
    const hint = `Write \`version: ${allowed.join()}\`, or use the podlift that the file was written for.`;
    return say(SHAPE_RULES.notAllowed, path, `${is}, and this podlift reads version ${allowed.join()}`, hint);
  }
  const near = typeof value === 'string' ? suggest(value, allowed) : undefined;
  const message =
    allowed.length === 1
      ? `${show(value)} is not ${allowed.join()}`
      : `${show(value)} is not one of ${allowed.join(', ')}`;
  return say(
    SHAPE_RULES.notAllowed,
    path,
    near === undefined ? message : `${message}: did you mean "${near}"?`,
    `Write ${near ?? allowed.join(' or ')}.`,
  );
}

function limits(issue: ZodIssue & { code: 'too_small' | 'too_big' }, value: unknown, path: Segments): Issue {
  if (typeof value === 'string' || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'list' : 'text';
    return say(SHAPE_RULES.empty, path, `this ${kind} is empty`, `Put something into it, or remove the key.`);
  }
  const limit = issue.code === 'too_small' ? `small: at least ${issue.minimum}` : `large: at most ${issue.maximum}`;
  return say(
    SHAPE_RULES.outOfRange,
    path,
    `${show(value)} is too ${limit}`,
    `Write a number ${issue.code === 'too_small' ? 'from' : 'up to'} ${limit.split(' ').at(-1) ?? ''}.`,
  );
}

/** Of the ways in which a value may be written, the one that was tried: whose outermost kind fits. */
function union(issue: ZodIssue & { code: 'invalid_union' }, path: Segments, content: unknown): readonly ShapeIssue[] {
  const value = valueAt(content, path);
  const isOfThisKind = (branch: readonly ZodIssue[]): boolean =>
    !branch.some(
      ({ path: inner, code }) =>
        inner.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string')),
    );
  const [tried] = issue.errors.filter(isOfThisKind);
  if (tried) return tried.flatMap((inner) => translate(inner, path, content));
  if (value === undefined) return [missing(path)];
  const [stages] = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? [inner] : []));
  if (stages && typeof value === 'string') return [notAllowed(stages.values, value, path)];
  const unquoted = issue.errors
    .flat()
    .map((inner) => FORMATS.get(inner.message))
    .find((format) => format !== undefined);
  if (unquoted && typeof value === 'number') return [wrongType('string', value, path, unquoted)];
  const wanted = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [KINDS[inner.expected] ?? inner.expected] : []));
  return [
    say(
      SHAPE_RULES.wrongType,
      path,
      `this is ${kindOf(value)}, but it must be ${[...new Set(wanted)].join(' or ')}`,
      'Write it in one of these forms.',
    ),
  ];
}
