import { stringify } from 'yaml';
import { compile } from '../../blueprint/compile';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { sameMeaning } from '../../iam/sameMeaning';
import type { Inventory, Permissions } from '../../inventory/Inventory';
import { checkSources, writtenIn } from '../../inventory/loadInventory';
import type { ReadSources } from '../../inventory/reading/readSources';
import { inventorySchema } from '../../inventory/schema/inventorySchema';
import { parseSource } from '../../inventory/source/parseSource';
import type { Estate } from '../Estate';
import { policyDocument } from '../schema/awsFacts';
import { estateSchema } from '../schema/estateSchema';
import type { Facts } from '../schema/Facts';
import { NoPseudonym } from './Pseudonyms';
import { redactData } from './redactData';
import { redacted, type Redactor } from './Redactor';

/** An Estate and its inventory without names, and how a name of theirs was replaced. */
export interface RedactedPair {
  readonly estate: Estate;
  /** The text of a file. */
  readonly inventory: string;
  readonly nameFor: (name: string) => string;
}

/**
 * Replaces the names in an Estate and in its inventory, all files as one, by the same random names. A gate, a diagnosis and a comparison of the pair have the
 * same results.
 *
 * @param sources an inventory without errors: podlift cannot know which part of a wrong entry is a name
 * @returns the pair, or why there is none: the errors, or a name of the inventory that cannot be replaced in the same way in both
 */
export function redactPair(estate: Estate, sources: ReadSources): RedactedPair | { readonly problem: string } {
  const { inventory } = checkSources(sources);
  if (inventory === undefined) return { problem: 'the inventory has errors' };
  const written = withLongNames(withoutUse({ version: 1, ...writtenIn(sources) }, inventory), inventory);
  const change = (redactor: Redactor) => ({
    estate: redactData(estateSchema, estate, redactor),
    written: redactData(inventorySchema, written, redactor),
  });
  let made: ReturnType<typeof redacted<ReturnType<typeof change>>>;
  try {
    made = redacted(keptNames(estate, inventory), change);
  } catch (error) {
    if (error instanceof NoPseudonym) return { problem: error.message };
    throw error;
  }
  const { result, redactor } = made;
  const yaml = `${REDACTED_HEAD}${stringify(result.written, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  const problem = problemOf(inventory, yaml, redactor);
  return problem === undefined ? { estate: result.estate, inventory: yaml, nameFor: redactor.text } : { problem };
}

/** How a redacted inventory begins. */
export const REDACTED_HEAD =
  '# Redacted by podlift: the names are random, the same as in the Estate beside this file.\n';

/** Names of add-ons and of AWS's managed policies: everybody has them, and podlift knows some. */
function keptNames(estate: Estate, inventory: Inventory): ReadonlySet<string> {
  const { clusters } = estate;
  const addons = [
    ...inventory.environments.flatMap((one) => one.clusters.flatMap(({ addons: all }) => all.map(({ name }) => name))),
    ...Object.values(clusters).flatMap(({ addons: parts = {} }) =>
      Object.entries(parts).flatMap(([name, part]) =>
        'value' in part ? [name, ...[part.value ?? []].flat().map((addon) => addon.name)] : name,
      ),
    ),
  ];
  const policies = JSON.stringify([estate, inventory]).matchAll(/:iam::aws:policy\/([\w+=,.@/-]+)/g);
  return new Set([
    ...addons.filter((name) => name !== '*'),
    ...[...policies].flatMap(([, name = '']) => name.split('/')),
  ]);
}

/**
 * What is wrong with a redacted inventory: an error, or a role whose name or policies are not those of the original with the names replaced. That is so where a
 * text is made of other names with nothing between them.
 */
function problemOf(inventory: Inventory, yaml: string, redactor: Redactor): string | undefined {
  const { source } = parseSource(yaml, 'inventory.yaml');
  if (source === undefined) return 'the inventory cannot be written as YAML';
  const after = checkSources({ sources: [source], findings: [], files: [source.file], complete: true });
  const error = after.findings.find(({ severity }) => severity === 'error');
  if (after.inventory === undefined)
    return `with the random names the inventory has an error that it does not have now: ${error?.path}: ${error?.message}`;
  const policy = (document: PolicyDocument) => redactData(policyDocument, document, redactor);
  const found = rolesOf(after.inventory);
  const different = rolesOf(inventory).find(({ arn, managedPolicies, trust, inline = NO_POLICY }, index) => {
    const now = found[index];
    return (
      redactor.text(arn) !== now?.arn ||
      managedPolicies.map(redactor.text).join() !== now.managedPolicies.join() ||
      !sameMeaning(policy(trust), now.trust) ||
      !sameMeaning(policy(inline), now.inline ?? NO_POLICY)
    );
  });
  return (
    different &&
    `a text of the role ${different.arn} or of its policies consists of other names with nothing between them`
  );
}

const NO_POLICY: PolicyDocument = { Statement: [] };

function rolesOf(inventory: Inventory) {
  return inventory.environments.flatMap(({ key }) => {
    const { roles, targetRoles } = compile(inventory, key);
    return [...roles, ...targetRoles];
  });
}

/** An inventory as it is written, all files as one. */
type Written = Facts<typeof inventorySchema>;

/** Long default names of roles end in a hash, which would be another for other names: they are written out. */
function withLongNames(written: Written, { environments }: Pick<Inventory, 'environments'>): Written {
  const workloads = { ...written.workloads };
  for (const environment of environments)
    for (const { key, role, targets } of [...environment.workloads, ...(environment.released ?? [])]) {
      const workload = workloads[key];
      const override = workload?.overrides?.[environment.key] ?? {};
      const isLong = (name: string, ...parts: readonly string[]) =>
        name !== parts.join('-') && parts.join('-').startsWith(name.slice(0, HASHED_PREFIX));
      const long = targets.filter((target) => isLong(target.role.name, environment.key, key, target.key));
      const own = isLong(role.name, environment.key, key) ? { role: { ...override.role, name: role.name } } : {};
      if (workload === undefined || (long.length === 0 && !('role' in own))) continue;
      const named = long.map((target) => {
        const before = override.targets?.[target.key];
        return [target.key, { ...before, role: { ...before?.role, name: target.role.name } }] as const;
      });
      const added = {
        ...override,
        ...own,
        ...(long.length > 0 && { targets: { ...override.targets, ...Object.fromEntries(named) } }),
      };
      workloads[key] = { ...workload, overrides: { ...workload.overrides, [environment.key]: added } };
    }
  return { ...written, workloads };
}

/**
 * The values of parameters have forms that random names lack, such as those of ids: where a role has controllers of the catalogue, its permissions are
 * written out for each environment.
 */
function withoutUse(written: Written, { environments }: Pick<Inventory, 'environments'>): Written {
  const workloads = { ...written.workloads };
  for (const environment of environments)
    for (const { key, permissions, targets } of [...environment.workloads, ...(environment.released ?? [])]) {
      const workload = workloads[key];
      const using = targets.filter((target) => target.permissions.use !== undefined);
      if (workload === undefined || (permissions.use === undefined && using.length === 0)) continue;
      const before = workload.overrides?.[environment.key] ?? {};
      const written = using.map((target) => {
        const permissions = writtenOut(target.permissions);
        return [target.key, { ...before.targets?.[target.key], permissions }] as const;
      });
      const added = {
        ...before,
        ...(permissions.use !== undefined && { permissions: writtenOut(permissions) }),
        ...(written.length > 0 && { targets: { ...before.targets, ...Object.fromEntries(written) } }),
      };
      workloads[key] = { ...workload, overrides: { ...workload.overrides, [environment.key]: added } };
    }
  return { ...written, workloads };
}

function writtenOut({ managedPolicies, statements, inlinePolicies }: Permissions) {
  return {
    use: [],
    managedPolicies: [...managedPolicies],
    statements: statements.map(({ use: _, ...statement }) => statement),
    inlinePolicies,
  };
}

/** What a long name keeps before its hash: see `roleName` of the inventory. */
const HASHED_PREFIX = 55;
