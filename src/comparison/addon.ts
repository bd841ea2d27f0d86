import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import type { Addon, Agent } from '../blueprint/Blueprint';
import { environmentTags } from '../blueprint/environmentTags';
import type { AddonFacts, AssociationFacts } from '../estate/aws/AwsPort';
import type { Environment } from '../inventory/Inventory';
import type { Plain } from '../inventory/edit/entryLines';
import { unsupportedValue } from '../inventory/edit/unwritable';
import { type Mismatch, property } from './Mismatch';

/** States in which EKS still works on an add-on. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html */
const UNDER_WAY: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** Whether EKS still works on an add-on. */
export function isUnderWay({ status }: Pick<AddonFacts, 'status'>): boolean {
  return UNDER_WAY.has(status);
}

/** The status of an add-on, with what EKS says is wrong with it: `DEGRADED: InsufficientNumberOfReplicas`. */
export function statusText({ status, issues }: Pick<AddonFacts, 'status' | 'issues'>): string {
  return issues.length > 0 ? `${status}: ${issues.join('; ')}` : status;
}

/**
 * Who made an add-on, by the tag that podlift gives to its own: this environment, another environment, or `unmarked`: another team or tool, or podlift before
 * it had the tag. EKS takes no second add-on of the name: `CreateAddon` fails with ResourceInUseException, HTTP status 409.
 * Source: blueprint/environmentTags.ts; https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html
 */
export type AddonMaker = 'this environment' | 'another environment' | 'unmarked';

export function makerOf({ tags }: Pick<AddonFacts, 'tags'>, environment: Pick<Environment, 'key'>): AddonMaker {
  const [[key, value] = ['', '']] = Object.entries(environmentTags(environment));
  const found = tags[key];
  if (found === undefined) return 'unmarked';
  return found === value ? 'this environment' : 'another environment';
}

export type AddonMismatch = Mismatch<'status' | 'version' | 'configuration' | 'service-account-role'>;

/** An add-on (the agent is one) that a cluster must have. */
export type WantedAddon = Agent & Partial<Pick<Addon, 'serviceAccountRoleArn'>>;

/** An add-on against the one in EKS. Configuration and role that the inventory does not name stay as they are in EKS. */
export function compareAddon(wanted: WantedAddon, found: AddonFacts | undefined): readonly AddonMismatch[] {
  if (found === undefined) return [{ what: 'missing', wanted: wanted.version }];
  const { configuration, serviceAccountRoleArn: role } = wanted;
  return [
    ...(found.status === 'ACTIVE' ? [] : property('status', 'ACTIVE', statusText(found))),
    ...property('version', wanted.version, found.version),
    ...(configuration === undefined || sameConfiguration(configuration, found.configuration ?? '')
      ? []
      : property('configuration', configuration, found.configuration)),
    ...(role === undefined ? [] : property('service-account-role', role, found.serviceAccountRoleArn)),
  ];
}

/**
 * The associations that an add-on owns and whose service accounts its entry does not name: an add-on's block has all of them, so that an
 * apply removes those that it lacks. Source: hashicorp/terraform-provider-aws internal/service/eks/addon.go (`pod_identity_association`
 * is Optional, and not Computed)
 *
 * @param named the service accounts that the entry names
 * @param associations all of the cluster
 */
export function unnamedAssociations(
  { arn }: Pick<AddonFacts, 'arn'>,
  named: readonly string[],
  associations: readonly AssociationFacts[],
): readonly AssociationFacts[] {
  return associations.filter(({ ownerArn, serviceAccount }) => ownerArn === arn && !named.includes(serviceAccount));
}

/** Whether these associations are all that an add-on owns. Their ids end the ARNs: `arn:…:podidentityassociation/prod-main/a-1`. */
export function ownsNoOther(
  { associationArns }: Pick<AddonFacts, 'associationArns'>,
  associations: readonly Pick<AssociationFacts, 'id'>[],
): boolean {
  return associationArns.every((arn) => associations.some(({ id }) => arn.endsWith(`/${id}`)));
}

/**
 * Whether two configurations of an EKS add-on say the same: JSON or YAML, in whatever order and layout. A text that is neither is only
 * the same as itself. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (configurationValues)
 */
function sameConfiguration(one: string, other: string): boolean {
  return one.trim() === other.trim() || isDeepStrictEqual(valuesOf(one), valuesOf(other));
}

/**
 * The configuration of an add-on as a map, where podlift would write the very same text: compact JSON. Any other text stays as it is while the inventory
 * has none, and would change with the first plan. Source: hashicorp/terraform-provider-aws internal/service/eks/addon.go
 * (`configuration_values` is Optional and Computed)
 */
export function compactConfiguration({
  configuration: text = '',
}: Pick<AddonFacts, 'configuration'>): Readonly<Record<string, Plain>> | undefined {
  const value = valuesOf(text);
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
  const isSame = isMap && JSON.stringify(value) === text && unsupportedValue(value) === undefined;
  return isSame ? (value as Readonly<Record<string, Plain>>) : undefined;
}

function valuesOf(text: string): unknown {
  try {
    // An empty text and an empty map both say nothing.
    return (parse(text) as unknown) ?? {};
  } catch {
    return { text };
  }
}
