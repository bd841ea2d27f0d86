import type { Blueprint } from '../blueprint/Blueprint';
import { address } from '../modules/address';
import { Construct } from '../modules/cdktf';
import { literal } from '../modules/literal';
import { OidcProvider } from '../modules/OidcProvider';
import { PodIdentityAgent } from '../modules/PodIdentityAgent';
import { PodIdentityAssociation } from '../modules/PodIdentityAssociation';
import { WorkloadRole } from '../modules/WorkloadRole';
import { awsProviders } from './awsProviders';
import { backend } from './backend';
import { LiteralStack } from './LiteralStack';
import { roleArnsOutput } from './roleArnsOutput';

/**
 * `<environment>-identity`: all that stands in the environment's own account.
 * Constructs are named by the inventory's keys, so that a logical id never moves while a key stays; each kind has a scope of
 * its own, since a workload may well be called `backend`.
 */
export class IdentityStack extends LiteralStack {
  constructor(scope: Construct, blueprint: Blueprint, stateDirectory?: string) {
    super(scope, `${blueprint.environment}-identity`);
    backend(this, blueprint, stateDirectory);
    const { agents, oidcProviders, roles, associations } = blueprint;
    const providerFor = awsProviders(
      this,
      blueprint,
      blueprint.account,
      [...agents, ...associations].map(({ region }) => region),
    );

    const agentScope = new Construct(this, 'agents');
    const agentOf = new Map(
      agents.map((agent) => [
        agent.cluster,
        new PodIdentityAgent(agentScope, agent.cluster, agent, providerFor(agent.region)),
      ]),
    );
    const oidcScope = new Construct(this, 'oidc-providers');
    for (const provider of oidcProviders) new OidcProvider(oidcScope, provider.cluster, provider);

    const workloadScope = new Construct(this, 'workloads');
    const roleOf = new Map(roles.map((role) => [role.workload, new WorkloadRole(workloadScope, role.workload, role)]));
    for (const association of associations) {
      const role = roleOf.get(association.workload);
      if (role === undefined) throw new Error(`association of "${association.workload}" has no role in the blueprint`);
      const agent = agentOf.get(association.cluster);
      const provider = providerFor(association.region);
      new PodIdentityAssociation(role, association.cluster, association, {
        role,
        ...(agent === undefined ? {} : { agent }),
        ...(provider === undefined ? {} : { provider }),
      });
    }
    this.importAdopted(blueprint, roleOf);
    roleArnsOutput(this, Object.fromEntries(roles.map(({ workload, arn }) => [workload, literal(arn)])));
  }

  /** Import blocks as an override: cdktf's own `importFrom` starts a `terraform version` process for every resource. */
  private importAdopted({ roles }: Blueprint, roleOf: ReadonlyMap<string, WorkloadRole>): void {
    const blocks = roles.flatMap(({ adopt, workload, name }) => {
      const role = roleOf.get(workload)?.role;
      return adopt && role !== undefined ? [{ to: address(role), id: literal(name) }] : [];
    });
    if (blocks.length > 0) this.addOverride('import', blocks);
  }
}
