import { z } from 'zod';
import { keyName } from '../formats/inventoryFormats';
import type { Format } from '../formats/Format';

/** A text of a certain form. Its rule's name is the message of what zod finds, which is how a finding gets to its rule. */
export function text(format: Format): z.ZodString {
  const base = z.string(format.name).regex(format.pattern, format.name);
  const { accepts } = format;
  return accepts ? base.refine(accepts, format.name) : base;
}

/** A text in which `{name}` is replaced: its form is checked after that. */
export function template(): z.ZodString {
  return z.string().min(1);
}

/** A map from keys that are lower-case DNS labels. */
export function keyed<T extends z.ZodType>(value: T): z.ZodRecord<z.ZodString, T> {
  return z.record(text(keyName), value);
}
