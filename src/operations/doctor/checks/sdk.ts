import { SDK_LANGUAGES, sdkAge, type SdkAge } from '../../../inventory/rules/sdkMinimums';
import type { Workload } from '../../../inventory/Inventory';
import { INVENTORY } from '../../evidence/places';
import type { Judge } from '../Judge';
import { ill, kubectlLook, well } from '../judgement';

/** The SDK that the inventory declares knows Pod Identity, where new pods are given it. */
export const sdk: Judge = (patient) => {
  const { workload, row } = patient;
  if (row.newPodUses !== 'pod-identity') return [];
  const images = kubectlLook(
    patient,
    `get pods -o jsonpath='{range .items[*]}{.spec.serviceAccountName}{" "}{.spec.containers[*].image}{"\\n"}{end}'`,
    workload.namespace,
  );
  const look = { of: INVENTORY, shows: images.shows };
  if (workload.sdk === undefined)
    return [
      ill(
        look,
        'warning',
        'the inventory does not say which SDK its image ships, so that its age is not judged',
        `Write it into workloads.${workload.key}: sdk: { language: python, version: 1.34.60 } (${SDK_LANGUAGES.join(', ')}).`,
      ),
    ];
  const { language, version } = workload.sdk;
  const age = ageOf(workload);
  if (age?.kind === 'new enough') return [well(look, `${language} ${version} knows Pod Identity`)];
  if (age?.kind === 'too old')
    return [
      ill(
        look,
        'problem',
        `${language} ${version} does not know Pod Identity: it passes by what the pod was given`,
        `Ship ${language} SDK ${age.minimum} or later, write its version into the inventory; until then take its wave back to IRSA.`,
      ),
    ];
  return [
    ill(
      look,
      'unknown',
      `${language} ${version} cannot be compared with the minimum`,
      `Write language and version as AWS does (${age?.minimum ?? SDK_LANGUAGES.join(', ')}).`,
    ),
  ];
};

/** How old a workload's SDK is; nothing where the inventory does not say, or names a language without an SDK. */
export function ageOf({ sdk: declared }: Pick<Workload, 'sdk'>): SdkAge | undefined {
  const language = SDK_LANGUAGES.find((known) => known === declared?.language);
  return declared === undefined || language === undefined ? undefined : sdkAge(language, declared.version);
}
