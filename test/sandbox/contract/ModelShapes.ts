import type { Service } from '../../../src/sandbox/api/Service';

/** A schema, a reference to one, or a code for a simple type. Source: `@smithy/types`, `schema/static-schemas.d.ts` and `sentinels.d.ts`. */
export type Schema = number | string | readonly unknown[] | (() => Schema);

/** The type of a value. */
export type Type =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'unit' }
  | { readonly kind: 'list'; readonly item: Schema }
  | { readonly kind: 'map'; readonly value: Schema }
  | Structure;

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  /** The member is a part of the path. */
  readonly inPath: boolean;
  /** The name of the query parameter that carries the member. */
  readonly query?: string;
}

export interface Operation {
  readonly name: string;
  /** Method and path, for REST. */
  readonly http?: readonly [method: string, path: string];
  readonly input: Structure | undefined;
  readonly output: Structure | undefined;
  /** The names of the error structures that the operation lists. */
  readonly errors: readonly string[];
}

export interface ErrorShape {
  readonly code: string;
  readonly status: number;
  readonly members: readonly string[];
}

export interface ServiceModel {
  readonly service: Service;
  readonly protocol: 'query' | 'rest-json' | 'json';
  readonly operation: (name: string) => Operation;
  /** An error structure by its name. */
  readonly errorShape: (name: string) => ErrorShape | undefined;
  /** The values of a structure's member. Undefined when the member is not an enum. */
  readonly valuesOf: (structure: string, member: string) => readonly string[] | undefined;
  /** The names of the members by which a list operation takes and answers its pages. Undefined when it has no pages. */
  readonly pagesOf: (operation: string) => Pages | undefined;
}

export interface Pages {
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly size: string;
}
