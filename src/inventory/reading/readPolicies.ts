import { dirname, isAbsolute, join } from 'node:path';
import { errorAt, type Finding, mistake, type Segments } from '../Finding';
import { isMap, valueAt } from '../source/plainData';
import { parsePolicy, type PolicyFile } from '../source/parsePolicy';
import { findingIn, type Source } from '../source/Source';
import type { FileTree } from './FileTree';
import { READING_RULES } from './readingRules';

/** The policy files that a file of the inventory lists, by `policyKey`. */
export interface ReadPolicies {
  readonly policies: ReadonlyMap<string, PolicyFile>;
  readonly findings: readonly Finding[];
  /** The names of the files as findings show them. */
  readonly files: readonly string[];
}

/** What a policy file is known by: the file of the inventory that lists it, and its path there. */
export function policyKey(inventoryFile: string, written: string): string {
  return JSON.stringify([inventoryFile, written]);
}

/**
 * Reads the files of `resourcePolicies` in one file of the inventory, each once.
 *
 * @param path the path of that file: the policies are relative to its folder
 * @param isOutside whether a path leaves the folder that an inventory reads from
 */
export function readPolicies(
  source: Source,
  path: string,
  tree: FileTree,
  isOutside: (path: string) => boolean,
): ReadPolicies {
  const policies = new Map<string, PolicyFile>();
  const findings: Finding[] = [];
  const files = new Map<string, string>();
  for (const { written, at } of listed(source)) {
    const refuse = (message: string, hint: string): void => {
      findings.push(findingIn(source, errorAt(at, mistake(READING_RULES.resourcePolicy, message, hint))));
    };
    if (isAbsolute(written) || written.includes('\\') || /^[a-z]:/i.test(written)) {
      refuse(`"${written}" is not a relative path with /`, `Write it relative to the folder of ${source.file}.`);
      continue;
    }
    const reached = join(dirname(path), written);
    if (isOutside(reached)) {
      refuse(`"${written}" is outside the repository`, 'Move the policy into the repository.');
      continue;
    }
    const key = policyKey(source.file, written);
    if (files.has(key)) continue;
    const file = tree.shownPath(reached);
    files.set(key, file);
    const content = tree.exists(reached) ? tree.readText(tree.realPath(reached)) : undefined;
    if (content === undefined) {
      refuse(`there is no file ${file}`, `Correct the path. It is relative to the folder of ${source.file}.`);
      continue;
    }
    if (!('text' in content)) {
      refuse(content.message, 'Name a JSON file with a policy document.');
      continue;
    }
    const parsed = parsePolicy(content.text, file);
    if ('finding' in parsed) findings.push(parsed.finding);
    else policies.set(key, parsed);
  }
  return { policies, findings, files: [...files.values()] };
}

/** What the workloads of a file and their overrides list. */
function* listed({ data }: Source): Generator<{ readonly written: string; readonly at: Segments }> {
  for (const [key, workload] of entriesOf(data.workloads)) {
    yield* inField(workload, ['workloads', key]);
    for (const [environment, override] of entriesOf(valueAt(workload, ['overrides'])))
      yield* inField(override, ['workloads', key, 'overrides', environment]);
  }
}

function* inField(fields: unknown, path: Segments): Generator<{ readonly written: string; readonly at: Segments }> {
  const list = valueAt(fields, ['resourcePolicies']);
  if (!Array.isArray(list)) return;
  for (const [index, written] of list.entries())
    if (typeof written === 'string' && written !== '') yield { written, at: [...path, 'resourcePolicies', index] };
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isMap(value) ? Object.entries(value) : [];
}
