import type { Addon, Agent } from '../src/blueprint/Blueprint';
import { address } from './address';
import { Construct } from './cdktf';
import type { Import } from './Import';
import { literal } from './literal';
import { type AwsProvider, EksAddon } from './providers';

/** What one add-on waits for, and who makes it. */
export interface AddonContext {
  /** Addresses of what must stand before its pods are given a role. */
  readonly after?: readonly string[];
  /** Serves the cluster's region; absent: the stack's default provider does. */
  readonly provider?: AwsProvider;
}

/** One EKS add-on of one cluster: the agent, or one whose service accounts are workloads. */
export class ClusterAddon extends Construct {
  readonly addon: EksAddon;
  /** The import block of one that exists already. */
  readonly imports: readonly Import[];

  constructor(
    scope: Construct,
    id: string,
    entry: Agent & Pick<Addon, 'name'> & Partial<Pick<Addon, 'associations' | 'serviceAccountRoleArn'>>,
    { after = [], provider }: AddonContext,
  ) {
    super(scope, id);
    const { name, associations = [], serviceAccountRoleArn, adopt } = entry;
    this.addon = new EksAddon(this, 'addon', {
      ...(provider === undefined ? {} : { provider }),
      clusterName: literal(entry.clusterName),
      addonName: name,
      addonVersion: entry.version,
      ...(entry.configuration === undefined ? {} : { configurationValues: literal(entry.configuration) }),
      ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn: literal(serviceAccountRoleArn) }),
      ...(associations.length === 0
        ? {}
        : {
            podIdentityAssociation: associations.map(({ serviceAccount, roleArn }) => ({
              serviceAccount: literal(serviceAccount),
              roleArn: literal(roleArn),
            })),
          }),
      // One that was installed by hand is taken over instead of stopping the apply. On an imported one these would show as a change.
      ...(adopt ? {} : { resolveConflictsOnCreate: 'OVERWRITE', resolveConflictsOnUpdate: 'OVERWRITE' }),
      ...lifecycleOf(entry),
    });
    if (after.length > 0) this.addon.addOverride('depends_on', after);
    this.imports = adopt ? [{ to: address(this.addon), id: literal(`${entry.clusterName}:${name}`) }] : [];
  }
}

/**
 * What was there before podlift is not removed while its entry stands, and keeps its tags. An add-on whose workloads have left IRSA keeps its role, which the
 * association overrides: to clear it, the provider sends an empty ARN, and what EKS makes of that is not documented.
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/30645
 */
function lifecycleOf({ adopt, associations, serviceAccountRoleArn }: Agent & Partial<Addon>) {
  const ignoreChanges = [
    ...(associations !== undefined && serviceAccountRoleArn === undefined ? ['service_account_role_arn'] : []),
    ...(adopt ? ['tags', 'tags_all'] : []),
  ];
  if (ignoreChanges.length === 0 && !adopt) return {};
  return {
    lifecycle: { ...(ignoreChanges.length === 0 ? {} : { ignoreChanges }), ...(adopt ? { preventDestroy: true } : {}) },
  };
}
