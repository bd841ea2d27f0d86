import { compileWorkload } from '../../blueprint/compileWorkload';
import { type PolicyDocument, listOf } from '../../iam/PolicyDocument';
import type { Environment, Inventory, Stage, Workload } from '../../inventory/Inventory';
import { didYouMean, listed } from '../../inventory/suggest';
import { requireInventory, selectEnvironment } from '../examine';
import { EXIT, UsageError } from '../exit';
import { withoutInvisible } from '../output';
import { trustText } from '../trust/trustText';
import { requireWorkload } from './doctor';

export interface TrustOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** The key of a target. Default: the workload's own role. */
  readonly target?: string;
  /** Default: the stage of the workload. */
  readonly stage?: Stage;
  readonly format: 'json' | 'hcl' | 'cloudformation';
}

/**
 * `podlift trust <workload> --environment E`: prints the trust policy that the role of a workload, or of one of its targets, has at a stage: podlift's
 * statements and those of `keepTrust`. Reads only the inventory. Gives 0, or 1 where the inventory has errors. Throws `UsageError` for a name that is not there.
 */
export function trust(key: string, { environment: wanted, target, stage, format }: TrustOptions): number {
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const environment = selectEnvironment(inventory, wanted);
  const workload = workloadIn(inventory, environment, key);
  const at = stage ?? workload.stage;
  const { name, document } = roleAt(environment, { ...workload, stage: at }, target);
  if (listOf(document.Statement).length === 0)
    throw new UsageError(
      `role ${name} has no trust policy at ${at}: no cluster of ${key} has an OIDC issuer in the inventory`,
    );
  if (format === 'hcl' && JSON.stringify(document).includes('&{'))
    throw new UsageError(`Terraform's data source reads &{ as \${, so it cannot write this policy: use --format json`);
  // What other programs read has no prefix of the person's shell, and no escaped characters but those of its format.
  const whose = { workload: key, ...(target !== undefined && { target }), environment: environment.key };
  const text = trustText(document, { ...whose, role: name, stage: at }, format);
  console.log(withoutInvisible(text));
  return EXIT.ok;
}

function workloadIn(inventory: Inventory, { key, workloads }: Environment, name: string): Workload {
  requireWorkload(inventory, name, [key]);
  const found = workloads.find((one) => one.key === name);
  if (found === undefined) throw new UsageError(`workload "${name}" does not run in ${key}`);
  return found;
}

function roleAt(
  environment: Environment,
  workload: Workload,
  target: string | undefined,
): { readonly name: string; readonly document: PolicyDocument } {
  const { role, targetRoles } = compileWorkload(environment, workload);
  if (target === undefined) return { name: role.name, document: role.trust };
  const found = targetRoles.find((one) => one.target === target);
  if (found !== undefined) return { name: found.name, document: found.trust };
  const known = targetRoles.map((one) => one.target);
  const targets = known.length === 0 ? 'it has no targets' : `targets: ${listed(known)}`;
  throw new UsageError(
    `workload "${workload.key}" has no target "${target}" in ${environment.key}: ${didYouMean(target, known)}${targets}`,
  );
}
