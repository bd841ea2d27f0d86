import type { Addon, Agent } from '../src/blueprint/Blueprint';
import { address } from './address';
import { Construct } from './cdktf';
import type { Import } from './Import';
import { literal, literals } from './literal';
import { type AwsProvider, EksAddon } from './providers';

/** The dependencies and the provider of an add-on. */
export interface AddonContext {
  /** Addresses of the resources that must exist before its pods get a role. */
  readonly after?: readonly string[];
  /** The provider of the cluster's region; absent: the default provider of the stack. */
  readonly provider?: AwsProvider;
}

/** One EKS add-on of one cluster: the agent, or one whose service accounts are workloads. */
export class ClusterAddon extends Construct {
  readonly addon: EksAddon;
  /** The import block of an existing add-on. */
  readonly imports: readonly Import[];

  constructor(
    scope: Construct,
    id: string,
    entry: Agent & Pick<Addon, 'name'> & Partial<Pick<Addon, 'associations' | 'serviceAccountRoleArn'>>,
    { after = [], provider }: AddonContext,
  ) {
    super(scope, id);
    const { name, associations = [], serviceAccountRoleArn, adopt, imports = false } = entry;
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
      // An add-on that was installed by hand must not stop the apply. For an imported one these fields would be a change.
      ...(adopt ? {} : { resolveConflictsOnCreate: 'OVERWRITE', resolveConflictsOnUpdate: 'OVERWRITE' }),
      ...(Object.keys(entry.tags).length === 0 ? {} : { tags: literals(entry.tags) }),
      ...lifecycleOf(entry),
    });
    if (after.length > 0) this.addon.addOverride('depends_on', after);
    this.imports = adopt || imports ? [{ to: address(this.addon), id: literal(`${entry.clusterName}:${name}`) }] : [];
  }
}

/**
 * An adopted add-on keeps its tags, and is not removed while the inventory contains it. An add-on keeps its role after IRSA, and the
 * association overrides it: to clear the role, the provider would send an empty ARN, which EKS refuses (403, hashicorp/terraform-provider-aws #30645).
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
