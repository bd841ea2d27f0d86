/**
 * podlift as a library: what the command line does, as functions. `loadInventory`, `compile`, `prove` and `compare` are pure but for reading the files of
 * the inventory; `readEstate` alone asks AWS and clusters. `addStacks` and the constructs need the packages cdktf, constructs, @cdktf/provider-aws and
 * @cdktf/provider-kubernetes, and load them when they are used first.
 */
import { createRequire } from 'node:module';
import type { Blueprint } from './src/blueprint/Blueprint';
import type * as LivePorts from './src/estate/livePorts';
import { placesOf } from './src/estate/places';
import { readEstate as readQuestions } from './src/estate/readEstate';
import type { Estate } from './src/estate/Estate';
import type { Ports } from './src/estate/Ports';
import type { Inventory } from './src/inventory/Inventory';
import { kubeconfigFiles } from './src/inventory/kubeconfigFiles';
import { drift, driftQuestions, type Drift } from './src/operations/drift/drift';
import { addStacks as add } from './stacks/addStacks';
import type { App } from './modules/cdktf';

export { loadInventory } from './src/inventory/loadInventory';
export { formatFindings } from './src/inventory/formatFindings';
export { compile } from './src/blueprint/compile';
export { proveInventory as prove } from './src/proof/proveInventory';
export { provenBlueprints } from './src/operations/provenBlueprints';
export { estateText, parseEstate } from './src/estate/estateFile';
export { IdentityStack } from './stacks/IdentityStack';
export { ServiceAccountsStack } from './stacks/ServiceAccountsStack';
export { TargetsStack } from './stacks/TargetsStack';
export { ClusterAddon } from './modules/ClusterAddon';
export { OidcProvider } from './modules/OidcProvider';
export { PodIdentityAssociation } from './modules/PodIdentityAssociation';
export { WorkloadRole } from './modules/WorkloadRole';
export { WorkloadServiceAccount } from './modules/WorkloadServiceAccount';

export type { Finding, Severity } from './src/inventory/Finding';
export type { LoadedInventory } from './src/inventory/loadInventory';
export type { Environment, Inventory, Stage, Subject, Wave, Workload } from './src/inventory/Inventory';
export type {
  Addon,
  Agent,
  Association,
  Blueprint,
  OidcProvider as OidcProviderEntry,
  Role,
  ServiceAccount,
  SourceRole,
  TargetRole,
} from './src/blueprint/Blueprint';
export type { Proof } from './src/proof/Proof';
export type { Proven } from './src/operations/provenBlueprints';
export type { Estate } from './src/estate/Estate';
export type { Ports } from './src/estate/Ports';
export type { Drift } from './src/operations/drift/drift';
export type { Difference } from './src/operations/drift/Difference';

/** The part of an inventory that is read and compared. */
export interface Part {
  /** Keys. Default: all environments. */
  readonly environments?: readonly string[];
  /** Its key. Default: all workloads. */
  readonly workload?: string;
}

/**
 * Reads what stands in AWS and on the clusters for a part of an inventory, as `podlift drift` does; changes nothing. A part that could not be read says why; it
 * rejects for nothing else.
 *
 * @param ports default: AWS with the credentials of the process, and clusters by kubectl
 */
export async function readEstate(inventory: Inventory, part: Part = {}, ports: Ports = live()): Promise<Estate> {
  return readQuestions(driftQuestions(inventory, requestOf(inventory, part)), ports, placesOf(inventory));
}

/** The SDK of AWS takes a third of a second to load: who asks nothing does not load it. */
function live(): Ports {
  return (createRequire(__filename)('./src/estate/livePorts') as typeof LivePorts).livePorts();
}

/** Compares what stands with what the inventory says must stand, as `podlift drift` does. Reads nothing. */
export function compare(inventory: Inventory, estate: Estate, part: Part = {}): Drift {
  return drift(inventory, requestOf(inventory, part), estate);
}

function requestOf({ environments }: Inventory, part: Part) {
  return { ...part, environments: part.environments ?? environments.map(({ key }) => key) };
}

/**
 * Adds the stacks of one environment to an app of cdktf, as `import 'podlift/main'` does: the Kubernetes provider reads the files in `KUBECONFIG`, and all states are
 * local files in `PODLIFT_STATE_DIRECTORY` where that is set. Take the blueprint from `provenBlueprints`: `addStacks` proves nothing. Throws where the Kubernetes provider
 * cannot read the kubeconfigs.
 */
export function addStacks(app: App, blueprint: Blueprint): void {
  add(app, blueprint, kubeconfigFiles(process.env, process.cwd()), process.env.PODLIFT_STATE_DIRECTORY);
}
