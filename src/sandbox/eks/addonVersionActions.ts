import type { Actions, Output } from '../api/Action';
import { optionalText, requiredText, type Input } from '../api/Input';
import { ADDON_CATALOGUE, CONFIGURATION_SCHEMA } from './addonCatalogue';
import { catalogueAddon, readVersion } from './addonActions';
import { eksPage } from './listing';

/** The Kubernetes version that a compatibility names when nobody asked for one. */
const CURRENT_KUBERNETES = '1.33';

function describeVersions(input: Input): Output {
  const name = optionalText(input, 'addonName');
  const clusterVersion = optionalText(input, 'kubernetesVersion') ?? CURRENT_KUBERNETES;
  const wanted = name === undefined ? ADDON_CATALOGUE : [catalogueAddon(name)];
  const { items, nextToken } = eksPage(input, wanted, (addon) => addon.name);
  const addons = items.map((addon) => ({
    addonName: addon.name,
    type: addon.type,
    publisher: 'eks',
    owner: 'aws',
    // The newest first, as EKS lists them.
    addonVersions: [...addon.versions].reverse().map((addonVersion, index) => ({
      addonVersion,
      architecture: ['amd64', 'arm64'],
      computeTypes: ['ec2', 'auto', 'hybrid'],
      compatibilities: [{ clusterVersion, platformVersions: ['*'], defaultVersion: index === 0 }],
      requiresConfiguration: false,
      requiresIamPermissions: false,
    })),
  }));
  return { addons, nextToken };
}

/** What add-ons there are. */
export const addonVersionActions: Actions = {
  DescribeAddonVersions: {
    permissions: () => [{ action: 'eks:DescribeAddonVersions', resource: '*' }],
    handle: describeVersions,
  },
  DescribeAddonConfiguration: {
    permissions: () => [{ action: 'eks:DescribeAddonConfiguration', resource: '*' }],
    handle: (input) => {
      const addon = catalogueAddon(requiredText(input, 'addonName'));
      requiredText(input, 'addonVersion');
      const addonVersion = readVersion(input, addon);
      return { addonName: addon.name, addonVersion, configurationSchema: JSON.stringify(CONFIGURATION_SCHEMA) };
    },
  },
};
