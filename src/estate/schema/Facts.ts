import type { z } from 'zod';

/** A type whose properties and lists, at every depth, are read only. */
type Frozen<T> = T extends readonly (infer I)[]
  ? readonly Frozen<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** What a schema of facts describes. */
export type Facts<Schema extends z.ZodType> = Frozen<z.infer<Schema>>;
