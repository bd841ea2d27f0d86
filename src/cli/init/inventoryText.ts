import { stringify } from 'yaml';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { labelOf } from '../../inventory/edit/labelOf';
import type { FirstInventory } from './answers';

const AGENT = 'v1.3.10-eksbuild.3';

/**
 * The text of a first inventory, with comments that say what to add.
 *
 * @param schema the address or the path of the JSON schema, for editors
 * @param isExample with a workload in a wave, for people who try podlift
 */
export function inventoryText(
  first: FirstInventory,
  { schema, isExample }: { schema: string; isExample: boolean },
): string {
  const { account, region, oidc } = first;
  const environment = scalar(first.environment);
  return `# yaml-language-server: $schema=${schema}
#
# The inventory of podlift. Each key: https://github.com/podlift/podlift/blob/main/docs/inventory-reference.md
version: 1

accounts:
  ${environment}:
    id: "${account}"
    # Without this line Terraform uses your own credentials:
    # deployRole: ARN

environments:
  ${environment}:
    account: ${environment}
    region: ${region}
    # Without this line the Terraform state is a local file:
    # state: { s3: { bucket: NAME, region: ${region}, prefix: podlift } }
${oidc === undefined ? noCluster(first) : clusterLines(first, oidc, isExample)}${isExample ? EXAMPLE : ''}`;
}

/**
 * The text of the inventory that a survey proposes, with comments that say what to add.
 *
 * @param sections as the survey has them, from `version` on
 * @param at the time of the survey
 */
export function surveyedText(
  sections: Readonly<Record<string, Plain>>,
  { schema, at }: { schema: string; at: string },
): string {
  return `# yaml-language-server: $schema=${schema}
#
# The inventory of podlift, from a survey of ${at}. Each key: https://github.com/podlift/podlift/blob/main/docs/inventory-reference.md
# Rename accounts, environments, waves and workloads before the first apply: a key never changes after it.
# Without deployRole in an account, Terraform uses your own credentials.
# Without state in an environment, the Terraform state is a local file: state: { s3: { bucket: NAME, region: REGION, prefix: podlift } }
${sectionsText(sections)}
`;
}

function noCluster({ environment, cluster }: FirstInventory): string {
  return `    # To add a cluster and its workloads:
    #   npx podlift discover --environment ${environment} --cluster ${cluster} --write
    clusters: {}
`;
}

function clusterLines(
  { cluster }: FirstInventory,
  { issuer, kubernetesVersion }: NonNullable<FirstInventory['oidc']>,
  isExample: boolean,
): string {
  const agent = isExample
    ? `agent: { version: ${AGENT} } # podlift installs the Pod Identity agent when the first wave leaves irsa`
    : `# Needed before the first wave leaves irsa. Where the agent is installed, write its version and adopt: true.
        # agent: { version: ${AGENT} }`;
  return `    clusters:
      ${scalar(labelOf(cluster))}:
        name: ${scalar(cluster)}
        version: "${kubernetesVersion}"
        oidc: { issuer: "${issuer}" }
        ${agent}
`;
}

/** A name as YAML reads it again: `true` and `123` are in quotes. */
function scalar(name: string): string {
  return stringify(name).trim();
}

const EXAMPLE = `
waves:
  pilot: # no stage is written: its workloads are at irsa
    soak: 7d

workloads:
  example-api: # replace it with your own
    wave: pilot
    namespace: default
    serviceAccount: example-api
    sdk: { language: python, version: 1.34.60 }
    permissions:
      statements:
        - actions: [s3:GetObject]
          resources: ["arn:{partition}:s3:::example-bucket/*"]
`;
