import { entryLines, type Plain } from '../../inventory/edit/entryLines';
import type { AddonFacts } from '../aws/AwsPort';
import type { SurveyedRole } from './ClusterSurvey';
import { splitKey } from './decisions/splitKey';
import type { Draft } from './draftOf';
import { entryOf, isStuck } from './entryOf';
import { snippetKey } from './entryKeys';
import { configurationOf } from './proposedCluster';
import { joinedNotes, proposedWaves } from './proposedWaves';
import { permissionsEntry } from './roleEntry';
import type { Scene } from './Scene';
import type { Subject } from './Subject';
import { valueOfRole } from './valueOfRole';

/** Sections of an inventory as YAML. */
export function sectionsText(sections: Readonly<Record<string, Plain | undefined>>): string {
  return Object.entries(sections)
    .flatMap(([section, value]) => (value === undefined ? [] : entryLines(section, value)))
    .join('\n');
}

/** Fields of a cluster's entry as YAML, below the maps that lead to them. */
export function clusterText(environment: string, cluster: string, fields: Readonly<Record<string, Plain>>): string {
  return sectionsText({ environments: { [environment]: { clusters: { [cluster]: fields } } } });
}

/** The agent's lines of a cluster's entry, with which it is taken over as it is: version, configuration, `adopt`. */
export function agentFields({ version, configuration }: AddonFacts): Readonly<Record<string, Plain>> {
  const found = configuration === undefined ? undefined : configurationOf(configuration);
  return { version, ...(found && { configuration: found as Plain }), adopt: true };
}

/** An add-on with its workload: the add-on takes its service account's role from there; and what to know of the wave. */
export function addonSnippet(
  scene: Scene,
  draft: Draft,
  addon: AddonFacts,
): { readonly text: string; readonly notes: readonly string[] } {
  const { inventory, environment, cluster, now } = scene;
  const key = snippetKey(scene, draft.subject);
  const configuration = addon.configuration === undefined ? undefined : configurationOf(addon.configuration);
  const entry = {
    version: addon.version,
    ...(configuration && { configuration: configuration as Plain }),
    serviceAccounts: { [draft.subject.name]: key },
    adopt: true,
  };
  const waves = proposedWaves(inventory, environment.key, cluster.key, now, true);
  const wave = isStuck(draft) ? undefined : waves.of(draft.stage);
  const made = waves.entries();
  const text = sectionsText({
    environments: { [environment.key]: { clusters: { [cluster.key]: { addons: { [addon.name]: entry } } } } },
    waves: made.length === 0 ? undefined : Object.fromEntries(made.map((one) => [one.key, one.entry])),
    workloads: { [key]: entryOf(scene, draft, wave, true) as unknown as Plain },
  });
  return { text, notes: joinedNotes(waves) };
}

/** Where a workload's target role is to be, under which keys. */
export interface TargetPlace {
  readonly key: string;
  readonly target: string;
  /** The account's key; `id` where the inventory does not have it yet. */
  readonly account: string;
  readonly id?: string;
}

/**
 * A workload that is born on Pod Identity, with a role of podlift's own and a target role in the account where its role was: with the
 * permissions and the boundary of that one.
 */
export function targetSnippet(
  { environment, cluster }: Scene,
  { namespace, name }: Subject,
  { key, target, account, id }: TargetPlace,
  role: SurveyedRole | undefined,
): string {
  const policies = role?.policies.ok === true ? role.policies.value : undefined;
  const permissions = policies && permissionsEntry(policies, environment.partition);
  const boundary = role?.facts.permissionsBoundary;
  return sectionsText({
    accounts: id === undefined ? undefined : { [account]: { id } },
    workloads: {
      [key]: {
        namespace,
        serviceAccount: { name, manage: 'none' },
        environments: [environment.key],
        clusters: [cluster.key],
        targets: {
          [target]: {
            account,
            via: 'association',
            ...(boundary !== undefined && { role: { permissionsBoundary: boundary } }),
            permissions: (permissions ?? {}) as unknown as Plain,
          },
        },
      },
    },
  });
}

/** Entries for users of a shared role that get roles of their own, with its permissions and its boundary. */
export function splitSnippet(scene: Scene, users: readonly Subject[]): string | undefined {
  const { environment, cluster } = scene;
  const [first] = users;
  if (first === undefined) return undefined;
  const role = valueOfRole(first, scene);
  const boundary = role?.facts.permissionsBoundary;
  const permissions =
    role?.policies.ok === true
      ? role.policies.value && permissionsEntry(role.policies.value, environment.partition)
      : undefined;
  return sectionsText({
    workloads: Object.fromEntries(
      users.map((user) => [
        splitKey(user, scene),
        {
          stage: 'irsa',
          because: 'its role is being split: to be put into a wave',
          namespace: user.namespace,
          serviceAccount: { name: user.name, manage: 'none' },
          environments: [environment.key],
          clusters: [cluster.key],
          ...(boundary !== undefined && { role: { permissionsBoundary: boundary } }),
          ...(permissions && { permissions: permissions as unknown as Plain }),
        },
      ]),
    ),
  });
}
