import { identityStackName } from '../../inventory/stackNames';
import type { Addon, Agent } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { AddonFacts } from '../aws/AwsPort';
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
