import { entryLines, type Plain } from '../../inventory/edit/entryLines';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import type { SurveyedRole } from './ClusterSurvey';
import { splitKey } from './decisions/splitKey';
import type { Draft } from './draftOf';
import { entryOf, isStuck } from './entryOf';
import { snippetKey } from './entryKeys';
import { configurationNotes, configurationOf } from './proposedCluster';
import { joinedNotes, proposedWaves } from './proposedWaves';
import { permissionsEntry } from './roleEntry';
import type { Scene } from './Scene';
import type { Subject } from './Subject';
import { unwritable } from './unwritable';
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

/** The agent's lines of a cluster's entry, with which it is taken over as it is: version, configuration where that can be said, `adopt`. */
export function agentFields(agent: AddonFacts): Readonly<Record<string, Plain>> {
  const configuration = configurationOf(agent);
  return { version: agent.version, ...(configuration && { configuration }), adopt: true };
}

/** Of an add-on's service account: the workload that the inventory has, or what can be taken over. */
export type AddonMember =
  { readonly subject: Subject; readonly known: string } | { readonly subject: Subject; readonly draft: Draft };

/**
 * An add-on with the workloads of all its service accounts, from which it takes their roles: one that is missing would lose its association,
 * since the add-on's block has them all. Or why that cannot be written. `notes`: what to know of configuration and waves.
 */
export function addonSnippet(
  scene: Scene,
  members: readonly AddonMember[],
  addon: AddonFacts,
): { readonly text: string; readonly notes: readonly string[] } | { readonly problem: string } {
  const { inventory, environment, cluster, now } = scene;
  const configuration = configurationOf(addon);
  const waves = proposedWaves(inventory, environment.key, cluster.key, now, true);
  const keyed = members.map((member) => ({
    member,
    key: 'known' in member ? member.known : snippetKey(scene, member.subject),
  }));
  const addons: Record<string, Plain> = {
    [addon.name]: {
      version: addon.version,
      ...(configuration && { configuration }),
      serviceAccounts: Object.fromEntries(keyed.map(({ member, key }) => [member.subject.name, key])),
      adopt: true,
    },
  };
  const workloads = Object.fromEntries(
    keyed.flatMap(({ member, key }): [string, Plain][] => {
      if ('known' in member) return [];
      const wave = isStuck(member.draft) ? undefined : waves.of(member.draft.stage);
      return [[key, entryOf(scene, member.draft, wave, true) as unknown as Plain]];
    }),
  );
  const problem = unwritable('addons', addons) ?? unwritable('workloads', workloads);
  if (problem !== undefined) return { problem };
  const made = waves.entries();
  const text = sectionsText({
    environments: { [environment.key]: { clusters: { [cluster.key]: { addons } } } },
    waves: made.length === 0 ? undefined : Object.fromEntries(made.map((one) => [one.key, one.entry])),
    workloads: Object.keys(workloads).length === 0 ? undefined : workloads,
  });
  return { text, notes: [...configurationNotes(addon), ...joinedNotes(waves)] };
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
        stage: 'pod-identity',
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
