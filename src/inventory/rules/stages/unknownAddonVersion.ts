import { ADDON_VERSIONS_DATE, defaultVersion, standingOf, versionsFor } from '../../aws/addonVersions';
import { KNOWN_ADDONS } from '../../aws/knownAddons';
import { addonVersion } from '../../formats/clusterFormats';
import { clustersOf, type Rule } from '../Rule';
import { showVersions } from '../../showCommands';

/** A warning: of these add-ons podlift knows the oldest, the newest and the default version for each Kubernetes version, on one day. */
export const unknownAddonVersion: Rule = {
  name: 'unknown-addon-version',
  severities: ['warning'],
  what: 'The version of a well-known add-on is not older or newer than those that EKS lists for the Kubernetes version. The list inside podlift has a date.',
  example: 'EKS does not list aws-ebs-csi-driver v1.37.0-eksbuild.1 for Kubernetes 1.36',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      const { key, version: kubernetes } = cluster;
      for (const { name, version } of cluster.addons) {
        const { versions } = (Object.hasOwn(KNOWN_ADDONS, name) ? KNOWN_ADDONS[name] : undefined) ?? {};
        if (versions === undefined || !addonVersion.pattern.test(version)) continue;
        if (versionsFor(kubernetes, versions).length === 0) continue;
        const standing = standingOf(version, kubernetes, versions);
        if (standing === 'taken' || standing === 'between') continue;
        yield {
          path: ['environments', environment.key, 'clusters', key, 'addons', name, 'version'],
          message: `EKS does not list ${name} ${version} for Kubernetes ${kubernetes}: podlift knows the versions of ${ADDON_VERSIONS_DATE}`,
          hint: `Write ${String(defaultVersion(kubernetes, versions))}, the default for Kubernetes ${kubernetes}, or ask EKS:\n${showVersions(cluster, name)}`,
        };
      }
    }
  },
};
