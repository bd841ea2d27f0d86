import { identityStackName } from '../../inventory/stackNames';
import type { Addon, Agent } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { AddonFacts, AssociationFacts } from '../../estate/aws/AwsPort';
import type { DriftKind, Remedy, Unlike } from './Difference';
import { sameConfiguration } from './sameConfiguration';
import { applied, byCredentials, type Scope } from './Scope';
import { withoutImport } from './withoutImport';

/** An add-on that a cluster should have. */
export type WantedAddon = Agent & Pick<Addon, 'name'> & Partial<Pick<Addon, 'serviceAccountRoleArn'>>;

/** States in which EKS still works on an add-on. */
const UNDER_WAY: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** An add-on in EKS against the one that should be there. `neverApplied`: no apply has taken anything over yet. */
export function addonDrift(
  { environment }: Scope,
  { key, name: clusterName, region }: Cluster,
  kind: DriftKind,
  where: string,
  wanted: WantedAddon,
  found: AddonFacts | undefined,
  neverApplied: boolean,
): readonly Unlike[] {
  const stacks = [identityStackName(environment.key)];
  const apply = applied(stacks);
  const as = byCredentials(environment.account);
  const at = `--cluster-name ${clusterName} --addon-name ${wanted.name} --region ${region}`;
  if (found === undefined)
    return [
      {
        kind,
        where,
        expected: `${wanted.name} ${wanted.version}`,
        found: 'no such add-on',
        effect: kind === 'agent' ? 'pods get no credentials by Pod Identity' : 'its pods do not run',
        ...(wanted.adopt && neverApplied
          ? withoutImport({
              path: `clusters.${key}.${kind === 'agent' ? 'agent' : `addons.${wanted.name}`}.adopt`,
              undo: 'take away',
              then: 'installs it',
              again: `install it again${as}:\naws eks create-addon ${at} --addon-version ${wanted.version}`,
              stacks,
            })
          : apply),
      },
    ];
  const unlike = (expected: string, is: string, remedy: Remedy): Unlike => ({
    kind,
    where,
    expected,
    found: is,
    ...remedy,
  });
  const issues = found.issues.length > 0 ? `: ${found.issues.join('; ')}` : '';
  const { configuration, serviceAccountRoleArn: role } = wanted;
  return [
    ...(found.status === 'ACTIVE'
      ? []
      : [
          unlike('ACTIVE', `${found.status}${issues}`, {
            remedy: UNDER_WAY.has(found.status)
              ? `Wait for EKS${as}:\naws eks wait addon-active ${at}`
              : `Repair the add-on${as}:\naws eks describe-addon ${at}`,
          }),
        ]),
    ...(found.version === wanted.version
      ? []
      : [
          unlike(
            wanted.version,
            found.version,
            applied(
              stacks,
              `To keep it, write version: ${found.version} into the inventory. To have ${wanted.version}, apply:`,
            ),
          ),
        ]),
    // Without one in the inventory, Terraform leaves what EKS has.
    ...(configuration === undefined || sameConfiguration(configuration, found.configuration ?? '')
      ? []
      : [unlike(`configuration ${configuration}`, `configuration ${found.configuration ?? 'none'}`, apply)]),
    ...(role === undefined || role === found.serviceAccountRoleArn
      ? []
      : [
          unlike(
            `service account role ${role}`,
            `service account role ${found.serviceAccountRoleArn ?? 'none'}`,
            apply,
          ),
        ]),
  ];
}

/**
 * The associations that an add-on owns and whose service accounts the inventory does not name: an add-on's block has all of them, so that an
 * apply takes away those that it lacks. Source: hashicorp/terraform-provider-aws internal/service/eks/addon.go (`pod_identity_association`
 * is Optional, and not Computed)
 *
 * @param associations all of the cluster
 */
export function unnamedAssociations(
  { environment }: Scope,
  { key, addons }: Cluster,
  where: string,
  { name, arn }: AddonFacts,
  associations: readonly AssociationFacts[],
): readonly Unlike[] {
  const named = Object.keys(addons.find((one) => one.name === name)?.serviceAccounts ?? {});
  const others = associations.filter(
    ({ ownerArn, serviceAccount }) => ownerArn === arn && !named.includes(serviceAccount),
  );
  if (others.length === 0) return [];
  return [
    {
      kind: 'addon',
      where,
      expected: `associations of ${named.join(', ')} alone`,
      found: `also ${others.map((one) => `${one.namespace}/${one.serviceAccount} (${one.roleArn})`).join(', ')}`,
      effect: 'an apply takes them away, and their pods lose their credentials',
      remedy: [
        `Before you apply, name them in clusters.${key}.addons.${name}.serviceAccounts, each with a workload; without that add-on’s entry, this shows all the lines:`,
        `npx podlift discover --environment ${environment.key} --cluster ${key}`,
      ].join('\n'),
      beforeApply: true,
    },
  ];
}
