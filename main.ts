import { checkQuotas } from './src/blueprint/checkQuotas';
import { compile } from './src/blueprint/compile';
import { formatFindings } from './src/inventory/formatFindings';
import { hasErrors } from './src/inventory/Finding';
import { inventoryFile } from './src/inventory/inventoryFile';
import { kubeconfigFiles } from './src/inventory/kubeconfigFiles';
import { loadInventory } from './src/inventory/loadInventory';
import { requestedEnvironments } from './src/inventory/requestedEnvironments';
import { proveInventory } from './src/proof/proveInventory';
import { KubeconfigError } from './stacks/kubeconfig';
import { OutputError, synthesize } from './stacks/synthesize';

// Inventory → blueprints → stacks → cdk.tf.json. Nothing is written while a finding is an error.
const { inventory, sound, findings, locate } = loadInventory(inventoryFile());
const checked = inventory ?? sound;
const blueprints = checked?.environments.map(({ key }) => compile(checked, key)) ?? [];
const quotas = checked === undefined ? [] : checkQuotas(checked, blueprints).map(locate);

const all = [...findings, ...quotas];
if (all.length > 0) process.stderr.write(`${formatFindings(all, 'text')}\n`);
if (hasErrors(all)) process.exit(1);

const requested = requestedEnvironments(blueprints.map(({ environment }) => environment));
if (requested.environments === undefined) {
  process.stderr.write(`${requested.problem}\n`);
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
    process.stderr.write(`${formatFindings(failures.map(locate), 'text')}\n`);
    process.stderr.write(
      'No stack is written: the proof fails. `podlift prove` says more; PODLIFT_PROOF=off goes on without.\n',
    );
    process.exit(1);
  }
}
const chosen = blueprints.filter(({ environment }) => environments.includes(environment));
try {
  synthesize(chosen, kubeconfigFiles(process.env, process.cwd()), process.env.PODLIFT_STATE_DIRECTORY);
} catch (error) {
  if (!(error instanceof OutputError || error instanceof KubeconfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
