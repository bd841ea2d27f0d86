import { formatFindings } from './src/inventory/formatFindings';
import { inventoryFile } from './src/inventory/inventoryFile';
import { kubeconfigFiles } from './src/inventory/kubeconfigFiles';
import { loadInventory } from './src/inventory/loadInventory';
import { printable } from './src/inventory/printable';
import { shellLine } from './src/inventory/shellWord';
import { provenBlueprints } from './src/operations/provenBlueprints';
import { KubeconfigError } from './stacks/kubeconfig';
import { StateError } from './stacks/localStates';
import { OutputError, synthesize } from './stacks/synthesize';

// Inventory → blueprints → proof → stacks → cdk.tf.json. podlift writes nothing while there is an error.
const proof = process.env.PODLIFT_PROOF !== 'off';
const proven = provenBlueprints(loadInventory(inventoryFile()), { proof });
const say = (text: string) => process.stderr.write(printable(`${text}\n`));
if (proven.findings.length > 0) say(formatFindings(proven.findings, 'text'));
if (proven.blueprints === undefined) {
  if (proven.problem !== undefined) say(proven.problem);
  if (proven.failures.length > 0) {
    say(formatFindings(proven.failures, 'text'));
    say('No stack is written: the proof fails. `podlift prove` prints the details. PODLIFT_PROOF=off skips the proof.');
  }
  process.exit(1);
}
if (!proof) say('PODLIFT_PROOF=off: THE STACKS ARE WRITTEN WITHOUT PROOF. Run `podlift prove` before you apply them.');
try {
  synthesize(proven.blueprints, kubeconfigFiles(process.env, process.cwd()), process.env.PODLIFT_STATE_DIRECTORY);
} catch (error) {
  if (!(error instanceof OutputError || error instanceof KubeconfigError || error instanceof StateError)) throw error;
  say(error.message);
  if (error instanceof StateError) for (const command of error.commands) say(`  ${commandHere(command)}`);
  process.exit(1);
}

/** A command of podlift that works in this folder, and where the inventory is named also in another one: cdktf runs where its configuration is. */
function commandHere(command: readonly string[]): string {
  const inventory = process.env.PODLIFT_INVENTORY ?? '';
  if (inventory === '') return shellLine(command);
  return `(${shellLine(['cd', process.cwd()])} && ${shellLine([`PODLIFT_INVENTORY=${inventory}`, ...command])})`;
}
