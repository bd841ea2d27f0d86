import type { Facts } from './Facts';
import { applyStage } from './judgement';
import type { Patient } from './Patient';

/**
 * Whether no apply has brought the workload's role into podlift's state yet: it has none of podlift's tags. As long as that is so, what the
 * inventory imports must be there; later an import does nothing, and an apply makes again what is gone. False where it is not known.
 * Source: blueprint/roleTags.ts; https://developer.hashicorp.com/terraform/language/import
 */
export function neverApplied({ source: { role } }: Pick<Facts, 'source'>): boolean {
  return role.ok && role.value !== undefined && !('podlift:workload' in role.value.tags);
}

/** What an apply says where something that the inventory imports is gone. */
export function importFails(what: string): string {
  return `The inventory imports ${what}, so that an apply fails now with “Cannot import non-existent remote object”`;
}

/** What to do where something that a workload imports is gone before the first apply; `key` is that of the workload's settings. */
export function outOfImports(patient: Patient, what: string, key: string): string {
  return `${importFails(what)}: take it out of workloads.${patient.workload.key}.${key}, or make it by hand again.\n${applyStage(patient)}`;
}
