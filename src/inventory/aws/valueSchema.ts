type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** The part of JSON schema that the configuration of EKS add-ons needs. */
export interface ValueSchema {
  /** Absent: any type. */
  readonly type?: JsonType | readonly JsonType[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  /** The members that `properties` does not have. False: there are none. Absent: any. */
  readonly additionalProperties?: false | ValueSchema;
  readonly items?: ValueSchema;
}

/** One reason why a value does not fit its schema. */
export type SchemaProblem =
  | {
      readonly kind: 'unknown-member';
      readonly path: readonly (string | number)[];
      /** The members that the schema has there. */
      readonly allowed: readonly string[];
    }
  | {
      readonly kind: 'wrong-type';
      readonly path: readonly (string | number)[];
      readonly found: string;
      readonly expected: readonly string[];
    };

/** All reasons why a JSON value does not fit, in the order of the value. Empty when the value fits. */
export function schemaProblems(
  value: unknown,
  schema: ValueSchema,
  path: readonly (string | number)[] = [],
): readonly SchemaProblem[] {
  const { type, properties = {}, additionalProperties, items } = schema;
  const found = typeOf(value);
  const expected = type === undefined ? [] : [type].flat();
  if (expected.length > 0 && !expected.some((one) => one === found)) {
    return [{ kind: 'wrong-type', path, found, expected }];
  }
  if (Array.isArray(value)) {
    return items === undefined ? [] : value.flatMap((item, index) => schemaProblems(item, items, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]): readonly SchemaProblem[] => {
    const at = [...path, name];
    const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (own === false) return [{ kind: 'unknown-member', path: at, allowed: Object.keys(properties) }];
    return own === undefined ? [] : schemaProblems(member, own, at);
  });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
