import { z } from 'zod';
import type { Format } from '../formats/Format';
import { keyName } from '../formats/inventoryFormats';
import { STAGES } from '../Inventory';

/** A text with a format. The format's rule is the message of zod's issue: `shapeIssues` finds the rule by it. */
export function text(format: Format): z.ZodString {
  const base = z.string(format.name).regex(format.pattern, format.name);
  const { accepts } = format;
  return accepts ? base.refine(accepts, format.name) : base;
}

/** The message of an issue about a key that is missing, and that other keys can make unnecessary. */
export const MISSING = 'missing';

/** A text that is not empty: a name, a reason. */
export const words = z.string().min(1);

/** A text in which `{name}` is replaced. Its format is checked after that. */
export const template = z.string().min(1);

/** A map with these fields and no others. */
export function map<T extends z.ZodRawShape>(description: string, fields: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(fields).describe(description);
}

/** A list that is not empty. */
export function several<T extends z.ZodType>(item: T): z.ZodArray<T> {
  return z.array(item).min(1);
}

/** A map whose keys are lower-case DNS labels. */
export function keyed<T extends z.ZodType>(value: T): z.ZodRecord<z.ZodString, T> {
  return z.record(text(keyName), value);
}

/** A field that must be present, with examples for editors. */
export function required<T extends z.ZodType>(schema: T, description: string, ...examples: readonly string[]): T {
  return schema.meta({ description, ...(examples.length > 0 && { examples: [...examples] }) });
}

/** A field that can be absent. */
export function optional<T extends z.ZodType>(
  schema: T,
  description: string,
  more: { readonly default?: unknown; readonly examples?: unknown[] } = {},
): z.ZodExactOptional<T> {
  return schema.meta({ description, ...more }).exactOptional();
}

/** A field that is `true`, `false` or absent, which means `false`. */
export function flag(description: string): z.ZodExactOptional<z.ZodBoolean> {
  return optional(z.boolean(), description, { default: false });
}

/** One of the five stages, in the order of a migration. */
export const stageSchema = z
  .enum(STAGES)
  .describe(
    'irsa: IRSA only. prepared: the role trusts IRSA and Pod Identity. dual: there is an association, and new pods use Pod Identity. cutover: there is no annotation. pod-identity: the role trusts only Pod Identity.',
  );
