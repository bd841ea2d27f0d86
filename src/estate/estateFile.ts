import type { z } from 'zod';
import { formatPath } from '../inventory/source/plainData';
import type { Estate } from './Estate';
import { estateSchema } from './schema/estateSchema';
import { ESTATE_FORMAT, REASONS } from './schema/words';

/** An Estate as the text of its file: JSON, in the order of its keys, so that two of them can be compared. */
export function estateText({ format, at, accounts, clusters, ...later }: Estate): string {
  const parts = { accounts: inOrder(accounts, 3), clusters: inOrder(clusters, 3), ...later };
  return `${JSON.stringify({ format, at, ...parts }, null, 2)}\n`;
}

function inOrder(value: unknown, depth: number): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, inOrder(item, depth - 1)]));
}

/** An Estate from the text of its file, or what is wrong with the file: sentences with its name. */
export type ParsedEstate = { readonly estate: Estate } | { readonly problems: readonly string[] };

/**
 * Reads an Estate from the text of its file. Keys that this version does not know are those of a later version: they stay. `at` of the whole is the
 * newest `at` of its parts. Never throws.
 */
export function parseEstate(text: string, file: string): ParsedEstate {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}. ${SAVE}`] };
  }
  const problem = wrongFormat(json, file);
  if (problem !== undefined) return { problems: [problem] };
  const { error } = estateSchema.safeParse(withoutPrototypes(json));
  if (error !== undefined) {
    const all = error.issues.flatMap((issue) => problemsOf(issue, [], json));
    const shown = all.slice(0, MOST_SHOWN).map((one) => `${file}: ${one}`);
    const more = all.length > MOST_SHOWN ? [`${file}: ${all.length - MOST_SHOWN} more errors`] : [];
    return { problems: [...shown, ...more, SAVE] };
  }
  const estate = json as Estate;
  return { estate: { ...estate, at: newestOf(estate) ?? estate.at } };
}

const SAVE = 'Name a file that podlift wrote with --save-estate, or save the Estate again.';
const MOST_SHOWN = 5;

function wrongFormat(json: unknown, file: string): string | undefined {
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined;
  if (format === ESTATE_FORMAT) return undefined;
  if (typeof format !== 'string')
    return `${file} is not an Estate: it does not have "format": "${ESTATE_FORMAT}". ${SAVE}`;
  const [, version] = /^podlift\.estate\/(\d+)$/.exec(format) ?? [];
  if (version !== undefined && Number(version) > 1)
    return `${file} has the format ${format}, and this podlift reads ${ESTATE_FORMAT}. Upgrade podlift.`;
  return `${file} has the format ${JSON.stringify(format)}, not ${ESTATE_FORMAT}. ${SAVE}`;
}

/** The same value under keys that zod does not skip: it skips `__proto__`, which can be the name of a role. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === PROTOTYPE ? RENAMED : key, withoutPrototypes(item)]),
  );
}

const PROTOTYPE = '__proto__';
const RENAMED = '(__proto__)';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** What is wrong at a path: `accounts.333333333333.roles.api.value.maxSessionDuration is "x": it must be int.` */
function problemsOf(issue: Issue, above: Path, json: unknown): readonly string[] {
  const path = [...above, ...(issue.path as (string | number)[])].map((key) => (key === RENAMED ? PROTOTYPE : key));
  const value = path.reduce<unknown>((here, key) => (here as Readonly<Record<string | number, unknown>>)[key], json);
  if (issue.code === 'invalid_union') {
    const isPart = issue.errors.length === 0 || issue.errors.length > REASONS.length;
    const meant = isPart ? issue.errors[formOf(value)] : issue.errors.toSorted(byDepth)[0];
    if (meant !== undefined) return meant.flatMap((one) => problemsOf(one, path, json));
    return [`${formatPath(path)} must have either a value or exactly one of ${REASONS.join(', ')}.`];
  }
  if (value === undefined) return [`${formatPath(path)} is missing: it must be ${expectedOf(issue)}.`];
  return [`${formatPath(path)} is ${shown(value)}: it must be ${expectedOf(issue)}.`];
}

/** Which of its forms a part has: 0 with a value, then one for each reason; -1 where it has none. */
function formOf(part: unknown): number {
  if (typeof part !== 'object' || part === null) return -1;
  return ['value', ...REASONS].findIndex((key) => key in part);
}

/** The alternative of which more fits comes first. */
function byDepth(one: readonly Issue[], other: readonly Issue[]): number {
  const depth = (issues: readonly Issue[]) => Math.min(...issues.map(({ path }) => path.length));
  return depth(other) - depth(one);
}

function expectedOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return KINDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  if (issue.code === 'invalid_format') return 'a time such as 2026-11-21T12:00:00Z';
  return 'as src/estate/estate.schema.json says';
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The newest `at` of all parts: the first objects on the way down that have a time. */
function newestOf({ accounts, clusters }: Estate): string | undefined {
  let newest: string | undefined;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!('at' in value) || typeof value.at !== 'string') Object.values(value).forEach(visit);
    else if (newest === undefined || value.at > newest) newest = value.at;
  };
  visit(accounts);
  visit(clusters);
  return newest;
}
