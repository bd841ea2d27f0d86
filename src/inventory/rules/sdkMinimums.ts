/**
 * The oldest versions whose default credential chain supports Pod Identity, by language of the AWS SDK: one for each release line, oldest
 * line first. A version belongs to the line with its major number, a date (`release-2023-11-14`) to the line of dates.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
 */
export const SDK_MINIMUMS = {
  python: ['1.34.41'],
  java: ['1.12.746', '2.21.30'],
  go: ['1.47.11', 'release-2023-11-14'],
  javascript: ['2.1550.0', '3.458.0'],
  kotlin: ['1.0.1'],
  ruby: ['3.188.0'],
  rust: ['release-2024-03-13'],
  cpp: ['1.11.263'],
  dotnet: ['3.7.734.0'],
  powershell: ['4.1.502'],
  php: ['3.287.1'],
  cli: ['1.30.0', '2.15.0'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SdkLanguage = keyof typeof SDK_MINIMUMS;
export const SDK_LANGUAGES = Object.keys(SDK_MINIMUMS) as readonly SdkLanguage[];

/** Whether an SDK supports Pod Identity, with the minimum of its release line; unknown if the version cannot be compared. */
export type SdkAge =
  { readonly kind: 'new enough' } | { readonly kind: 'too old' | 'unknown'; readonly minimum: string };

/** Compares a version (`1.34.60`, `v1.47.11`, `release-2023-11-14`) with the minimum of its release line. */
export function sdkAge(language: SdkLanguage, version: string): SdkAge {
  const lines: readonly string[] = SDK_MINIMUMS[language];
  const dated = version.startsWith('release-');
  const comparable = lines.filter((line) => line.startsWith('release-') === dated);
  const numbers = numbersOf(version);
  const line = comparable.findLast((minimum) => (numbersOf(minimum)[0] ?? 0) <= (numbers[0] ?? 0)) ?? comparable[0];
  if (line === undefined) return { kind: 'unknown', minimum: lines.join(' or ') };
  return isAtLeast(numbers, numbersOf(line)) ? { kind: 'new enough' } : { kind: 'too old', minimum: line };
}

function numbersOf(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

function isAtLeast(version: readonly number[], minimum: readonly number[]): boolean {
  for (const [index, wanted] of minimum.entries()) {
    const found = version[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}
