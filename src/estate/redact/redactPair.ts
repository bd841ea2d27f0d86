import { stringify } from 'yaml';
import { compile } from '../../blueprint/compile';
import type { Inventory } from '../../inventory/Inventory';
import { checkSources, type LoadedInventory, writtenIn } from '../../inventory/loadInventory';
import type { ReadSources } from '../../inventory/reading/readSources';
import { parseSource } from '../../inventory/source/parseSource';
import type { Estate } from '../Estate';
import { redactEstate } from './redactEstate';
import { redactInventory, withLongNames } from './redactInventory';
import { type Change, redacted } from './Redactor';

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
  const { result, text } = redacted(keptNames(estate, inventory), (redactor) => ({
    estate: redactEstate(redactor)(estate),
    written: redactInventory(redactor)(written),
  }));
  const yaml = `${HEAD}${stringify(result.written, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  const problem = problemOf(loaded, inventory, yaml, text);
  return problem === undefined ? { estate: result.estate, inventory: yaml, nameFor: text } : { problem };
}

const EMPTY: Inventory = { accounts: [], waves: [], environments: [] };

const HEAD = '# Redacted by podlift: the names are random, the same as in the Estate beside this file.\n';

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

/** Names that are made of others (`{environment}` in the middle of a word) must be the same in both; then the inventory has no finding that it had not. */
function problemOf(
  before: LoadedInventory,
  inventory: Inventory,
  yaml: string,
  text: Change<string>,
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
  const arns = (of: Inventory) =>
    of.environments.flatMap(({ key }) => {
      const { roles, targetRoles } = compile(of, key);
      return [...roles, ...targetRoles].map(({ arn }) => arn);
    });
  const wanted = arns(inventory);
  const found = arns(after.sound ?? EMPTY);
  const differing = wanted.find((arn, index) => text(arn) !== found[index]);
  return (
    differing &&
    `the role ${differing} has a name that podlift cannot replace: it is made of other names without a character between them`
  );
}
