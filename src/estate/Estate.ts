import type { Unanswered } from './aws/AwsPort';
import type { Remedy } from './Remedy';
import type { estateSchema } from './schema/estateSchema';
import type { Facts } from './schema/Facts';

/**
 * One part of what stands: its value, or the reason why there is none. `at` is the time of AWS or of the cluster (ISO 8601). A part that is absent
 * was not asked for. `value: null`: AWS or the cluster has no such thing.
 */
export type Part<T> = { readonly at: string; readonly value: T } | NoValue;

/** The reason why there is no value: exactly one of the five. */
export type NoValue = {
  [Reason in Unanswered]: {
    readonly at: string;
    /** One sentence. */
    readonly message: string;
    readonly fix?: Remedy;
    /** With `denied`: there are no valid credentials of AWS. */
    readonly noCredentials?: true;
  } & Readonly<Record<Reason, true>>;
}[Unanswered];

/**
 * What stands in AWS and in the clusters, as plain data: the twin of the Blueprint. It is keyed by account id, region and cluster ARN, never by keys of
 * the inventory. `./schema/estateSchema.ts` describes each part.
 */
export type Estate = Facts<typeof estateSchema>;
