import { stringify } from 'yaml';
import { compile } from '../../blueprint/compile';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { sameMeaning } from '../../iam/sameMeaning';
import type { Inventory } from '../../inventory/Inventory';
import { checkSources, type LoadedInventory, writtenIn } from '../../inventory/loadInventory';
import type { ReadSources } from '../../inventory/reading/readSources';
import { parseSource } from '../../inventory/source/parseSource';
import type { Estate } from '../Estate';
import { redactEstate } from './redactEstate';
import { redactInventory, withLongNames } from './redactInventory';
import { type Change, policyOf, redacted, type Redactor } from './Redactor';

/** An Estate and its inventory without names, and how a name of theirs was replaced. */
export interface RedactedPair {
  readonly estate: Estate;
  /** The text of a file. */
  readonly inventory: string;
  readonly nameFor: Change<string>;
}

/**
 * Replaces the names in an Estate and in its inventory, all files as one, by the same random names. A gate, a diagnosis and a comparison of the pair have the
 * same results.
 *
 * @returns the pair, or why there is none: a name of the inventory that cannot be replaced in the same way in both
 */
export function redactPair(estate: Estate, sources: ReadSources): RedactedPair | { readonly problem: string } {
  const loaded = checkSources(sources);
  const inventory = loaded.sound ?? EMPTY;
  const written = withLongNames({ version: 1, ...writtenIn(sources) }, inventory);
  const { result, redactor } = redacted(keptNames(estate, inventory), (redactor) => ({
    estate: redactEstate(redactor)(estate),
    written: redactInventory(redactor)(written),
  }));
  const yaml = `${REDACTED_HEAD}${stringify(result.written, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  const problem = problemOf(loaded, inventory, yaml, redactor);
  return problem === undefined ? { estate: result.estate, inventory: yaml, nameFor: redactor.text } : { problem };
}

const EMPTY: Inventory = { accounts: [], waves: [], environments: [] };

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
        'value' in part ? [part.value ?? []].flat().map((addon) => addon.name) : name,
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
 * What is wrong with a redacted inventory: a finding that the original has not, or a role whose name or policies are not those of the original with the
 * names replaced. That is so where a text is made of other names with nothing between them.
 */
function problemOf(
  before: LoadedInventory,
  inventory: Inventory,
  yaml: string,
  redactor: Redactor,
): string | undefined {
  const { source } = parseSource(yaml, 'inventory.yaml');
  if (source === undefined) return 'the inventory cannot be written as YAML';
  const after = checkSources({ sources: [source], findings: [], files: [source.file], complete: true });
  const known = new Map<string, number>();
  for (const { rule } of before.findings) known.set(rule, (known.get(rule) ?? 0) + 1);
  for (const { rule, path, message } of after.findings) {
    const left = (known.get(rule) ?? 0) - 1;
    if (left < 0) return `with other names the inventory has a finding that it does not have now: ${path}: ${message}`;
    known.set(rule, left);
  }
  const policy = policyOf(redactor);
  const found = rolesOf(after.sound ?? EMPTY);
  const different = rolesOf(inventory).find(({ arn, managedPolicies, trust, inline = NO_POLICY }, index) => {
    const {
      arn: name,
      managedPolicies: attached = [],
      trust: trusted = NO_POLICY,
      inline: own = NO_POLICY,
    } = found[index] ?? {};
    return (
      redactor.text(arn) !== name ||
      managedPolicies.map(redactor.text).join() !== attached.join() ||
      !sameMeaning(policy(trust), trusted) ||
      !sameMeaning(policy(inline), own)
    );
  });
  return (
    different &&
    `the role ${different.arn} or its policies have a text that is made of other names with nothing between them`
  );
}

const NO_POLICY: PolicyDocument = { Statement: [] };

function rolesOf(inventory: Inventory) {
  return inventory.environments.flatMap(({ key }) => {
    const { roles, targetRoles } = compile(inventory, key);
    return [...roles, ...targetRoles];
  });
}
