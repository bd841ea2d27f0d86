import { catalogue } from './catalogue';
import type { KnownController } from './catalogueSchema';

/** An image of a known controller. */
export interface KnownImage {
  readonly controller: KnownController;
  /** Where the name that everybody knows begins; what stands before it is the registry. */
  readonly start: number;
  /** Its tag without what follows the third number: `v1.9.1` of `v1.9.1-eks-1`. Absent: the tag is no version, or there is none. */
  readonly version?: string;
}

/** The known controller of an image; `undefined` for any other image. Mirrors keep the end of the name. */
export function knownImage(image: string): KnownImage | undefined {
  const [, repository = '', tag = ''] = /^([^@]+?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? [];
  for (const { controller, pattern } of imagePatterns()) {
    const found = pattern.exec(repository);
    if (found === null) continue;
    const version = /^v?\d+\.\d+\.\d+/.exec(tag)?.[0];
    return {
      controller,
      start: repository.length - (found[1] ?? '').length,
      ...(version !== undefined && { version }),
    };
  }
  return undefined;
}

let patterns: readonly { readonly controller: KnownController; readonly pattern: RegExp }[] | undefined;

/** Made once: a cluster has thousands of images. */
function imagePatterns(): NonNullable<typeof patterns> {
  patterns ??= catalogue().flatMap((controller) =>
    (controller.images ?? []).map((name) => ({
      controller,
      pattern: new RegExp(`(?:^|/)(${patternOf(name)})$`),
    })),
  );
  return patterns;
}

function patternOf(name: string): string {
  return name.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*');
}

/** Whether a version is older than another one. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(than)];
  const differs = one.findIndex((part, index) => part !== other[index]);
  return differs >= 0 && (one[differs] ?? 0) < (other[differs] ?? 0);
}

/**
 * Whether an image of a controller cannot use Pod Identity, by its version. Of a version that is not known only a controller that never can. A line
 * (`v1.28`) that has the support from a later version on is too old below that version alone.
 */
export function isTooOldForPodIdentity({ controller: { podIdentity }, version }: KnownImage): boolean {
  if (podIdentity === undefined) return false;
  const { since, also = [], never } = podIdentity;
  if (never === true) return true;
  if (since === undefined || version === undefined || !isOlder(version, since)) return false;
  const line = also.find((one) => numbersOf(one).slice(0, 2).join() === numbersOf(version).slice(0, 2).join());
  return line === undefined || isOlder(version, line);
}

function numbersOf(version: string): readonly number[] {
  return version.replace(/^v/, '').split('.').map(Number);
}
