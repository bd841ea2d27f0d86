import { isJson, type Json, listAt, numberAt, objectAt, sameJson, textAt } from './json';

/** What becomes of a custom object under the schema of its version. */
export interface Conformed {
  /** Without unknown fields, with default values. */
  readonly object: Json;
  /** The paths of the fields that were removed. */
  readonly unknown: readonly string[];
  /** Why the object is invalid, in the texts of the API server. */
  readonly problems: readonly string[];
}

const META = ['apiVersion', 'kind', 'metadata'];

/**
 * A custom object as the API server stores it: unknown fields are removed, missing ones get their default values, and the rest is validated. CEL rules
 * (`x-kubernetes-validations`) and formats are not evaluated.
 *
 * @param schema `openAPIV3Schema` of the version
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function conform(object: Json, schema: Json): Conformed {
  const { object: pruned, unknown } = pruneUnknown(object, schema);
  const complete = withDefaults(pruned, schema);
  const problems: string[] = [];
  const content = Object.fromEntries(Object.entries(complete as Json).filter(([key]) => !META.includes(key)));
  const { properties } = schema;
  const own = isJson(properties)
    ? { ...schema, properties: Object.fromEntries(Object.entries(properties).filter(([key]) => !META.includes(key))) }
    : schema;
  const required = listAt(schema, 'required').filter((key) => !META.includes(key as string));
  validate(content, { ...own, required }, '', problems);
  return { object: complete as Json, unknown, problems };
}

/** A custom object without unknown fields, and the paths of these. */
export function pruneUnknown(object: Json, schema: Json): Pick<Conformed, 'object' | 'unknown'> {
  const unknown: string[] = [];
  const pruned = prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown);
  return { object: pruned as Json, unknown: unknown.sort() };
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The schema of a member; `undefined`: the schema does not have it. */
function memberOf(schema: Json, key: string): Json | undefined {
  const properties = objectAt(schema, 'properties');
  if (Object.hasOwn(properties, key)) return objectAt(properties, key);
  const { additionalProperties } = schema;
  if (additionalProperties === true) return { 'x-kubernetes-preserve-unknown-fields': true };
  return isJson(additionalProperties) ? additionalProperties : undefined;
}

/** Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go; nulls: …/defaulting/prunenulls.go */
function prune(value: unknown, schema: Json, path: string, unknown: string[]): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => prune(item, objectAt(schema, 'items'), `${path}[${index}]`, unknown));
  if (!isJson(value)) return value;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      if (schema['x-kubernetes-embedded-resource'] === true && META.includes(key)) return [[key, one]];
      const member = memberOf(schema, key);
      if (member === undefined) {
        if (preserves) return [[key, one]];
        unknown.push(below(path, key));
        return [];
      }
      if (one === null && member.nullable !== true && member['x-kubernetes-preserve-unknown-fields'] !== true)
        return [];
      return [[key, prune(one, member, below(path, key), unknown)]];
    }),
  );
}

/** Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/defaulting/algorithm.go (Default) */
function withDefaults(value: unknown, schema: Json): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withDefaults(item, objectAt(schema, 'items')));
  if (!isJson(value)) return value;
  const missing = Object.entries(objectAt(schema, 'properties')).flatMap(([key, member]) =>
    isJson(member) && member.default !== undefined && !Object.hasOwn(value, key)
      ? [[key, structuredClone(member.default)] as const]
      : [],
  );
  const all = { ...value, ...Object.fromEntries(missing) };
  return Object.fromEntries(
    Object.entries(all).map(([key, one]) => [key, withDefaults(one, memberOf(schema, key) ?? {})]),
  );
}

/** The type of a value in JSON Schema. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(value: unknown, schema: Json): boolean {
  if (value === null && schema.nullable === true) return true;
  const found = typeOf(value);
  if (schema['x-kubernetes-int-or-string'] === true) return found === 'integer' || found === 'string';
  const { type } = schema;
  return type === undefined || type === found || (type === 'number' && found === 'integer');
}

const MEASURES: readonly {
  readonly keyword: string;
  readonly of: 'string' | 'number' | 'array' | 'object';
  readonly fails: (size: number, limit: number) => boolean;
  readonly text: (limit: number) => string;
}[] = [
  { keyword: 'minimum', of: 'number', fails: (n, limit) => n < limit, text: (n) => `be greater than or equal to ${n}` },
  { keyword: 'maximum', of: 'number', fails: (n, limit) => n > limit, text: (n) => `be less than or equal to ${n}` },
  { keyword: 'minLength', of: 'string', fails: (n, limit) => n < limit, text: (n) => `be at least ${n} chars long` },
  { keyword: 'maxLength', of: 'string', fails: (n, limit) => n > limit, text: (n) => `be at most ${n} chars long` },
  { keyword: 'minItems', of: 'array', fails: (n, limit) => n < limit, text: (n) => `have at least ${n} items` },
  { keyword: 'maxItems', of: 'array', fails: (n, limit) => n > limit, text: (n) => `have at most ${n} items` },
  {
    keyword: 'minProperties',
    of: 'object',
    fails: (n, limit) => n < limit,
    text: (n) => `have at least ${n} properties`,
  },
  {
    keyword: 'maxProperties',
    of: 'object',
    fails: (n, limit) => n > limit,
    text: (n) => `have at most ${n} properties`,
  },
];

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Array.from(value).length;
  return Array.isArray(value) ? value.length : Object.keys(value as Json).length;
}

function kindOf(value: unknown): string {
  const type = typeOf(value);
  return type === 'integer' ? 'number' : type;
}

/**
 * Collects what is wrong with a value. The texts are those of the API server.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/validation/validation.go; k8s.io/kube-openapi pkg/validation/errors/schema.go
 */
function validate(value: unknown, schema: Json, path: string, problems: string[]): void {
  const shown = JSON.stringify(value);
  const at = path === '' ? '<nil>' : path;
  if (!hasType(value, schema)) {
    const wanted = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : (textAt(schema, 'type') ?? '');
    problems.push(
      `${at}: Invalid value: "${typeOf(value)}": ${path} in body must be of type ${wanted}: "${typeOf(value)}"`,
    );
    return;
  }
  if (value === null) return;
  const options = listAt(schema, 'enum');
  if (options.length > 0 && !options.some((one) => sameJson(one, value))) {
    const supported = options.map((one) => JSON.stringify(one)).join(', ');
    problems.push(`${at}: Unsupported value: ${shown}: supported values: ${supported}`);
  }
  for (const { keyword, of, fails, text } of MEASURES) {
    const limit = numberAt(schema, keyword);
    if (limit !== undefined && kindOf(value) === of && fails(sizeOf(value), limit))
      problems.push(`${at}: Invalid value: ${shown}: ${path} in body should ${text(limit)}`);
  }
  const pattern = textAt(schema, 'pattern');
  if (pattern !== undefined && typeof value === 'string' && !matches(pattern, value))
    problems.push(`${at}: Invalid value: ${shown}: ${path} in body should match '${pattern}'`);
  if (isJson(value)) {
    for (const key of listAt(schema, 'required') as readonly string[])
      if (!Object.hasOwn(value, key)) problems.push(`${below(path, key)}: Required value`);
    for (const [key, one] of Object.entries(value)) {
      const member = memberOf(schema, key);
      if (member !== undefined) validate(one, member, below(path, key), problems);
    }
  }
  if (Array.isArray(value) && isJson(schema.items))
    value.forEach((item, index) => {
      validate(item, objectAt(schema, 'items'), `${path}[${index}]`, problems);
    });
  validateLogic(value, schema, path, problems);
}

/** Go's regular expressions: what JavaScript does not take is not checked. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function isValid(value: unknown, schema: unknown, path: string): boolean {
  const problems: string[] = [];
  if (isJson(schema)) validate(value, schema, path, problems);
  return problems.length === 0;
}

function validateLogic(value: unknown, schema: Json, path: string, problems: string[]): void {
  const add = (text: string): void => {
    problems.push(`${path === '' ? '<nil>' : path}: Invalid value: "": "${path}" must ${text}`);
  };
  const count = (keyword: string) => listAt(schema, keyword).filter((one) => isValid(value, one, path)).length;
  if (count('allOf') < listAt(schema, 'allOf').length) add('validate all the schemas (allOf)');
  // `int-or-string` is written with an `anyOf` of the two types, which says nothing more.
  if (schema.anyOf !== undefined && count('anyOf') === 0) add('validate at least one schema (anyOf)');
  if (schema.oneOf !== undefined && count('oneOf') !== 1)
    add(
      `validate one and only one schema (oneOf). Found ${count('oneOf') === 0 ? 'none valid' : `${count('oneOf')} valid alternatives`}`,
    );
  if (schema.not !== undefined && isValid(value, schema.not, path)) add('not validate the schema (not)');
}
