import { entryLines, type Plain } from '../../inventory/edit/entryLines';
import type { Account } from '../../inventory/Inventory';
import type { AddonFacts } from '../aws/AwsPort';
import type { SurveyedRole } from './ClusterSurvey';
import { splitKey } from './decisions/splitKey';
import type { Draft } from './draftOf';
import { entryOf } from './entryOf';
import { labelOf } from './freeKey';
import { configurationOf } from './proposedCluster';
import { permissionsEntry } from './roleEntry';
import type { RoleReference } from './roleReference';
import type { Scene } from './Scene';
import type { Subject } from './Subject';
import { valueOfRole } from './valueOfRole';

/** Sections of an inventory as YAML. */
export function sectionsText(sections: Readonly<Record<string, Plain | undefined>>): string {
  return Object.entries(sections)
    .flatMap(([section, value]) => (value === undefined ? [] : entryLines(section, value)))
    .join('\n');
}

/** An add-on with its workload: the add-on takes its service account's role from there. */
export function addonSnippet(scene: Scene, draft: Draft, addon: AddonFacts): string {
  const { environment, cluster } = scene;
  const key = labelOf(draft.subject.name);
  const configuration = addon.configuration === undefined ? undefined : configurationOf(addon.configuration);
  const entry = {
    version: addon.version,
    ...(configuration && { configuration: configuration as Plain }),
    serviceAccounts: { [draft.subject.name]: key },
    adopt: true,
  };
  const needed = draft.stage === 'irsa' || draft.stage === 'pod-identity' ? undefined : draft.stage;
  const wave = draft.stage === 'pod-identity' ? undefined : labelOf(environment.key, cluster.key, 'addons');
  return sectionsText({
    environments: { [environment.key]: { clusters: { [cluster.key]: { addons: { [addon.name]: entry } } } } },
    waves:
      wave === undefined
        ? undefined
        : { [wave]: { description: 'EKS add-ons', ...(needed && { stages: { [environment.key]: needed } }) } },
    workloads: { [key]: entryOf(scene, draft, wave, true) as unknown as Plain },
  });
}

/** A workload with a role of podlift's own and a target role in the account where its role was. */
export function targetSnippet(
  { environment, cluster }: Scene,
  { namespace, name }: Subject,
  { accountId }: RoleReference,
  account: Account | undefined,
  role: SurveyedRole | undefined,
): string {
  const policies = role?.policies.ok === true ? role.policies.value : undefined;
  const attached = policies && permissionsEntry(policies, environment.partition)?.managedPolicies;
  const key = account?.key ?? `account-${accountId}`;
  return sectionsText({
    accounts: account === undefined ? { [key]: { id: accountId } } : undefined,
    workloads: {
      [labelOf(name)]: {
        stage: 'irsa',
        because: 'its role was in another account: to be put into a wave',
        namespace,
        serviceAccount: { name, manage: 'none' },
        environments: [environment.key],
        clusters: [cluster.key],
        targets: {
          [labelOf(key)]: {
            account: key,
            via: 'association',
            permissions: attached === undefined ? {} : { managedPolicies: attached },
          },
        },
      },
    },
  });
}

/** Entries for users of a shared role that get roles of their own, with its permissions. */
export function splitSnippet(scene: Scene, users: readonly Subject[]): string | undefined {
  const { environment, cluster } = scene;
  const [first] = users;
  if (first === undefined) return undefined;
  const policies = valueOfRole(first, scene)?.policies;
  const permissions =
    policies?.ok === true ? policies.value && permissionsEntry(policies.value, environment.partition) : undefined;
  return sectionsText({
    workloads: Object.fromEntries(
      users.map((user) => [
        splitKey(user),
        {
          stage: 'irsa',
          because: 'its role is being split: to be put into a wave',
          namespace: user.namespace,
          serviceAccount: { name: user.name, manage: 'none' },
          environments: [environment.key],
          clusters: [cluster.key],
          ...(permissions && { permissions: permissions as unknown as Plain }),
        },
      ]),
    ),
  });
}
