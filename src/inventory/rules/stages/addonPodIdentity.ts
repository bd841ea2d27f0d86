import { compareVersions } from '../../aws/addonVersions';
import { KNOWN_ADDONS } from '../../aws/knownAddons';
import { addonVersion } from '../../formats/clusterFormats';
import { isPast } from '../../Inventory';
import { listed } from '../../suggest';
import { clustersOf, type Rule } from '../Rule';
import { showPodIdentity } from '../../showCommands';

/**
 * EKS refuses an association of an add-on whose version has no Pod Identity, or for another service account than the version's. A warning
 * while no workload of the add-on has an association yet, and for the service account, whose name can change with the version.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/retreive-iam-info.html (Pod Identity Support Reference)
 */
export const addonPodIdentity: Rule = {
  name: 'addon-pod-identity',
  severities: ['error', 'warning'],
  what: 'The version of a well-known add-on supports Pod Identity for its service accounts. A warning before `dual`, and for a service account.',
  example:
    'aws-mountpoint-s3-csi-driver v1.11.0-eksbuild.1 does not support Pod Identity: the first version is v2.0.0-eksbuild.1',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      for (const { name, version, serviceAccounts } of cluster.addons) {
        const known = Object.hasOwn(KNOWN_ADDONS, name) ? KNOWN_ADDONS[name] : undefined;
        if (known === undefined || Object.keys(serviceAccounts).length === 0) continue;
        if (!addonVersion.pattern.test(version)) continue;
        const at = (...rest: string[]) => [
          ...['environments', environment.key, 'clusters', cluster.key, 'addons', name],
          ...rest,
        ];
        const { podIdentity } = known;
        const hasAssociation = Object.values(serviceAccounts).some((key) =>
          model.placed.some(
            ({ workload, environment: where }) =>
              workload.key === key &&
              where.key === environment.key &&
              workload.clusters.includes(cluster.key) &&
              isPast(workload.stage, 'prepared'),
          ),
        );
        if (podIdentity === undefined || compareVersions(version, podIdentity.since) < 0) {
          yield {
            path: at('version'),
            severity: hasAssociation ? 'error' : 'warning',
            message: `${name} ${version} does not support Pod Identity${podIdentity === undefined ? '' : `: the first version is ${podIdentity.since}`}`,
            hint:
              podIdentity === undefined
                ? 'Remove the add-on from the inventory: it needs no role.'
                : `Raise the version to ${podIdentity.since} or later before the stage dual.`,
          };
          continue;
        }
        const accounts = Object.keys(podIdentity.serviceAccounts);
        for (const account of Object.keys(serviceAccounts).filter((one) => !accounts.includes(one))) {
          yield {
            path: at('serviceAccounts', account),
            severity: 'warning',
            message: `EKS is not known to support Pod Identity for service account ${account} of ${name}, but for: ${listed(accounts)}`,
            hint: `Ask EKS:\n${showPodIdentity(cluster, name, version)}`,
            at: 'key',
          };
        }
      }
    }
  },
};
