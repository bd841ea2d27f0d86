/** An add-on that a cluster can have. Versions from old to new; the last is the default. */
export interface CatalogueAddon {
  readonly name: string;
  readonly type: string;
  readonly versions: readonly string[];
}

/**
 * The add-ons that the sandbox knows. The versions are examples of real ones: any version of the right form can be installed.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
 */
export const ADDON_CATALOGUE: readonly CatalogueAddon[] = [
  {
    name: 'eks-pod-identity-agent',
    type: 'security',
    versions: ['v1.0.0-eksbuild.1', 'v1.1.0-eksbuild.1', 'v1.2.0-eksbuild.1', 'v1.3.2-eksbuild.2', 'v1.3.4-eksbuild.1'],
  },
  { name: 'vpc-cni', type: 'networking', versions: ['v1.18.1-eksbuild.1', 'v1.19.0-eksbuild.1'] },
  { name: 'coredns', type: 'networking', versions: ['v1.11.1-eksbuild.4', 'v1.11.3-eksbuild.1'] },
  { name: 'kube-proxy', type: 'networking', versions: ['v1.30.0-eksbuild.3', 'v1.31.2-eksbuild.3'] },
  { name: 'aws-ebs-csi-driver', type: 'storage', versions: ['v1.35.0-eksbuild.1', 'v1.37.0-eksbuild.1'] },
];

/** The form of every add-on version. */
export const ADDON_VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/** What the agent's `configurationValues` may say, as far as the sandbox describes it. */
export const CONFIGURATION_SCHEMA = {
  $schema: 'http://json-schema.org/draft-06/schema#',
  type: 'object',
  properties: { agent: { type: 'object', properties: { additionalArgs: { type: 'object' } } } },
};
