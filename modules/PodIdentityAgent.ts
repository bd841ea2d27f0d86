import type { Agent } from '../blueprint/Blueprint';
import { Construct } from './cdktf';
import { literal } from './literal';
import { type AwsProvider, EksAddon } from './providers';

/** The EKS Pod Identity agent as an EKS add-on of one cluster. */
export class PodIdentityAgent extends Construct {
  readonly addon: EksAddon;

  /** `provider` serves the cluster's region; absent: the stack's default one does. */
  constructor(scope: Construct, id: string, agent: Agent, provider?: AwsProvider) {
    super(scope, id);
    this.addon = new EksAddon(this, 'addon', {
      ...(provider === undefined ? {} : { provider }),
      clusterName: literal(agent.clusterName),
      addonName: 'eks-pod-identity-agent',
      addonVersion: agent.version,
      ...(agent.configuration === undefined ? {} : { configurationValues: literal(agent.configuration) }),
      // An agent that was installed by hand is taken over instead of stopping the apply.
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
    });
  }
}
