import { AGENT_ADDON } from '../../blueprint/agents';
import type { Addon, Blueprint } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { SeedAddon, SeedAssociation, SeedCluster } from '../../sandbox/Seed';

/**
 * What of a cluster exists before podlift's first apply: the agent and the add-ons that are adopted, and the associations that are
 * imported, by their ids. An import block of something that does not exist would stop the plan.
 */
export function adoptedParts(
  { key, agent }: Cluster,
  blueprint: Blueprint | undefined,
): Pick<SeedCluster, 'addons' | 'associations'> {
  const { addons = [], associations = [] } = blueprint ?? {};
  const ownAgent: SeedAddon[] =
    agent?.adopt !== true
      ? []
      : [
          {
            name: AGENT_ADDON,
            version: agent.version,
            ...(agent.configuration === undefined ? {} : { configuration: JSON.stringify(agent.configuration) }),
          },
        ];
  return {
    addons: [...ownAgent, ...addons.filter(({ cluster, adopt }) => cluster === key && adopt).map(addonOf)],
    associations: associations.flatMap((association): SeedAssociation[] => {
      const { cluster, importId, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = association;
      if (cluster !== key || importId === undefined) return [];
      return [
        {
          id: importId,
          namespace,
          serviceAccount,
          roleArn,
          ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
          disableSessionTags,
        },
      ];
    }),
  };
}

function addonOf({ name, version, configuration, serviceAccountRoleArn, associations }: Addon): SeedAddon {
  return {
    name,
    version,
    ...(configuration === undefined ? {} : { configuration }),
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    podIdentityAssociations: associations,
  };
}
