import { SDK_LANGUAGES, SDK_MINIMUMS, sdkAge, type SdkLanguage } from '../../inventory/rules/sdkMinimums';
import type { Workload } from '../../inventory/Inventory';
import type { Check } from './Check';
import { evidenceOf, type Verdict } from './evidenceOf';
import { INVENTORY } from './places';

/**
 * The SDK that the inventory declares knows Pod Identity. One that is not declared does not hold: a gate goes by evidence, an old SDK
 * falls through to the node's role without a word, and the way on is one line in the inventory that the team which ships the
 * image can write.
 */
export const sdkNewEnough: Check = (step, _ports, now) =>
  Promise.resolve(
    step.workloads.map((workload) =>
      evidenceOf(
        step,
        now,
        { check: 'sdk', workload: workload.key, asked: `workloads.${workload.key}.sdk`, of: INVENTORY },
        judge(workload),
      ),
    ),
  );

function judge({ key, sdk }: Workload): Verdict {
  if (sdk === undefined)
    return {
      found: 'not declared',
      holds: 'no',
      remedy: `Write what its image ships into workloads.${key}: sdk: { language: python, version: 1.34.60 } (${SDK_LANGUAGES.join(', ')}).`,
    };
  const language = SDK_LANGUAGES.find((known) => known === sdk.language);
  if (language === undefined)
    return {
      found: `${sdk.language} is no SDK of AWS’s`,
      holds: 'unknown',
      remedy: `Use one of ${SDK_LANGUAGES.join(', ')}.`,
    };
  return aged(language, sdk.version);
}

function aged(language: SdkLanguage, version: string): Verdict {
  const age = sdkAge(language, version);
  switch (age.kind) {
    case 'new enough':
      return { found: `${language} ${version}`, holds: 'yes' };
    case 'too old':
      return {
        found: `${language} ${version} does not know Pod Identity`,
        holds: 'no',
        remedy: `Ship ${language} SDK ${age.minimum} or later, and write its version into the inventory.`,
      };
    case 'unknown':
      return {
        found: `${language} ${version} cannot be compared with ${SDK_MINIMUMS[language].join(', ')}`,
        holds: 'unknown',
        remedy: `Write the version as ${age.minimum}.`,
      };
  }
}
