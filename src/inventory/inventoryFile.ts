/** The file of the inventory: `PODLIFT_INVENTORY` if it is set and not empty, else `inventory.yaml` in the current folder. */
export function inventoryFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env.PODLIFT_INVENTORY;
  return named === undefined || named === '' ? 'inventory.yaml' : named;
}
