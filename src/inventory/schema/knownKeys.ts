import { z } from 'zod';
import type { Segments } from '../Issue';
import { inventorySchema } from './inventorySchema';

/** The keys that the format knows at a path, in the order of the schema; none where any key may stand. */
export function knownKeys(path: Segments): readonly string[] {
  let schemas: readonly z.core.$ZodType[] = [inventorySchema];
  for (const segment of path) schemas = schemas.flatMap(unwrapped).flatMap((schema) => below(schema, segment));
  return schemas
    .flatMap(unwrapped)
    .flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodExactOptional) return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrapped);
  return [schema];
}

function below(schema: z.core.$ZodType, segment: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const field = (schema.shape as Readonly<Record<string, z.core.$ZodType>>)[segment];
    return field ? [field] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodArray ? [schema.element] : [];
}
