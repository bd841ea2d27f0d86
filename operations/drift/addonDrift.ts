import { identityStackName } from '../../inventory/stackNames';
import type { Addon, Agent } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { AddonFacts } from '../aws/AwsPort';
import type { DriftKind, Unlike } from './Difference';
import { sameConfiguration } from './sameConfiguration';
import { applied, type Scope } from './Scope';

/** An add-on that a cluster should have. */
export type WantedAddon = Agent & Pick<Addon, 'name'> & Partial<Pick<Addon, 'serviceAccountRoleArn'>>;

/** States in which EKS still works on an add-on. */
const UNDER_WAY: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** An add-on in EKS against the one that should be there. */
export function addonDrift(
  { environment }: Scope,
  { name: clusterName, region }: Cluster,
  kind: DriftKind,
  where: string,
  wanted: WantedAddon,
  found: AddonFacts | undefined,
): readonly Unlike[] {
  const apply = applied([identityStackName(environment.key)]);
  const at = `--cluster-name ${clusterName} --addon-name ${wanted.name} --region ${region}`;
  if (found === undefined)
    return [
      {
        kind,
        where,
        expected: `${wanted.name} ${wanted.version}`,
        found: 'no such add-on',
        effect: kind === 'agent' ? 'pods get no credentials by Pod Identity' : 'its pods do not run',
        remedy: apply,
      },
    ];
  const unlike = (expected: string, is: string, remedy: string): Unlike => ({
    kind,
    where,
    expected,
    found: is,
    remedy,
  });
  const issues = found.issues.length > 0 ? `: ${found.issues.join('; ')}` : '';
  const { configuration, serviceAccountRoleArn: role } = wanted;
  return [
    ...(found.status === 'ACTIVE'
      ? []
      : [
          unlike(
            'ACTIVE',
            `${found.status}${issues}`,
            UNDER_WAY.has(found.status)
              ? `aws eks wait addon-active ${at}`
              : `Repair the add-on:\naws eks describe-addon ${at}`,
          ),
        ]),
    ...(found.version === wanted.version
      ? []
      : [
          unlike(
            wanted.version,
            found.version,
            `To keep it, write version: ${found.version} into the inventory. To have ${wanted.version}, apply:\n${apply}`,
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
