import { isApplied } from '../../comparison/role';
import type { Answer, RoleFacts } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import { applyStacks, say, stacks } from '../remedies';
import type { WorkloadOnCluster } from './Check';

/** Applies what the inventory has: the identity stack, or the stacks that are given. */
export function applyStage(
  { environment }: Pick<WorkloadOnCluster, 'environment'>,
  these: readonly string[] = stacks.identity(environment),
): Remedy {
  return applyStacks(these);
}

/**
 * Whether no apply has brought the workload's role into podlift's state yet: it has none of podlift's tags. As long as that is so, what the
 * inventory imports must be there; later an import does nothing, and an apply creates again what is gone. False where the role is not known.
 * Source: blueprint/roleTags.ts; https://developer.hashicorp.com/terraform/language/import
 */
export function neverApplied(role: Answer<RoleFacts | undefined>): boolean {
  return role.ok && role.value !== undefined && !isApplied(role.value.tags);
}

/** What an apply says where something that the inventory imports is gone. */
export function importFails(what: string): string {
  return `The inventory imports ${what}, and an apply fails now with “Cannot import non-existent remote object”`;
}

/** What to do where something that a workload imports is gone before the first apply; `key` is that of the workload's settings. */
export function removeImport(subject: WorkloadOnCluster, what: string, key: string): Remedy {
  const path = `workloads.${subject.workload.key}.${key}`;
  return [say(`${importFails(what)}. Remove it from ${path}, or create it again by hand.`), ...applyStage(subject)];
}
