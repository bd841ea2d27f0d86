// What podlift knows, in a program of your own: which roles each environment has, whether the proof passes, and how AWS differs.
//   node --import tsx plan.ts [inventory.yaml]
import { compare, compile, formatFindings, loadInventory, prove, readEstate } from 'podlift';

async function main(file = 'inventory.yaml'): Promise<void> {
  const { inventory, findings, locate } = loadInventory(file);
  if (inventory === undefined) throw new Error(formatFindings(findings, 'text'));

  for (const { key } of inventory.environments) {
    const { roles, associations } = compile(inventory, key);
    console.log(`${key}: ${roles.length} roles, ${associations.length} associations`);
  }

  const { failures } = prove(inventory);
  console.log(failures.length === 0 ? 'the proof passes' : formatFindings(failures.map(locate), 'text'));

  // Asks AWS with your credentials, and clusters by kubectl; changes nothing.
  const { differences } = compare(inventory, await readEstate(inventory));
  for (const { environment, workload, kind } of differences)
    console.log(`${environment} ${workload ?? ''}: ${kind} differs`);
}

void main(process.argv[2]);
