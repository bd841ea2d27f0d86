import { didYouMean, listed } from './suggest';

/** The requested environments, or why there are none. */
export type Requested =
  { readonly environments: readonly string[] } | { readonly environments?: undefined; readonly problem: string };

/**
 * Selects from the `known` environments: the one in `wanted`, or all if it is unset or empty. `source` is the name of `wanted` in the
 * message.
 */
export function requestedEnvironments(
  known: readonly string[],
  wanted: string | undefined = process.env.PODLIFT_ENVIRONMENT,
  source = 'PODLIFT_ENVIRONMENT',
): Requested {
  if (wanted === undefined || wanted === '') return { environments: known };
  if (known.includes(wanted)) return { environments: [wanted] };
  return { problem: `${source} is "${wanted}": ${didYouMean(wanted, known)}environments: ${listed(known)}` };
}
