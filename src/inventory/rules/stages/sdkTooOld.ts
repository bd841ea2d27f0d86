import { isPast } from '../../resolve/isPast';
import { sdkVersion } from '../../formats/inventoryFormats';
import { fits } from '../../formats/Format';
import { sdkAge, type SdkLanguage } from '../sdkMinimums';
import type { Rule } from '../Rule';

/**
 * An SDK that does not know Pod Identity finds no credentials when the annotation's are no longer injected: from `dual` on. At
 * `prepared` new pods still use IRSA, so there it is a warning.
 */
export const sdkTooOld: Rule = {
  name: 'sdk-too-old',
  severities: ['error', 'warning'],
  what: 'The AWS SDK of a workload past `irsa` knows Pod Identity: a warning at `prepared`, an error from `dual` on.',
  example: 'python SDK 1.34.0 does not know Pod Identity: at least 1.34.41',
  *check({ staged }) {
    for (const { workload, environment, at } of staged) {
      const { sdk, stage } = workload;
      if (!sdk || !isPast(stage, 'irsa') || !fits(sdkVersion, sdk.version)) continue;
      const age = sdkAge(sdk.language as SdkLanguage, sdk.version);
      if (age.kind === 'new enough') continue;
      const what =
        age.kind === 'too old'
          ? 'does not know Pod Identity: at least'
          : 'cannot be compared: this SDK is dated, as in';
      yield {
        severity: isPast(stage, 'prepared') ? 'error' : 'warning',
        path: at('sdk', 'version'),
        message: `${sdk.language} SDK ${sdk.version} ${what} ${age.minimum} (workload "${workload.key}" is at ${stage} in ${environment.key})`,
        hint:
          age.kind === 'too old'
            ? `Ship the workload with ${age.minimum} or later first.`
            : `Write the version as ${age.minimum}.`,
      };
    }
  },
};
