import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { pathsWith } from '../../../src/operations/guardrails/guardrails';
import { resourceControlPolicy, serviceControlPolicy } from '../../../src/operations/guardrails/organisationPolicies';

// The inventories that attack the proof have trust policies of every kind. Their workloads keep their credentials too.

const BOTH = {
  service: [{ name: 'scp', document: serviceControlPolicy() }],
  resource: [{ name: 'rcp', document: resourceControlPolicy() }],
};
const ATTACKS = join(__dirname, '../../attacks');
const classes = readdirSync(ATTACKS, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);

function inventoriesOf(folder: string) {
  return readdirSync(join(ATTACKS, folder))
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => loadInventory(join(ATTACKS, folder, file)).inventory ?? []);
}
const withInventories = classes.filter((folder) => inventoriesOf(folder).length > 0);

it('there are inventories of every class', () => {
  expect(withInventories.length).toBeGreaterThanOrEqual(7);
});

it.each(withInventories)('no promised path is denied: %s', (folder) => {
  for (const inventory of inventoriesOf(folder))
    for (const { key } of inventory.environments) expect(pathsWith(BOTH, inventory, key).broken).toEqual([]);
});
