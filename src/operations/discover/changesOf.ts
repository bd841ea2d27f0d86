import { isDeepStrictEqual } from 'node:util';
import type { Association, SourceRole } from '../../blueprint/Blueprint';
import type { AssociationFacts, RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import { sameWords } from './sameWords';

/** A session of an hour, where a role says nothing. */
const DEFAULT_DURATION = 3600;

/** What podlift would change of a role that it takes over, in words; tags aside, to which it adds its own. Nothing: it is taken over as it is. */
export function changesOf(
  role: SourceRole,
  facts: RoleFacts,
  { attached, inline }: RolePolicyFacts,
): readonly string[] {
  const policies = Object.fromEntries(role.inlinePolicies.map(({ name, document }) => [name, document]));
  const checks = {
    'its name or path': role.arn === facts.arn,
    'its trust policy': sameWords(role.trust, facts.trust),
    'its description': (role.description ?? '') === (facts.description ?? ''),
    'its boundary': role.permissionsBoundary === facts.permissionsBoundary,
    'its session duration': (role.maxSessionDuration ?? DEFAULT_DURATION) === facts.maxSessionDuration,
    'its attached policies': isDeepStrictEqual(role.managedPolicies.toSorted(), attached.toSorted()),
    'its inline policies': role.inline === undefined && isDeepStrictEqual(plain(policies), plain(inline)),
    'its tags': Object.entries(facts.tags).every(([key]) => /^aws:/i.test(key) || key in role.tags),
  };
  return Object.entries(checks).flatMap(([what, same]) => (same ? [] : [what]));
}

/** Whether podlift would make, change, replace or remove an association of a workload, tags aside. */
export function associationChanges(
  [only, ...others]: readonly Association[],
  found: AssociationFacts | undefined,
): boolean {
  if (only === undefined || found === undefined) return only !== found;
  return (
    others.length > 0 ||
    only.importId !== found.id ||
    only.roleArn !== found.roleArn ||
    only.targetRoleArn !== found.targetRoleArn ||
    only.disableSessionTags !== found.disableSessionTags
  );
}

/** Without the missing prototypes of what was read from a file. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
