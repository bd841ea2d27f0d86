/** The languages of AWS SDKs, as `sdk.language` names them. */
export const SDK_LANGUAGES = [
  'python',
  'java',
  'go',
  'javascript',
  'kotlin',
  'ruby',
  'rust',
  'cpp',
  'dotnet',
  'powershell',
  'php',
  'cli',
] as const;
export type SdkLanguage = (typeof SDK_LANGUAGES)[number];

/**
 * The oldest versions whose default credential chain knows Pod Identity, one for each line of an SDK, oldest line first. A
 * version belongs to the line with its major number; versions by date (`release-2023-11-14`) to the line that counts by date.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
 */
export const SDK_MINIMUMS: Readonly<Record<SdkLanguage, readonly string[]>> = {
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
};

/** How an SDK stands to Pod Identity: new enough, too old (with the minimum of its line), or not to be compared. */
export type SdkAge =
  { readonly kind: 'new enough' } | { readonly kind: 'too old' | 'unknown'; readonly minimum: string };

/** Compares a version (`1.34.60`, `v1.47.11`, `release-2023-11-14`) with the minimum of its line. */
export function sdkAge(language: SdkLanguage, version: string): SdkAge {
  const lines = SDK_MINIMUMS[language];
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
