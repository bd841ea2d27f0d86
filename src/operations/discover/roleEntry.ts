import type { Plain } from '../../inventory/edit/entryLines';
import type { Partition } from '../../inventory/Inventory';
import type { RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { PermissionsEntry, RoleEntry } from './Proposal';
import type { TrustEntry } from './trustEntry';

/** A session of an hour, AWS's default. */
const DEFAULT_DURATION = 3600;

/** What the inventory says of a role that is taken over as it is. `associations` are ids by cluster key. */
export function roleEntry(
  facts: RoleFacts,
  { attached, inline }: RolePolicyFacts,
  trust: TrustEntry['fields'],
  associations: Readonly<Record<string, string>>,
): RoleEntry {
  const { name, path, description, permissionsBoundary, maxSessionDuration } = facts;
  const tags = Object.entries(facts.tags).filter(([key]) => !/^aws:/i.test(key));
  const imports: NonNullable<RoleEntry['imports']> = {
    ...(attached.length > 0 && { managedPolicies: attached }),
    ...(Object.keys(inline).length > 0 && { inlinePolicies: Object.keys(inline) }),
    ...(Object.keys(associations).length > 0 && { associations }),
  };
  return {
    name,
    ...(path !== '/' && { path }),
    adopt: true,
    ...(description !== undefined && description !== '' && { description }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...(maxSessionDuration !== DEFAULT_DURATION && { maxSessionDuration }),
    ...trust,
    ...(Object.keys(imports).length > 0 && { imports }),
  };
}

/** A role's permissions as they are: attached policies by ARN, AWS's own by their names, inline documents whole. */
export function permissionsEntry(
  { attached, inline }: RolePolicyFacts,
  partition: Partition,
): PermissionsEntry | undefined {
  const own = `arn:${partition}:iam::aws:policy/`;
  const managedPolicies = attached.map((arn) => (arn.startsWith(own) ? arn.slice(own.length) : arn));
  const documents = Object.keys(inline).length > 0;
  if (managedPolicies.length === 0 && !documents) return undefined;
  return {
    ...(managedPolicies.length > 0 && { managedPolicies }),
    // Documents of IAM are plain data.
    ...(documents && { inlinePolicies: inline as unknown as Readonly<Record<string, Plain>> }),
  };
}
