import { compileLoaded } from './src/blueprint/compileLoaded';
import { formatFindings } from './src/inventory/formatFindings';
import { hasErrors } from './src/inventory/Finding';
import { inventoryFile } from './src/inventory/inventoryFile';
import { kubeconfigFiles } from './src/inventory/kubeconfigFiles';
import { loadInventory } from './src/inventory/loadInventory';
import { printable } from './src/inventory/printable';
import { shellLine } from './src/inventory/shellWord';
import { requestedEnvironments } from './src/inventory/requestedEnvironments';
import { proveInventory } from './src/proof/proveInventory';
import { KubeconfigError } from './stacks/kubeconfig';
import { StateError } from './stacks/localStates';
import { OutputError, synthesize } from './stacks/synthesize';

// Inventory → blueprints → proof → stacks → cdk.tf.json. podlift writes nothing while there is an error.
const loaded = loadInventory(inventoryFile());
const { inventory, locate } = loaded;
const { blueprints, findings } = compileLoaded(loaded);
if (findings.length > 0) process.stderr.write(printable(`${formatFindings(findings, 'text')}\n`));
if (hasErrors(findings)) process.exit(1);

const requested = requestedEnvironments(blueprints.map(({ environment }) => environment));
if (requested.environments === undefined) {
  process.stderr.write(printable(`${requested.problem}\n`));
  process.exit(1);
}
const { environments } = requested;
if (process.env.PODLIFT_PROOF === 'off') {
  process.stderr.write(
    'PODLIFT_PROOF=off: THE STACKS ARE WRITTEN WITHOUT PROOF. Run `podlift prove` before you apply them.\n',
  );
} else if (inventory !== undefined) {
  const proofs = environments.map((environment) => proveInventory(inventory, { environment, oncePerGroup: true }));
  const failures = proofs.flatMap((proof) => proof.failures);
  if (failures.length > 0) {
    process.stderr.write(printable(`${formatFindings(failures.map(locate), 'text')}\n`));
    process.stderr.write(
      'No stack is written: the proof fails. `podlift prove` prints the details. PODLIFT_PROOF=off skips the proof.\n',
    );
    process.exit(1);
  }
}
const chosen = blueprints.filter(({ environment }) => environments.includes(environment));
try {
  synthesize(chosen, kubeconfigFiles(process.env, process.cwd()), process.env.PODLIFT_STATE_DIRECTORY);
} catch (error) {
  if (!(error instanceof OutputError || error instanceof KubeconfigError || error instanceof StateError)) throw error;
  process.stderr.write(printable(`${error.message}\n`));
  if (error instanceof StateError)
    for (const command of error.commands) process.stderr.write(printable(`  ${commandHere(command)}\n`));
  process.exit(1);
}

/** A command of podlift that works in this folder, and where the inventory is named also in another one: cdktf runs where its configuration is. */
function commandHere(command: readonly string[]): string {
  const inventory = process.env.PODLIFT_INVENTORY ?? '';
  if (inventory === '') return shellLine(command);
  return `(${shellLine(['cd', process.cwd()])} && ${shellLine([`PODLIFT_INVENTORY=${inventory}`, ...command])})`;
}
