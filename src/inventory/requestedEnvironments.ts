import { didYouMean, listed } from './suggest';

/** The environments that an operator asked for, or why there are none. */
export type Requested =
  { readonly environments: readonly string[] } | { readonly environments?: undefined; readonly problem: string };

/**
 * Which of the `known` environments are meant: the one that `wanted` names, all of them when it is unset or empty.
 * `wanted` is `PODLIFT_ENVIRONMENT` unless a command's option says otherwise, `source` what to call it in the answer.
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
