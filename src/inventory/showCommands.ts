import type { Cluster } from './Inventory';
import { shellLine } from './shellWord';

/** What a command needs of a cluster. */
type Named = Pick<Cluster, 'name' | 'region' | 'version'>;

/** The command that shows the OIDC issuer of a cluster. */
export function showIssuer({ name, region }: Named): string {
  const query = ['--query', 'cluster.identity.oidc.issuer', '--output', 'text'];
  return shellLine(['aws', 'eks', 'describe-cluster', '--name', name, '--region', region, ...query]);
}

/** The command that lists the names of all add-ons for the Kubernetes version of a cluster. */
export function showAddons({ region, version }: Named): string {
  const where = ['--kubernetes-version', version, '--region', region];
  return shellLine(['aws', 'eks', 'describe-addon-versions', ...where, '--query', 'addons[].addonName']);
}

/** The command that lists the versions of an add-on for the Kubernetes version of a cluster. */
export function showVersions({ region, version }: Named, addon: string): string {
  const where = ['--addon-name', addon, '--kubernetes-version', version, '--region', region];
  return shellLine([
    'aws',
    'eks',
    'describe-addon-versions',
    ...where,
    '--query',
    'addons[].addonVersions[].addonVersion',
  ]);
}

/** The command that shows the service accounts of an add-on's version for which EKS supports Pod Identity. */
export function showPodIdentity({ region }: Named, addon: string, version: string): string {
  const what = ['--addon-name', addon, '--addon-version', version, '--region', region];
  return shellLine(['aws', 'eks', 'describe-addon-configuration', ...what, '--query', 'podIdentityConfiguration']);
}
