import { checkQuotas } from './blueprint/checkQuotas';
import { compile } from './blueprint/compile';
import { formatFindings } from './inventory/formatFindings';
import { hasErrors } from './inventory/hasErrors';
import { inventoryFile } from './inventory/inventoryFile';
import { loadInventory } from './inventory/loadInventory';
import { synthesize } from './stacks/synthesize';

// Inventory → blueprints → stacks → cdk.tf.json. Nothing is written while a finding is an error.
const { inventory, findings, locate } = loadInventory(inventoryFile());
const blueprints = inventory?.environments.map(({ key }) => compile(inventory, key)) ?? [];
const quotas = inventory === undefined ? [] : checkQuotas(inventory, blueprints).map(locate);

const all = [...findings, ...quotas];
if (all.length > 0) process.stderr.write(`${formatFindings(all, 'text')}\n`);
if (hasErrors(all)) process.exit(1);

const only = process.env.PODLIFT_ENVIRONMENT;
const chosen = blueprints.filter(({ environment }) => only === undefined || environment === only);
if (chosen.length === 0) {
  const known = blueprints.map(({ environment }) => environment).join(', ');
  process.stderr.write(`PODLIFT_ENVIRONMENT is "${only ?? ''}", but the inventory has: ${known}\n`);
  process.exit(1);
}
synthesize(chosen, process.env.PODLIFT_STATE_DIRECTORY);
