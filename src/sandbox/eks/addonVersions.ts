import {
  type AddonVersion,
  compareVersions,
  defaultVersion,
  isDefaultFor,
  NEWEST_CLUSTER_VERSION,
  standingOf,
  versionsFor,
} from '../../inventory/aws/addonVersions';
import { addonConfiguration, KNOWN_ADDONS, type KnownAddon } from '../../inventory/aws/knownAddons';
import { type SchemaProblem, schemaProblems, type ValueSchema } from '../../inventory/aws/valueSchema';
import type { Actions, Call, Output } from '../api/Action';
import { type Input, optionalText, requiredText, textList } from '../api/Input';
import { eksPage } from '../api/pages';
import { readYaml } from '../http/readYaml';
import type { ClusterState } from '../world/World';
import { ADDON_CATALOGUE, type CatalogueAddon, catalogueAddon } from './addonCatalogue';
import { invalidParameter } from './eksRequest';

function knownAddon(name: string): KnownAddon {
  return KNOWN_ADDONS[name] ?? { versions: [] };
}

/** The add-on of that name in the catalogue. Throws `InvalidParameterException`. */
export function requireAddon(name: string): CatalogueAddon {
  const addon = catalogueAddon(name);
  if (addon === undefined) throw invalidParameter('Addon specified is not supported');
  return addon;
}

/** The format of all add-on versions. */
const ADDON_VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/**
 * The add-on version of a request, if it has one, checked against the cluster's version. `installed` is the version that is there.
 * EKS's texts name neither the version nor the add-on: hashicorp/terraform-provider-aws #32238 and #33385, aws/aws-sdk-go-v2 #2554.
 * Throws `InvalidParameterException`.
 */
export function readVersion(
  input: Input,
  addon: CatalogueAddon,
  cluster: ClusterState,
  installed?: string,
): string | undefined {
  const version = optionalText(input, 'addonVersion');
  const { versions, isComplete = false } = knownAddon(addon.name);
  if (versionsFor(cluster.version, versions).length === 0) {
    throw invalidParameter(`Addon ${addon.name} specified is not supported in ${cluster.version} kubernetes version`);
  }
  if (version === undefined || version === installed) return version;
  const standing = standingOf(version, cluster.version, versions);
  const isNewer = cluster.newerAddonVersions?.[addon.name]?.includes(version) === true;
  const isTaken = standing === 'taken' || (standing === 'between' && !isComplete) || isNewer;
  if (!ADDON_VERSION.test(version) || !isTaken) throw invalidParameter('Addon version specified is not supported');
  return version;
}

/** The version that EKS installs on a cluster when a request names none. */
export function defaultAddonVersion(name: string, cluster: ClusterState): string {
  return defaultVersion(cluster.version, knownAddon(name).versions) ?? '';
}

const UNSUPPORTED = 'ConfigurationValue provided in request is not supported: ';

/** The schema of an add-on's configuration. */
function configurationSchema({ name }: CatalogueAddon, version: string): ValueSchema {
  return addonConfiguration(name, version) ?? { type: 'object' };
}

/** A problem in the words of EKS, whose validator is networknt/json-schema-validator. */
function problemText(problem: SchemaProblem): string {
  const path = ['$', ...problem.path].reduce<string>(
    (before, part, index) =>
      index === 0 ? String(part) : typeof part === 'number' ? `${before}[${part}]` : `${before}.${part}`,
    '',
  );
  if (problem.kind === 'unknown-member') {
    return `${path}: is not defined in the schema and the schema does not allow additional properties`;
  }
  const [first = '', ...more] = problem.expected;
  return `${path}: ${problem.found} found, ${more.length === 0 ? first : `[${problem.expected.join(', ')}]`} expected`;
}

/**
 * The configuration of a request as it was sent, JSON or YAML, checked against the schema of the version. Undefined when the request has none.
 * Texts: aws/containers-roadmap #2216, cookpad/terraform-aws-eks #331. EKS's text for what is neither JSON nor YAML is not known.
 * Throws `InvalidParameterException`.
 */
export function readConfiguration(input: Input, addon: CatalogueAddon, version: string): string | undefined {
  const text = optionalText(input, 'configurationValues');
  if (text === undefined || text.trim() === '') return text;
  const value = readYaml(text, () => invalidParameter(`${UNSUPPORTED}it is neither JSON nor YAML`));
  const problems = schemaProblems(value, configurationSchema(addon, version));
  if (problems.length > 0) {
    throw invalidParameter(
      `${UNSUPPORTED}Json schema validation failed with error: [${problems.map(problemText).join(', ')}]`,
    );
  }
  return text;
}

/** The Kubernetes versions between two, with both. */
function clusterVersions([first, last]: readonly [string, string]): readonly string[] {
  const [from, to] = [first, last].map((version) => Number(version.slice(2)));
  return Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, index) => `1.${(from ?? 0) + index}`);
}

function versionInfo(addon: CatalogueAddon, version: AddonVersion, clusterVersion: string | undefined): Output {
  const clusters = clusterVersion === undefined ? [...clusterVersions(version.clusters)].reverse() : [clusterVersion];
  return {
    addonVersion: version.version,
    architecture: ['amd64', 'arm64'],
    computeTypes: addon.computeTypes,
    compatibilities: clusters.map((cluster) => ({
      clusterVersion: cluster,
      platformVersions: ['*'],
      defaultVersion: isDefaultFor(version, cluster),
    })),
    requiresConfiguration: false,
    requiresIamPermissions: addon.requiresIam,
  };
}

/** The versions from new to old, as EKS lists them. An add-on that the cluster version does not take is not in the answer. */
function describeVersions(input: Input): Output {
  const name = optionalText(input, 'addonName');
  const clusterVersion = optionalText(input, 'kubernetesVersion');
  const filters = { type: 'types', publisher: 'publishers', owner: 'owners' } as const;
  const all = (name === undefined ? ADDON_CATALOGUE : [requireAddon(name)]).map((addon) => ({
    ...addon,
    publisher: addon.publisher ?? 'eks',
    owner: addon.owner ?? 'aws',
    versions:
      clusterVersion === undefined
        ? knownAddon(addon.name).versions
        : versionsFor(clusterVersion, knownAddon(addon.name).versions),
  }));
  const wanted = all.filter(
    (addon) =>
      addon.versions.length > 0 &&
      (['type', 'publisher', 'owner'] as const).every((member) => {
        const values = textList(input, filters[member]);
        return values.length === 0 || values.includes(addon[member]);
      }),
  );
  const { items, nextToken } = eksPage(input, wanted, (addon) => addon.name);
  const addons = items.map((addon) => ({
    addonName: addon.name,
    type: addon.type,
    publisher: addon.publisher,
    owner: addon.owner,
    defaultNamespace: addon.objects?.namespace ?? 'kube-system',
    addonVersions: [...addon.versions].reverse().map((version) => versionInfo(addon, version, clusterVersion)),
  }));
  return { addons, nextToken };
}

/** The service accounts that can have an association, with the ARNs of the recommended policies. Undefined when the version has none. */
export function podIdentityAccounts(
  name: string,
  version: string,
  partition: string,
): Readonly<Record<string, readonly string[]>> | undefined {
  const { podIdentity } = knownAddon(name);
  if (podIdentity === undefined || compareVersions(version, podIdentity.since) < 0) return undefined;
  return Object.fromEntries(
    Object.entries(podIdentity.serviceAccounts).map(([account, policies]) => [
      account,
      policies.map((policy) => `arn:${partition}:iam::aws:policy/${policy}`),
    ]),
  );
}

/** The configuration of a version. A version without Pod Identity has no `podIdentityConfiguration`. */
function describeConfiguration(input: Input, { partition }: Call): Output {
  const addon = requireAddon(requiredText(input, 'addonName'));
  const version = requiredText(input, 'addonVersion');
  const { versions, isComplete = false } = knownAddon(addon.name);
  const standing = standingOf(version, NEWEST_CLUSTER_VERSION, versions);
  const exists = standing === 'taken' || standing === 'other-clusters' || (standing === 'between' && !isComplete);
  if (!ADDON_VERSION.test(version) || !exists) throw invalidParameter('Addon version specified is not supported');
  const accounts = podIdentityAccounts(addon.name, version, partition);
  return {
    addonName: addon.name,
    addonVersion: version,
    configurationSchema: JSON.stringify({
      $schema: 'http://json-schema.org/draft-06/schema#',
      ...configurationSchema(addon, version),
    }),
    podIdentityConfiguration:
      accounts &&
      Object.entries(accounts).map(([serviceAccount, recommendedManagedPolicies]) => ({
        serviceAccount,
        recommendedManagedPolicies,
      })),
  };
}

/** What EKS lists of add-ons that can be installed. */
export const addonVersionActions: Actions = {
  DescribeAddonVersions: {
    route: 'GET /addons/supported-versions',
    permissions: () => [{ action: 'eks:DescribeAddonVersions', resource: '*' }],
    handle: describeVersions,
  },
  DescribeAddonConfiguration: {
    route: 'GET /addons/configuration-schemas',
    permissions: () => [{ action: 'eks:DescribeAddonConfiguration', resource: '*' }],
    handle: describeConfiguration,
  },
};
