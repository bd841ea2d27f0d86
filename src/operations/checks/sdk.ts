import type { Workload } from '../../inventory/Inventory';
import { SDK_LANGUAGES, type SdkAge, sdkAge } from '../../inventory/rules/sdkMinimums';
import { kubectl } from '../remedies';
import { type CheckFunction, fail, pass, problem } from './Check';

/** The SDK that the inventory declares supports Pod Identity, where new pods use it or a step leads there. */
export const sdk: CheckFunction = (subject) => {
  const { workload, cluster, serviceAccount, row, next } = subject;
  if (next === undefined && row.newPodUses !== 'pod-identity') return [];
  const { key, sdk: declared } = workload;
  const images = `jsonpath={range .items[*]}{.spec.serviceAccountName}{" "}{.spec.containers[*].image}{"\\n"}{end}`;
  const more = { inspect: kubectl(cluster, serviceAccount.namespace)`get pods -o ${images}` };
  if (declared === undefined)
    // Where pods are to move, nothing else shows the SDK; where they have moved, the check role-used does.
    return fail(
      next !== undefined && row.newPodUses === 'irsa' ? 'problem' : 'warning',
      'the inventory does not declare the SDK of the image',
      `Write the SDK of the image into workloads.${key}, for example sdk: { language: python, version: 1.34.60 }. Languages: ${SDK_LANGUAGES.join(', ')}.`,
      more,
    );
  const { language, version } = declared;
  const age = ageOf(workload);
  if (age?.kind === 'new enough') return pass(`${language} ${version} supports Pod Identity`, more);
  if (age?.kind === 'too old')
    return problem(
      `${language} ${version} does not support Pod Identity: the SDK uses the role of the node instead`,
      `Upgrade the ${language} SDK in the image to ${age.minimum} or later, then write its version into workloads.${key}.sdk. Until then, keep the workload on IRSA.`,
      more,
    );
  return fail(
    'unknown',
    `${language} ${version} cannot be compared with the first SDK that supports Pod Identity`,
    `Write language and version as AWS does (${age?.minimum ?? SDK_LANGUAGES.join(', ')}).`,
    more,
  );
};

/** How old a workload's SDK is; nothing where the inventory does not declare it, or names a language without an SDK. */
export function ageOf({ sdk: declared }: Pick<Workload, 'sdk'>): SdkAge | undefined {
  const language = SDK_LANGUAGES.find((known) => known === declared?.language);
  return declared === undefined || language === undefined ? undefined : sdkAge(language, declared.version);
}
