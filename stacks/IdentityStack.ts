import { AGENT_ADDON } from '../src/blueprint/agents';
import type { Blueprint, Resources } from '../src/blueprint/Blueprint';
import { address } from '../modules/address';
import { Construct } from '../modules/cdktf';
import { ClusterAddon } from '../modules/ClusterAddon';
import { forget } from '../modules/forget';
import { literal } from '../modules/literal';
import { OidcProvider } from '../modules/OidcProvider';
import { PodIdentityAssociation } from '../modules/PodIdentityAssociation';
import { childOf, subjectScope } from '../modules/subjectScope';
import { WorkloadRole } from '../modules/WorkloadRole';
import { awsProviders, untaggedProviders } from './awsProviders';
import { backend } from './backend';
import { AdoptingStack } from './AdoptingStack';
import { outputs } from './outputs';

/**
 * `<environment>-identity`: all resources of the environment's own account. Keys of the inventory are the names of constructs, so that a
 * logical id changes only with its key. Each kind has its own scope, since a workload can have any name, such as `backend`.
 */
export class IdentityStack extends AdoptingStack {
  constructor(scope: Construct, blueprint: Blueprint, stateDirectory?: string) {
    super(scope, `${blueprint.environment}-identity`);
    backend(this, blueprint, stateDirectory);
    const { released } = blueprint;
    const managed = blueprint.associations.filter(({ owner }) => owner === undefined);
    const { agents, addons, oidcProviders, roles, associations } = together(
      { ...blueprint, associations: managed },
      released,
    );
    const providerFor = awsProviders(this, blueprint, blueprint.account, {
      regions: blueprint.otherRegions,
      associations: managed,
    });
    const providerOf = (region: string) => {
      const provider = providerFor(region);
      return provider === undefined ? {} : { provider };
    };

    const untaggedFor = untaggedProviders(this, blueprint);
    const untaggedOf = (region: string) => {
      const provider = untaggedFor(region);
      return provider === undefined ? providerOf(region) : { provider, defaultTags: blueprint.tags };
    };

    const agentScope = new Construct(this, 'agents');
    const isReleased = (key: string) => released.roles.some(({ workload }) => workload === key);
    const isForgotten = (key: string) => released.agents.some(({ cluster }) => cluster === key);
    const agentOf = new Map(
      agents.map((agent) => [
        agent.cluster,
        new ClusterAddon(agentScope, agent.cluster, { ...agent, name: AGENT_ADDON }, providerOf(agent.region)),
      ]),
    );
    const oidcScope = new Construct(this, 'oidc-providers');
    const providerOn = new Map(
      oidcProviders.map((provider) => [provider.cluster, new OidcProvider(oidcScope, provider.cluster, provider)]),
    );

    const workloadScope = new Construct(this, 'workloads');
    const roleOf = new Map(roles.map((role) => [role.workload, new WorkloadRole(workloadScope, role.workload, role)]));
    const roleFor = (workload: string): WorkloadRole => {
      const role = roleOf.get(workload);
      if (role === undefined) throw new Error(`workload "${workload}" has no role in the blueprint`);
      return role;
    };
    const external = new Set(roles.flatMap(({ workload, manage }) => (manage === undefined ? [] : [workload])));
    const partsOf = (workload: string) => (external.has(workload) ? [] : roleFor(workload).parts);
    const associationOf = new Map(
      associations.flatMap((association) => {
        if (association.addon !== undefined) return [];
        const role = roleFor(association.workload);
        const agent = isForgotten(association.cluster) ? undefined : agentOf.get(association.cluster);
        const [scope, id] = association.isFirst
          ? [role, association.cluster]
          : subjectScope(role, { ...association, name: association.serviceAccount });
        const construct = new PodIdentityAssociation(scope, id, association, {
          roleParts: partsOf(association.workload),
          ...(agent === undefined ? {} : { agent }),
          ...(association.keepsTags ? untaggedOf : providerOf)(association.region),
        });
        return [[association, construct] as const];
      }),
    );

    const addonScope = new Construct(this, 'addons');
    const addonOf = new Map(
      addons.map((addon) => {
        // A forgotten agent is not in the stack.
        const agent = isForgotten(addon.cluster) ? undefined : agentOf.get(addon.cluster);
        const scope = childOf(addonScope, addon.cluster);
        const construct = new ClusterAddon(scope, addon.name, addon, {
          after: [...addon.workloads.flatMap(partsOf), ...(agent === undefined ? [] : [address(agent.addon)])],
          ...providerOf(addon.region),
        });
        return [addon, construct] as const;
      }),
    );

    // An external role that podlift managed before is forgotten: its own resources, and not the associations below it.
    const left = [...external].flatMap((workload) => roleFor(workload).forgetRole());
    // The other associations are below the construct of their role, and are forgotten with it.
    const ofOthers = released.associations.filter(
      ({ owner, workload }) => owner !== undefined && !isReleased(workload),
    );
    const forgotten = [
      ...ofOthers.flatMap((one) => associationOf.get(one) ?? []),
      ...released.agents.flatMap(({ cluster }) => agentOf.get(cluster) ?? []),
      ...released.oidcProviders.flatMap(({ cluster }) => providerOn.get(cluster) ?? []),
      ...released.roles.map(({ workload }) => roleFor(workload)),
      ...released.addons.flatMap((addon) => addonOf.get(addon) ?? []),
    ];
    const imported = [agentOf, providerOn, roleOf, associationOf, addonOf].flatMap((all) => [...all.values()]);
    const paths = forgotten.map(({ node }) => node.path);
    const isBelow = (path: string) => paths.some((gone) => path === gone || path.startsWith(`${gone}/`));
    this.addImports(imported.filter(({ node }) => !isBelow(node.path)));
    this.addRemoved([...left, ...forgotten.flatMap(forget)]);
    outputs(this, blueprint, Object.fromEntries(blueprint.roles.map(({ workload, arn }) => [workload, literal(arn)])));
  }
}

/** Managed and released resources together: the addresses of both come from constructs. */
function together(managed: Resources, released: Resources): Resources {
  return {
    agents: [...managed.agents, ...released.agents],
    addons: [...managed.addons, ...released.addons],
    oidcProviders: [...managed.oidcProviders, ...released.oidcProviders],
    roles: [...managed.roles, ...released.roles],
    targetRoles: [...managed.targetRoles, ...released.targetRoles],
    associations: [...managed.associations, ...released.associations],
    serviceAccounts: [...managed.serviceAccounts, ...released.serviceAccounts],
  };
}
