import { isPast } from '../../Inventory';
import { sdkVersion } from '../../formats/inventoryFormats';
import { fits } from '../../formats/Format';
import { sdkAge, type SdkLanguage } from '../sdkMinimums';
import type { Rule } from '../Rule';

/**
 * From `dual` on new pods get no IRSA credentials, and an SDK without Pod Identity support finds none. At `prepared` new pods still use
 * IRSA, so the finding is a warning.
 */
export const sdkTooOld: Rule = {
  name: 'sdk-too-old',
  severities: ['error', 'warning'],
  what: 'The AWS SDK of a workload past `irsa` supports Pod Identity: a warning at `prepared`, an error from `dual` on.',
  example: 'python SDK 1.34.0 does not support Pod Identity: at least 1.34.41',
  *check({ staged }) {
    for (const { workload, environment, at } of staged) {
      const { sdk, stage } = workload;
      if (!sdk || !isPast(stage, 'irsa') || !fits(sdkVersion, sdk.version)) continue;
      const age = sdkAge(sdk.language as SdkLanguage, sdk.version);
      if (age.kind === 'new enough') continue;
      const what =
        age.kind === 'too old'
          ? 'does not support Pod Identity: at least'
          : 'cannot be compared: versions of this SDK are dates, such as';
      yield {
        severity: isPast(stage, 'prepared') ? 'error' : 'warning',
        path: at('sdk', 'version'),
        message: `${sdk.language} SDK ${sdk.version} ${what} ${age.minimum} (workload "${workload.key}" is at ${stage} in ${environment.key})`,
        hint:
          age.kind === 'too old'
            ? `Upgrade the SDK in the image to ${age.minimum} or later, then update sdk.version.`
            : `Write the version as ${age.minimum}.`,
      };
    }
  },
};
