import { sdkAge } from '../../../src/inventory/rules/sdkMinimums';

describe('sdkAge', () => {
  it.each([
    ['python', '1.34.41', 'new enough'],
    ['python', '1.34.40', 'too old'],
    ['python', '1.35', 'new enough'],
    ['python', '2.0.0', 'new enough'],
    ['java', '1.12.746', 'new enough'],
    ['java', '1.12.745', 'too old'],
    ['java', '2.21.29', 'too old'],
    ['java', '2.21.30', 'new enough'],
    ['go', 'v1.47.11', 'new enough'],
    ['go', '1.47.10', 'too old'],
    ['go', 'release-2023-11-14', 'new enough'],
    ['go', 'release-2023-11-13', 'too old'],
    ['go', 'release-2022-12-31', 'too old'],
    ['javascript', '2.1550.0', 'new enough'],
    ['javascript', '3.457.9', 'too old'],
    ['javascript', '4.0.0', 'new enough'],
    ['rust', 'release-2024-03-13', 'new enough'],
    ['rust', '1.0.0', 'unknown'],
    ['python', 'release-2024-03-13', 'unknown'],
    ['dotnet', '3.7.733.9', 'too old'],
    ['cli', '2.14.9', 'too old'],
    ['cli', '1.30.0', 'new enough'],
    ['kotlin', '1.0.0', 'too old'],
  ] as const)('%s %s is %s', (language, version, kind) => {
    expect(sdkAge(language, version).kind).toBe(kind);
  });
});
