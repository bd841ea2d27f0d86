import { AGENT, KNOWN_ADDONS } from '../../aws/knownAddons';
import { suggest } from '../../suggest';
import { clustersOf, type Rule } from '../Rule';
import { showAddons } from '../../showCommands';

/**
 * A warning, because EKS has more add-ons than podlift knows: only a name that is nearly a known one has a finding. EKS refuses to install an add-on
 * that does not exist.
 */
export const unknownAddon: Rule = {
  name: 'unknown-addon',
  severities: ['warning'],
  what: 'The name of an add-on is not another spelling of a well-known add-on.',
  example: 'podlift does not know the add-on "aws-ebs-csi-drivr": did you mean "aws-ebs-csi-driver"?',
  *check(model) {
    const known = Object.keys(KNOWN_ADDONS).filter((name) => name !== AGENT);
    for (const { environment, cluster } of clustersOf(model)) {
      for (const { name } of cluster.addons) {
        if (known.includes(name)) continue;
        const near = suggest(name, known);
        // Names of one family, as those of the CSI drivers, have long common parts.
        if (near === undefined || Math.abs(near.length - name.length) > 2) continue;
        yield {
          path: ['environments', environment.key, 'clusters', cluster.key, 'addons', name],
          message: `podlift does not know the add-on "${name}": did you mean "${near}"?`,
          hint: `Write ${near}, or list the add-ons:\n${showAddons(cluster)}`,
          at: 'key',
        };
      }
    }
  },
};
