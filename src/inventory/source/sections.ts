/** The maps of an inventory that its files share. */
export const SECTIONS = ['accounts', 'environments', 'waves', 'workloads'] as const;
export type Section = (typeof SECTIONS)[number];
