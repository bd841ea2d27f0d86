import type { Environment } from '../inventory/Inventory';

/** The tag by which podlift's agents, add-ons and OIDC providers are found when the state does not have them. */
export function environmentTags({ key }: Pick<Environment, 'key'>): Readonly<Record<string, string>> {
  return { 'podlift:environment': key };
}
