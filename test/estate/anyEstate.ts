import fc from 'fast-check';
import type { z } from 'zod';
import type { Estate } from '../../src/estate/Estate';
import { estateSchema } from '../../src/estate/schema/estateSchema';

/**
 * Any Estate that the schema describes: parts that are added to it are generated too.
 *
 * @param textOf the texts at a path, such as `accounts.roles.value.name`, and the keys of the map there. Default: short texts of any kind
 */
export function anyEstate(textOf: (path: string) => fc.Arbitrary<string> = () => NAME): fc.Arbitrary<Estate> {
  return anyOf(estateSchema, textOf, '') as fc.Arbitrary<Estate>;
}

type TextOf = NonNullable<Parameters<typeof anyEstate>[0]>;

const NAME = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('__proto__', 'constructor', '*', 'shop/api'));
const TIME = fc
  .integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) })
  .map((milliseconds) => new Date(milliseconds).toISOString());

function anyOf(schema: z.core.$ZodType, textOf: TextOf, path: string): fc.Arbitrary<unknown> {
  const within = (one: z.core.$ZodType) => anyOf(one, textOf, path);
  const { def } = (schema as z.ZodType)._zod as unknown as { readonly def: Def };
  switch (def.type) {
    case 'object': {
      const entries = Object.entries(def.shape ?? {});
      const optional = entries.filter(([, one]) => (one._zod.def as unknown as Def).type === 'optional');
      const required = entries.filter((entry) => !optional.includes(entry)).map(([key]) => key);
      const known = fc.record(
        Object.fromEntries(
          entries.map(([key, one]) => [key, anyOf(one, textOf, path === '' ? key : `${path}.${key}`)]),
        ),
        {
          requiredKeys: required,
        },
      );
      if (def.catchall === undefined) return known;
      const others = fc.dictionary(textOf(path), within(def.catchall), { maxKeys: 2 });
      return fc.tuple(others, known).map(([more, own]) => ({ ...more, '*': undefined, ...own }));
    }
    case 'record':
      return fc.dictionary(textOf(path), within(def.valueType!), { maxKeys: 3, noNullPrototype: true });
    case 'array':
      return fc.array(within(def.element!), { maxLength: 3 });
    case 'union':
      return fc.oneof(...(def.options ?? []).map(within));
    case 'nullable':
      return fc.option(within(def.innerType!));
    case 'optional':
      return within(def.innerType!);
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.integer();
    // Any JSON: what a schema does not describe further.
    case 'lazy':
      return fc.oneof(textOf(path), fc.boolean(), fc.constant(null), fc.array(textOf(path), { maxLength: 2 }));
    case 'string':
      return def.format === 'datetime' ? TIME : textOf(path);
    default:
      throw new Error(`no values for a schema of type ${def.type}`);
  }
}

/** What is used of zod's definitions. */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly catchall?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly format?: string;
}
